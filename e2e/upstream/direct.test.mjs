/** The double proves itself: the real client installs from each form with each kind of credentials. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { project } from '../composer.mjs';
import { expectInstalled } from '../expect.mjs';
import { AUTH_KINDS, FORM_NAMES, startUpstream } from './upstream.mjs';

const LAYOUTS = [...FORM_NAMES.map((form) => ({ form })), { form: 'metadata-url', minified: false }];

describe('the upstream of the tests', { concurrency: 2 }, () => {
  for (const layout of LAYOUTS) {
    for (const auth of AUTH_KINDS) {
      const name = layout.minified === false ? `${layout.form}, expanded` : layout.form;
      it(`serves the real client: ${name}, ${auth}`, () => installsDirectly({ ...layout, auth }));
    }
  }
});

async function installsDirectly(options) {
  const upstream = await startUpstream(options);
  try {
    upstream.publish({ name: 'acme/greeting', version: '2.0.0' });
    const newer = upstream.publish({ name: 'acme/greeting', version: '1.2.0', extraKeys: { autoload: undefined } });
    const older = upstream.publish({ name: 'acme/greeting', version: '1.0.0', type: 'tar' });
    const stable = upstream.publish({ name: 'acme/hello', version: '1.0.0', require: { 'acme/greeting': '~1.0.0' } });
    const branch = upstream.publish({ name: 'acme/hello', version: 'dev-feature/x', require: { 'acme/greeting': '^1.0' }, defaultBranch: true });
    const client = await project({ repositories: [upstream.repository], auth: upstream.composerAuth, require: { 'acme/hello': '^1.0' } });

    await client.succeed('update');
    for (const each of [stable, older]) await expectInstalled(client, each);

    await client.write({ 'acme/hello': 'dev-feature/x' });
    await client.succeed('update');
    for (const each of [branch, newer]) await expectInstalled(client, each);

    await assertRefusesStrangers(upstream, options.auth);
  } finally {
    await upstream.close();
  }
}

async function assertRefusesStrangers(upstream, auth) {
  const expected = auth === 'none' ? 200 : 401;
  const root = await fetch(`${upstream.url}/packages.json`);
  assert.equal(root.status, expected);
  const archive = await fetch(upstream.origin + upstream.asked('/dist/')[0]);
  assert.equal(archive.status, expected);
}
