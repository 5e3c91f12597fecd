/** What brokers have got wrong with archives: each seen in one, each shown not to be so here. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { distUrl, expectError, expectInstalled, expectOnlyOurUrls } from '../expect.mjs';
import { bytes, sha1, startScene } from './scene.mjs';

let mirror;
before(async () => {
  mirror = await startScene();
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);

describe('an archive', () => {
  it('R43: every address that is advertised, anywhere, can be loaded', async () => {
    const releases = ['1.0.0', '1.1.0', 'v2.0.0', '3.0.0-RC1'].map((version, i) => publish({ name: 'acme/all', version, type: i === 1 ? 'tar' : 'zip', reference: [undefined, null, 'v2/odd', undefined][i] }));
    for (const version of ['dev-main', 'dev-feature/x', '2.x-dev', 'dev-ünïcode']) releases.push(publish({ name: 'acme/all', version }));
    const served = [...(await mirror.versions('acme/all')), ...(await mirror.versions('acme/all~dev'))];
    assert.equal(served.length, releases.length);
    for (const { version, dist } of served) {
      const { sha1: right } = releases.find(({ metadata }) => metadata.version === version);
      assert.equal(sha1(await bytes(await mirror.get(dist.url))), right, version);
    }
    const { body } = await mirror.worker.api('GET', '/api/packages/acme/all');
    assert.equal(body.dists.length, releases.length);
    for (const { version, reference, type } of body.dists) {
      await bytes(await mirror.get(`/dist/acme/all/${encodeURIComponent(version)}/r${reference}.${type}`));
    }
  });

  it('R44: the archive of a branch that moved has another address and other bytes', async () => {
    const before = publish({ name: 'acme/moving', version: 'dev-main', reference: 'aa01' });
    const [old] = await mirror.versions('acme/moving~dev');
    const moved = publish({ name: 'acme/moving', version: 'dev-main', reference: 'aa02' });
    const [now] = await mirror.versions('acme/moving~dev');
    assert.notEqual(now.dist.url, old.dist.url);
    assert.equal(sha1(await bytes(await mirror.get(now.dist.url))), moved.sha1);
    assert.equal(sha1(await bytes(await mirror.get(old.dist.url))), before.sha1);
  });

  it('R45: an archive that is not what its upstream stated is neither stored nor served', async () => {
    publish({ name: 'acme/wrong', version: '1.0.0', shasum: 'wrong' });
    const [{ dist }] = await mirror.versions('acme/wrong');
    for (let i = 0; i < 2; i++) await expectError(await mirror.get(dist.url), 502);
    assert.deepEqual(await mirror.worker.sql("SELECT artifact FROM version WHERE package = 'acme/wrong'"), []);
    const stored = await mirror.worker.sql('SELECT artifact FROM version');
    assert.equal((await mirror.worker.objects('artifact/')).length, stored.length);
  });

  it('R46: an archive goes through piece by piece, and is never unpacked: 64 MB, and a bomb', async () => {
    const bomb = publish({ name: 'acme/bomb', version: '1.0.0', files: { 'zeros.bin': Buffer.alloc(64e6) } });
    const big = publish({ name: 'acme/big', version: '1.0.0', size: 64e6 });
    for (const release of [bomb, big]) {
      const [{ dist }] = await mirror.versions(release.metadata.name);
      const hash = createHash('sha1');
      for await (const chunk of (await mirror.get(dist.url)).body) hash.update(chunk);
      assert.equal(hash.digest('hex'), release.sha1);
    }
    const { body } = await mirror.worker.api('GET', '/api/health/details');
    assert.ok(body.counters.held_bytes_peak <= 40 << 20, `held ${body.counters.held_bytes_peak} bytes`);
  });

  it('R47: a branch with a slash in its name installs', async () => {
    const feature = publish({ name: 'acme/slashed', version: 'dev-feature/x' });
    const client = await mirror.project({ require: { 'acme/slashed': 'dev-feature/x' } });
    await client.succeed('update');
    await expectInstalled(client, feature);
    assert.equal((await client.locked('acme/slashed')).dist.url, distUrl(mirror, 'acme/slashed', 'dev-feature/x', feature.metadata.dist.reference));
  });

  it('R48: what we refuse cannot be had another way: no address of an upstream is in the lock', async () => {
    publish({ name: 'acme/strict', version: '1.0.0', source: true });
    const client = await mirror.project({ require: { 'acme/strict': '^1.0' } });
    await client.succeed('update', '--no-install');
    await expectOnlyOurUrls(client, mirror);
    mirror.upstream.removeArchives('acme/strict');
    const asked = mirror.upstream.requests.length;
    const output = await client.fail('install', '--prefer-source');
    assert.match(output, /410|any more/);
    const paths = mirror.upstream.requests.slice(asked).map(({ path }) => path);
    assert.ok(paths.every((path) => !path.includes('/git/')), paths.join(' '));
  });
});
