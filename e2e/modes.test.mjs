/** The two modes of an upstream with the real client: mirror survives us, rewrite lets nothing past us. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectInstalled } from './expect.mjs';
import { startMirror } from './mirror.mjs';

const REQUIRE = { 'acme/tool': '^1.0', 'acme/unnamed': '^1.0', 'acme/branch': 'dev-feature/x', 'acme/worded': '^1.0' };

async function scene(mode) {
  const mirror = await startMirror({ upstreams: [{ auth: 'none' }] });
  const { body } = await mirror.worker.api('GET', '/api/upstreams');
  await mirror.worker.api('PATCH', `/api/upstreams/${body.upstreams[0].id}`, { mode });
  const releases = [
    mirror.upstream.publish({ name: 'acme/tool', version: '1.0.0', source: true }),
    mirror.upstream.publish({ name: 'acme/unnamed', version: '1.0.0', reference: null }),
    mirror.upstream.publish({ name: 'acme/branch', version: 'dev-feature/x', source: true }),
    mirror.upstream.publish({ name: 'acme/worded', version: '1.0.0', reference: 'v1.0.0/final', type: 'tar' }),
  ];
  return { mirror, releases };
}

/** What the client itself asked the upstream for; our Worker has no User-Agent of Composer's. */
const askedByComposer = ({ upstream }) => upstream.requests.filter(({ headers }) => headers['user-agent']?.startsWith('Composer'));

describe('an upstream of mode mirror', () => {
  let mirror;
  let releases;
  let client;
  before(async () => {
    ({ mirror, releases } = await scene('mirror'));
  });
  after(() => mirror?.close());

  it('is installed from us, and its own URLs are in the lock', async () => {
    client = await mirror.project({ require: REQUIRE, config: { 'preferred-install': 'dist' } });
    await client.succeed('update');

    for (const release of releases) await expectInstalled(client, release);
    assert.deepEqual(askedByComposer(mirror), []);
    for (const { name, dist, source } of (await client.lock()).packages) {
      assert.ok(dist.url.startsWith(mirror.upstream.url), `expected a URL of the upstream for ${name} but found ${dist.url}`);
      assert.deepEqual(dist.mirrors, [{ url: `${mirror.url}/dist/%package%/%version%/r%reference%.%type%`, preferred: true }]);
      assert.equal(source === undefined, name !== 'acme/tool' && name !== 'acme/branch');
    }
  });

  it('is installed from us by a colleague while the upstream is down', async () => {
    const heal = mirror.upstream.fault('', ({ response }) => response.writeHead(503).end());
    const colleague = await client.checkout();
    await colleague.succeed('install');
    heal();
    for (const release of releases) await expectInstalled(colleague, release);
    assert.deepEqual(askedByComposer(mirror), []);
  });

  it('is installed from the upstream while we are down', async () => {
    await mirror.worker.close();
    const colleague = await client.checkout();
    await colleague.succeed('install');
    for (const release of releases) await expectInstalled(colleague, release);
    assert.equal(askedByComposer(mirror).length, releases.length);
  });
});

describe('an upstream of mode rewrite', () => {
  let mirror;
  let releases;
  before(async () => {
    ({ mirror, releases } = await scene('rewrite'));
  });
  after(() => mirror?.close());

  it('is never reached, whether we are there or not', async () => {
    const client = await mirror.project({ require: REQUIRE });
    await client.succeed('update');
    for (const release of releases) await expectInstalled(client, release);
    await mirror.worker.close();
    const colleague = await client.checkout();
    await colleague.fail('install');
    assert.deepEqual(askedByComposer(mirror), []);
    assert.ok(!(await client.lockText()).includes(mirror.upstream.host));
  });
});

describe('instances with upstreams of both modes', () => {
  it('fetch each archive of mode rewrite once, from the one URL it has', async () => {
    const mirror = await startMirror({ upstreams: [{ auth: 'none', patterns: ['acme/*'] }, { auth: 'none', patterns: ['open/*'] }] });
    try {
      const { body } = await mirror.worker.api('GET', '/api/upstreams');
      const open = body.upstreams.find(({ patterns }) => patterns[0] === 'open/*');
      await mirror.worker.api('PATCH', `/api/upstreams/${open.id}`, { mode: 'mirror' });
      const ours = mirror.upstreams[0].publish({ name: 'acme/tool', version: '1.0.0', source: true });
      const unnamed = mirror.upstreams[0].publish({ name: 'acme/unnamed', version: '1.0.0', reference: null });
      const theirs = mirror.upstreams[1].publish({ name: 'open/lib', version: '1.0.0' });
      const client = await mirror.project({ require: { 'acme/tool': '^1.0', 'acme/unnamed': '^1.0', 'open/lib': '^1.0' } });
      await client.succeed('update');
      for (const release of [ours, unnamed, theirs]) await expectInstalled(client, release);
      const { dist, source } = await client.locked('acme/tool');
      assert.ok(dist.url.startsWith(`${mirror.url}/dist/acme/tool/`));
      assert.equal(source, undefined);
      assert.ok(!JSON.stringify(await client.locked('acme/unnamed')).includes(mirror.upstreams[0].host));
    } finally {
      await mirror.close();
    }
  });
});
