/** A project that knows only our mirror: it updates, it locks, and it installs again on another machine. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { distUrl, expectInstalled, expectNoLeak, expectOnlyOurUrls } from './expect.mjs';
import { startMirror } from './mirror.mjs';

describe('installing through the mirror', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ auth: 'basic' }] });
  });
  after(() => mirror?.close());

  const publish = (description) => mirror.upstream.publish(description);

  it('updates a project and its dependencies', async () => {
    const greeting = publish({ name: 'acme/greeting', version: '1.2.0', source: true });
    publish({ name: 'acme/greeting', version: '2.0.0' });
    const hello = publish({ name: 'acme/hello', version: '1.0.0', require: { 'acme/greeting': '^1.0' } });
    const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });

    await client.succeed('update');

    await expectInstalled(client, hello);
    await expectInstalled(client, greeting);
    await expectOnlyOurUrls(client, mirror);
    const { dist } = await client.locked('acme/hello');
    assert.equal(dist.url, distUrl(mirror, 'acme/hello', '1.0.0.0', hello.metadata.dist.reference));
  });

  it('keeps what a version says of itself, of the newest as of the oldest', async () => {
    const extraKeys = { abandoned: 'acme/heir', support: { issues: 'https://example.com/issues' }, extra: { x: { y: [] } } };
    const oldest = publish({ name: 'acme/words', version: '1.0.0', extraKeys, require: { php: '>=5.3' } });
    publish({ name: 'acme/words', version: '1.1.0', extraKeys: { autoload: undefined } });
    const newest = publish({ name: 'acme/words', version: '1.2.0', extraKeys });

    const served = await mirror.versions('acme/words');

    for (const { metadata } of [oldest, newest]) {
      const found = served.find(({ version }) => version === metadata.version);
      for (const key of ['require', 'autoload', 'abandoned', 'support', 'extra', 'description', 'time', 'type']) {
        assert.deepEqual(found[key], metadata[key], `${key} of ${metadata.version}`);
      }
    }
  });

  it('installs from a lock on a machine with an empty cache, without the upstream', async () => {
    const warm = publish({ name: 'acme/warm', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/warm': '^1.0' } });
    await client.succeed('update');
    const asked = mirror.upstream.requests.length;

    const colleague = await client.checkout();
    await colleague.succeed('install');

    await expectInstalled(colleague, warm);
    assert.equal(mirror.upstream.requests.length, asked);
  });

  it('installs a branch', async () => {
    const main = publish({ name: 'acme/branch', version: 'dev-main', defaultBranch: true, extraKeys: { extra: { 'branch-alias': { 'dev-main': '1.x-dev' } } } });
    const client = await mirror.project({ require: { 'acme/branch': '1.x-dev' } });

    await client.succeed('update');

    await expectInstalled(client, main);
    await expectOnlyOurUrls(client, mirror);
  });

  it('installs a branch with a slash in its name', async () => {
    const feature = publish({ name: 'acme/slashed', version: 'dev-feature/x' });
    const client = await mirror.project({ require: { 'acme/slashed': 'dev-feature/x' } });

    await client.succeed('update');

    await expectInstalled(client, feature);
    const { dist } = await client.locked('acme/slashed');
    assert.equal(dist.url, distUrl(mirror, 'acme/slashed', 'dev-feature/x', feature.metadata.dist.reference));
  });

  it('offers the oldest versions to --prefer-lowest', async () => {
    const [lowest, , highest] = ['1.0.0', '1.1.0', '1.2.0'].map((version) => publish({ name: 'acme/ladder', version }));
    const client = await mirror.project({ require: { 'acme/ladder': '^1.0' } });

    await client.succeed('update', '--prefer-lowest');
    await expectInstalled(client, lowest);

    await client.succeed('update');
    await expectInstalled(client, highest);
  });

  it('installs a version without a reference, and again from the lock', async () => {
    const unnamed = publish({ name: 'acme/unreferenced', version: '1.0.0', reference: null });
    const client = await mirror.project({ require: { 'acme/unreferenced': '^1.0' } });

    await client.succeed('update');

    await expectInstalled(client, unnamed);
    const { dist } = await client.locked('acme/unreferenced');
    assert.match(dist.url, /\/dist\/acme\/unreferenced\/1\.0\.0\.0\/rn[0-9a-f]{16}\.zip$/);
    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, unnamed);
  });

  it('installs a version whose reference is no hash', async () => {
    const named = publish({ name: 'acme/named', version: '1.0.0', reference: 'v1.0.0/final' });
    const client = await mirror.project({ require: { 'acme/named': '^1.0' } });

    await client.succeed('update');

    await expectInstalled(client, named);
    const { dist } = await client.locked('acme/named');
    assert.equal(dist.url, distUrl(mirror, 'acme/named', '1.0.0.0', 'v1.0.0/final'));
  });

  it('installs from a tar archive', async () => {
    const tarred = publish({ name: 'acme/tarred', version: '1.0.0', type: 'tar' });
    const client = await mirror.project({ require: { 'acme/tarred': '^1.0' } });

    await client.succeed('update');

    await expectInstalled(client, tarred);
    const { dist } = await client.locked('acme/tarred');
    assert.equal(dist.url, distUrl(mirror, 'acme/tarred', '1.0.0.0', tarred.metadata.dist.reference, 'tar'));
  });

  it('installs an archive that is larger than one part of an upload', async () => {
    const large = publish({ name: 'acme/large', version: '1.0.0', size: 12 << 20 });
    const client = await mirror.project({ require: { 'acme/large': '^1.0' } });

    await client.succeed('update');

    await expectInstalled(client, large);
  });

  it('updates 100 packages at once', async () => {
    const releases = Array.from({ length: 100 }, (_, i) => publish({ name: `crowd/p${i}`, version: '1.0.0' }));
    const client = await mirror.project({ require: Object.fromEntries(releases.map(({ metadata }) => [metadata.name, '^1.0'])) });

    await client.succeed('update');

    for (const each of releases) await expectInstalled(client, each);
    await expectOnlyOurUrls(client, mirror);
  });

  it('has shown nobody the credentials of others', () => expectNoLeak(mirror));
});

describe('installing from an upstream that tells no lengths', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ chunked: true }] });
  });
  after(() => mirror?.close());

  for (const size of [0, 12 << 20]) {
    it(`stores and serves an archive of ${size >> 20} MiB and a little`, async () => {
      const streamed = mirror.upstream.publish({ name: `acme/streamed-${size >> 20}`, version: '1.0.0', size });
      const client = await mirror.project({ require: { [streamed.metadata.name]: '^1.0' } });
      await client.succeed('update');
      await expectInstalled(client, streamed);
    });
  }
});
