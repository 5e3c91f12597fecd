/** Whole flows with the real client, and locks that last. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { clientVersion, project } from '../composer.mjs';
import { expectInstalled, expectOnlyOurUrls } from '../expect.mjs';
import { comparable } from '../graph/comparable.mjs';
import { universe } from '../graph/universe.mjs';
import { newSecrets } from '../instance.mjs';
import { startMirror } from '../mirror.mjs';
import { startUpstream } from '../upstream/upstream.mjs';
import { startWorker } from '../worker.mjs';
import { freePort } from '../wrangler-dev.mjs';

const SEED = 86;
const words = (lock) => lock.packages.map(({ name, version, dist }) => [name, version, dist.reference, dist.shasum]);

describe('a whole flow', () => {
  it('P84: update, install on a new and on the same machine, require, outdated, show, search, audit, create-project, --prefer-source, --prefer-lowest', async () => {
    const [major, minor] = await clientVersion();
    const mirror = await startMirror({ upstreams: [{ auth: 'basic' }] });
    try {
      for (const version of ['1.0.0', '1.1.0']) mirror.upstream.publish({ name: 'acme/greeting', version });
      const hello = mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0', require: { 'acme/greeting': '^1.0' } });
      const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
      await client.succeed('update');
      const colleague = await client.checkout();
      await colleague.succeed('install');
      await expectInstalled(colleague, hello);
      await colleague.removeVendor();
      await colleague.succeed('install');
      for (const args of [['update', 'mirrors'], ['require', 'acme/greeting:^1.0'], ['outdated'], ['show', '-a', 'acme/hello'], ['search', 'hello'], ['update', '--prefer-lowest'], ['update', '--prefer-source']]) {
        await colleague.succeed(...args);
      }
      if (major > 2 || minor >= 4) await colleague.succeed('audit');
      assert.equal((await colleague.locked('acme/greeting')).version, '1.1.0');
      await expectOnlyOurUrls(colleague, mirror);
      await colleague.succeed('create-project', '--no-install', 'acme/hello', 'made', `--repository=${JSON.stringify({ type: 'composer', url: mirror.url })}`, '--no-secure-http');
    } finally {
      await mirror.close();
    }
  });
});

describe('a lock', () => {
  it('P85: a lock made directly installs unchanged through us after update mirrors; made through us it installs after a 304, after we forgot, and after a restore', async () => {
    const upstream = await startUpstream({ auth: 'basic' });
    const folder = await mkdtemp(join(tmpdir(), 'state-'));
    const options = { upstreams: [upstream], secrets: newSecrets(), port: await freePort() };
    let worker;
    try {
      for (const version of ['1.0.0', '1.1.0']) upstream.publish({ name: 'acme/greeting', version });
      upstream.publish({ name: 'acme/hello', version: '1.0.0', require: { 'acme/greeting': '1.0.0' } });
      const require = { 'acme/hello': '^1.0' };
      const directly = await project({ repositories: [upstream.repository], auth: upstream.composerAuth, require });
      await directly.succeed('update', '--no-install');

      worker = await startWorker({ ...options, state: join(folder, 'first') });
      await worker.setup();
      await worker.addUpstream(upstream, { name: 'private' });
      const { token } = await worker.createToken();
      const client = await worker.project({ token, require, lock: await directly.lock() });
      await client.succeed('update', 'mirrors');
      assert.deepEqual(words(await client.lock()), words(await directly.lock()));
      await client.succeed('install');
      await client.succeed('update');
      await client.succeed('update'); // nothing but 304
      assert.deepEqual(words(await client.lock()), words(await directly.lock()));
      await (await client.checkout()).succeed('install');

      await worker.close();
      await cp(join(folder, 'first'), join(folder, 'backup'), { recursive: true });
      await rm(join(folder, 'first'), { recursive: true });
      await upstream.close();
      worker = await startWorker({ ...options, state: join(folder, 'backup') });
      const restored = await client.checkout();
      await restored.succeed('install');
      assert.equal((await restored.installed('acme/greeting')).version, '1.0.0');
    } finally {
      await worker?.close();
      await upstream.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('P86: the lock of a large project is the same through us as directly, but for where bytes come from', async () => {
    const { packages, project: wanted } = universe(SEED);
    const mirror = await startMirror({ upstreams: [{ packages }], vars: { FRESH_SECONDS: '300' } });
    try {
      const through = await mirror.project(wanted);
      const directly = await project({ ...wanted, repositories: [mirror.upstream.repository] });
      for (const client of [through, directly]) await client.succeed('update', '--no-install');
      assert.ok((await through.lock()).packages.length >= 60);
      assert.deepEqual(comparable(await through.lock()), comparable(await directly.lock()));
    } finally {
      await mirror.close();
    }
  });
});
