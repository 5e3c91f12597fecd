/** Every form of upstream with every kind of credentials, all behind one instance. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectInstalled, expectNoLeak, expectOnlyOurUrls } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { AUTH_KINDS, FORM_NAMES } from './upstream/upstream.mjs';

const LAYOUTS = [
  ...FORM_NAMES.map((form) => ({ name: form, form })),
  { name: 'expanded', form: 'metadata-url', minified: false },
  { name: 'open-archives', form: 'metadata-url', distAuth: false },
];
const COMBINATIONS = LAYOUTS.flatMap((layout) => AUTH_KINDS.map((auth) => ({ ...layout, auth, vendor: `${layout.name}-${auth}` })));

describe('upstreams of all kinds', { concurrency: 2 }, () => {
  let mirror;
  let published;
  before(async () => {
    mirror = await startMirror({ upstreams: COMBINATIONS.map((each) => ({ ...each, name: each.vendor, patterns: [`${each.vendor}/*`] })) });
    published = new Map(COMBINATIONS.map(({ vendor }, i) => [vendor, publishAll(mirror.upstreams[i], vendor)]));
  });
  after(() => mirror?.close());

  for (const { name, auth, vendor } of COMBINATIONS) {
    it(`are mirrored: ${name}, ${auth}`, async () => {
      const { hello, greeting, branch } = published.get(vendor);
      const client = await mirror.project({ require: { [`${vendor}/hello`]: '^1.0', [`${vendor}/branch`]: 'dev-feature/x' } });

      await client.succeed('update');

      for (const each of [hello, greeting, branch]) await expectInstalled(client, each);
      await expectOnlyOurUrls(client, mirror);
    });
  }
});

describe('upstreams of several kinds in one project', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({
      upstreams: [
        { form: 'metadata-url', auth: 'basic', patterns: ['modern/*'] },
        { form: 'provider-includes', auth: 'header', patterns: ['elder/*'] },
        { form: 'inline', auth: 'bearer', patterns: ['*'], priority: 20 },
      ],
    });
  });
  after(() => mirror?.close());

  it('depend on each other', async () => {
    const [modern, elder, rest] = mirror.upstreams;
    const releases = [
      modern.publish({ name: 'modern/top', version: '1.0.0', require: { 'elder/middle': '^2.0' } }),
      elder.publish({ name: 'elder/middle', version: '2.1.0', require: { 'any/bottom': '*' } }),
      rest.publish({ name: 'any/bottom', version: '0.3.0' }),
    ];
    const client = await mirror.project({ require: { 'modern/top': '^1.0' } });

    await client.succeed('update');

    for (const each of releases) await expectInstalled(client, each);
    await expectOnlyOurUrls(client, mirror);
    expectNoLeak(mirror);
  });

  it('are asked for their own names only', () => {
    const [modern, elder, rest] = mirror.upstreams;
    assert.deepEqual([...modern.asked('elder/'), ...modern.asked('any/'), ...elder.asked('modern/'), ...elder.asked('any/')], []);
    assert.deepEqual([...rest.asked('modern/'), ...rest.asked('elder/')], []);
  });
});

function publishAll(upstream, vendor) {
  // Not the newest: in a minified file, what an older version says has to be put together first.
  upstream.publish({ name: `${vendor}/greeting`, version: '1.2.0', extraKeys: { autoload: undefined } });
  return {
    greeting: upstream.publish({ name: `${vendor}/greeting`, version: '1.0.0' }),
    hello: upstream.publish({ name: `${vendor}/hello`, version: '1.0.0', require: { [`${vendor}/greeting`]: '~1.0.0' } }),
    branch: upstream.publish({ name: `${vendor}/branch`, version: 'dev-feature/x' }),
  };
}
