/** Archives: an address means the same bytes for ever, and only to who may have them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expectError, expectInstalled } from '../expect.mjs';
import { basic } from '../instance.mjs';
import { faults } from '../upstream/upstream.mjs';
import { bytes, json, sha1, startScene } from './scene.mjs';

let mirror;
before(async () => {
  mirror = await startScene();
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);
const first = async (name) => (await mirror.versions(name))[0];

describe('an archive', () => {
  it('P49: the address of an archive holds the reference, and has the same bytes whatever happens upstream', async () => {
    const before = publish({ name: 'acme/fixed', version: '1.0.0', reference: 'aa01' });
    const { dist } = await first('acme/fixed');
    assert.ok(dist.url.includes('aa01'));
    const body = await bytes(await mirror.get(dist.url));
    assert.equal(sha1(body), before.sha1);
    publish({ name: 'acme/fixed', version: '1.0.0', reference: 'aa01' });
    await mirror.versions('acme/fixed');
    mirror.upstream.removeArchives('acme/fixed');
    mirror.upstream.remove('acme/fixed');
    await mirror.get('/p2/acme/fixed.json').then((answer) => answer.arrayBuffer());
    assert.deepEqual(await bytes(await mirror.get(dist.url)), body);
  });

  it('P50: shasum is that of the bytes, or empty as long as nobody has them, and never another', async () => {
    const made = publish({ name: 'acme/summed', version: '1.0.0', shasum: 'none' });
    const before = await first('acme/summed');
    assert.equal(before.dist.shasum, '');
    await bytes(await mirror.get(before.dist.url));
    publish({ name: 'acme/summed', version: '1.1.0', shasum: 'right' });
    const [stated, filled] = await mirror.versions('acme/summed');
    assert.equal(filled.dist.shasum, made.sha1);
    assert.equal(stated.dist.shasum, sha1(await bytes(await mirror.get(stated.dist.url))));
    assert.deepEqual([filled.dist.url, filled.dist.reference], [before.dist.url, before.dist.reference]);
  });

  it('P51: the address that a client makes of the mirror template leads to the archive, whatever reference, version and type', async () => {
    const open = mirror.upstreams[1];
    const { body: list } = await mirror.worker.api('GET', '/api/upstreams');
    const { id } = list.upstreams.find(({ url }) => url === open.url);
    assert.equal((await mirror.worker.api('PATCH', `/api/upstreams/${id}`, { mode: 'mirror' })).status, 200);
    const releases = [
      { version: '1.0.0' },
      { version: '1.1.0', reference: 'v1.1.0/final' },
      { version: '1.2.0', reference: null },
      { version: '1.3.0', type: 'tar' },
      { version: 'dev-feature/x' },
    ].map((release) => open.publish({ name: 'open/templated', ...release }));
    const served = [...(await mirror.versions('open/templated')), ...(await mirror.versions('open/templated~dev'))];
    for (const { metadata, sha1: right } of releases) {
      const version = served.find((each) => each.version === metadata.version);
      assert.equal(version.dist.url, metadata.dist.url);
      const [preferred] = version.dist.mirrors ?? (await json(await mirror.get('/packages.json'))).mirrors.map((each) => ({ url: each['dist-url'], preferred: each.preferred }));
      assert.equal(preferred.preferred, true);
      assert.equal(sha1(await bytes(await mirror.get(filled(preferred.url, version)))), right, metadata.version);
    }
  });

  it('P52: an archive that was taken back, or tagged again, is still there under its old reference', async () => {
    const taken = publish({ name: 'acme/taken', version: '1.0.0' });
    publish({ name: 'acme/taken', version: '2.0.0' });
    const urls = (await mirror.versions('acme/taken')).map(({ dist }) => dist.url);
    mirror.upstream.remove('acme/taken', '1.0.0');
    assert.equal((await mirror.versions('acme/taken')).length, 1);
    assert.equal(sha1(await bytes(await mirror.get(urls[1]))), taken.sha1);
    const moved = publish({ name: 'acme/moved', version: 'dev-main', reference: 'aa02' });
    const [{ dist }] = await mirror.versions('acme/moved~dev');
    publish({ name: 'acme/moved', version: 'dev-main', reference: 'aa03' });
    assert.equal((await mirror.versions('acme/moved~dev'))[0].dist.reference, 'aa03');
    assert.equal(sha1(await bytes(await mirror.get(dist.url))), moved.sha1);
  });

  it('P55: an archive that is refused says why, as Composer prints it, and there is no way around', async () => {
    publish({ name: 'acme/gone', version: '1.0.0', source: true });
    const version = await first('acme/gone');
    assert.equal(version.source, undefined);
    assert.equal(version.dist.mirrors, undefined);
    mirror.upstream.removeArchives('acme/gone');
    const answer = await mirror.get(version.dist.url);
    assert.equal(answer.status, 410);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.ok((await answer.json()).warning.length > 10);
    const client = await mirror.project({ require: { 'acme/gone': '^1.0' } });
    assert.match(await client.fail('update'), /any more/);
  });

  it('P56: what will not change is a 4xx, what may is a 5xx that clients try again, and nothing is a 500', async () => {
    publish({ name: 'acme/lost', version: '1.0.0' });
    publish({ name: 'acme/later', version: '1.0.0' });
    const [lost, later] = [await first('acme/lost'), await first('acme/later')];
    mirror.upstream.removeArchives('acme/lost');
    await expectError(await mirror.get(lost.dist.url), 410);
    await expectError(await mirror.get(lost.dist.url.replace('/1.0.0.0/', '/1.0.0.1/')), 404);
    await expectError(await mirror.get('/dist/acme/lost/1.0.0.0/x.zip'), 404);
    const heal = mirror.upstream.fault('/dist/acme-later', faults.status(503));
    await expectError(await mirror.get(later.dist.url), 503);
    heal();
    await bytes(await mirror.get(later.dist.url));
  });

  it('P57: an archive comes with its length, is an archive with one folder at its top, and no web page', async () => {
    const files = { 'a/b.txt': 'x', 'README.md': 'y' };
    publish({ name: 'acme/whole', version: '1.0.0', files });
    publish({ name: 'acme/page', version: '1.0.0' });
    mirror.upstream.fault('/dist/acme-page', faults.html());
    const answer = await mirror.get((await first('acme/whole')).dist.url);
    const length = Number(answer.headers.get('content-length'));
    const body = await bytes(answer);
    assert.equal(length, body.length);
    const names = listZip(body);
    assert.deepEqual([...new Set(names.map((name) => name.split('/')[0]))], ['package']);
    assert.ok(names.includes('package/a/b.txt'));
    await expectError(await mirror.get((await first('acme/page')).dist.url), 502);
  });

  it('P58: an old client can load an archive: one without curl, over connections that close', async () => {
    const release = publish({ name: 'acme/simple', version: '1.0.0' });
    const { dist } = await first('acme/simple');
    const answer = await overSocket(new URL(dist.url).pathname);
    assert.match(answer.head, /^HTTP\/1\.1 200/);
    assert.equal(sha1(answer.body), release.sha1);
    const client = await mirror.project({ require: { 'acme/simple': '^1.0' }, php: ['-d', 'disable_functions=curl_multi_init'] });
    await client.succeed('update');
    await expectInstalled(client, release);
  });

  it('P59: a token for other packages gets the 404 of what is not there, none gets 401', async () => {
    publish({ name: 'acme/secret', version: '1.0.0' });
    const { dist } = await first('acme/secret');
    await bytes(await mirror.get(dist.url));
    const { token } = await mirror.worker.createToken({ patterns: ['other/*'] });
    const hidden = await expectError(await mirror.worker.get(dist.url, token), 404);
    const absent = await expectError(await mirror.worker.get(dist.url.replace('secret', 'absent'), token), 404);
    assert.equal(hidden.code, absent.code);
    await expectError(await mirror.worker.get(dist.url), 401);
  });

  it('P60: an archive lies on the host of the repository, so that one credential opens both', async () => {
    publish({ name: 'acme/near', version: '1.0.0' });
    const { dist } = await first('acme/near');
    assert.equal(new URL(dist.url).host, new URL(mirror.url).host);
    assert.equal((await mirror.get(dist.url)).status, 200);
  });

  it('P61: a client may keep an archive for ever, a shared cache may not', async () => {
    publish({ name: 'acme/kept', version: '1.0.0' });
    const answer = await mirror.get((await first('acme/kept')).dist.url);
    await bytes(answer);
    assert.match(answer.headers.get('cache-control'), /^private, max-age=\d+, immutable$/);
  });

  it('P62: an archive of 100 MB goes through piece by piece', async () => {
    const big = publish({ name: 'acme/big', version: '1.0.0', size: 100e6 });
    const answer = await mirror.get((await first('acme/big')).dist.url);
    const hash = createHash('sha1');
    for await (const chunk of answer.body) hash.update(chunk);
    assert.equal(hash.digest('hex'), big.sha1);
    const { body } = await mirror.worker.api('GET', '/api/health/details');
    assert.ok(body.counters.held_bytes_peak <= 40 << 20, `held ${body.counters.held_bytes_peak} bytes`);
  });
});

/** Does what Composer does with the template of a mirror. */
function filled(template, { name, version, version_normalized: normalized, dist }) {
  const md5 = (text) => createHash('md5').update(text).digest('hex');
  const reference = dist.reference === null || dist.reference === undefined || /^[a-f0-9]*$/.test(dist.reference) ? (dist.reference ?? '') : md5(dist.reference);
  const values = { package: name, version: normalized.includes('/') ? md5(normalized) : normalized, reference, type: dist.type, prettyVersion: version };
  return template.replace(/%(\w+)%/g, (_, word) => values[word]);
}

function listZip(body) {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  try {
    writeFileSync(join(folder, 'it.zip'), body);
    execFileSync('unzip', ['-tq', 'it.zip'], { cwd: folder });
    return execFileSync('unzip', ['-Z1', 'it.zip'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Speaks HTTP/1.1 by hand, as PHP's stream wrapper does, on a connection for one request. */
async function overSocket(path) {
  const { hostname, port, host } = new URL(mirror.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${basic(mirror.reader)}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`);
  const all = Buffer.concat(await Array.fromAsync(socket));
  const end = all.indexOf('\r\n\r\n');
  return { head: all.subarray(0, end).toString(), body: all.subarray(end + 4) };
}
