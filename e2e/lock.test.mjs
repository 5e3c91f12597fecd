/** A lock that was made against its upstreams directly is moved to us: scripts/lock-doctor, with the real client. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectInstalled, expectOnlyOurUrls } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { project } from './composer.mjs';

const DOCTOR = fileURLToPath(new URL('../scripts/lock-doctor', import.meta.url));

let mirror;
before(async () => {
  mirror = await startMirror({ upstreams: [{ auth: 'bearer', patterns: ['acme/*'] }, { auth: 'none', patterns: ['*'], priority: 100 }] });
});
after(() => mirror?.close());

/** Makes a project that knows the upstreams and not us. */
const direct = (options) =>
  project({
    repositories: mirror.upstreams.map(({ repository }) => repository),
    auth: Object.assign({}, ...mirror.upstreams.map(({ composerAuth }) => composerAuth)),
    ...options,
  });

async function doctor(client, args = [], { url, reader } = mirror) {
  const child = spawn(DOCTOR, [join(client.path, 'composer.lock'), '--url', url, ...args], {
    env: { PATH: process.env.PATH, HOME: client.path, PACKAGE_BROKER_TOKEN: reader },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('a lock that was made elsewhere', () => {
  let client;
  let releases;
  let before;

  it('is examined, and left as it is', async () => {
    const [acme, open] = mirror.upstreams;
    releases = [
      acme.publish({ name: 'acme/app', version: '1.0.0', require: { 'open/lib': '^1.0', 'acme/branch': 'dev-feature/x' }, source: true }),
      acme.publish({ name: 'acme/branch', version: 'dev-feature/x', source: true }),
      acme.publish({ name: 'acme/unnamed', version: '1.0.0', reference: null }),
      open.publish({ name: 'open/lib', version: '1.2.0', source: true }),
    ];
    client = await direct({ require: { 'acme/app': '^1.0', 'acme/branch': 'dev-feature/x', 'acme/unnamed': '^1.0' }, config: { 'preferred-install': 'dist' } });
    await client.succeed('update');
    before = await client.lockText();
    assert.match(before, new RegExp(mirror.upstreams[0].host));

    const { code, output } = await doctor(client);

    assert.equal(code, 1, output);
    assert.match(output, /acme\/app 1\.0\.0\n {2}fixed .*\n/);
    assert.match(output, /4 packages, 4 from us; 4 put right, 0 in need of attention, 0 not checked/);
    assert.equal(await client.lockText(), before);
  });

  it('is written anew, with its references and hashes as they were', async () => {
    const { code, output } = await doctor(client, ['--write']);

    assert.equal(code, 0, output);
    assert.equal(await readFile(join(client.path, 'composer.lock.bak'), 'utf8'), before);
    assert.deepEqual((await readdir(client.path)).filter((name) => name.endsWith('.new')), []);
    const old = JSON.parse(before);
    const fresh = await client.lock();
    assert.equal(fresh['content-hash'], old['content-hash']);
    for (const [i, each] of old.packages.entries()) {
      const { dist, source, ...rest } = each;
      const { dist: ours, ...others } = fresh.packages[i];
      assert.deepEqual({ ...ours, url: dist.url }, dist);
      delete rest['transport-options'];
      assert.deepEqual(others, rest);
    }
  });

  it('installs with our credentials alone, and again while the upstreams are down', async () => {
    const moved = await mirror.project({ require: { 'acme/app': '^1.0', 'acme/branch': 'dev-feature/x', 'acme/unnamed': '^1.0' } });
    await writeFile(join(moved.path, 'composer.lock'), await client.lockText());
    await expectOnlyOurUrls(moved, mirror);
    await moved.succeed('install');
    for (const upstream of mirror.upstreams) await upstream.close();

    const colleague = await moved.checkout();
    await colleague.succeed('install');

    for (const release of releases) await expectInstalled(colleague, release);
  });

  it('needs nothing more', async () => {
    const { code, output } = await doctor(client);
    assert.equal(code, 0, output);
  });
});

describe('a lock with secrets', () => {
  it('is found out and cleaned, and the doctor never repeats one', async () => {
    const other = await startMirror({ upstreams: [{ auth: 'header' }] });
    try {
      other.upstream.publish({ name: 'acme/secret', version: '1.0.0' });
      const client = await project({ repositories: [other.upstream.repository], auth: other.upstream.composerAuth, require: { 'acme/secret': '^1.0' } });
      await client.succeed('update');
      const header = (await client.locked('acme/secret'))['transport-options'].http.header;
      const secret = String(header).split(': ')[1];

      const { code, output } = await doctor(client, ['--write'], other);

      assert.equal(code, 0, output);
      assert.match(output, /transport-options held a secret: header/);
      assert.ok(!output.includes(secret));
      assert.ok(!(await client.lockText()).includes(secret));
    } finally {
      await other.close();
    }
  });
});

describe('a doctor that cannot look', () => {
  it('says why and changes nothing', async () => {
    const client = await mirror.project({ require: {} });
    assert.deepEqual((await doctor(client)).code, 2);
    await writeFile(join(client.path, 'composer.lock'), '{"packages":[]}');
    const { code, output } = await doctor(client, ['--write'], { url: mirror.url, reader: 'nonsense' });
    assert.equal(code, 2);
    assert.match(output, /answered 401: the token is unknown/);
  });
});
