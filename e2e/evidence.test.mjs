/** An incident and an audit, seen from outside: freeze, revocation by filters, a review, and the evidence pack. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectInstalled } from './expect.mjs';
import { startMirror } from './mirror.mjs';

const SCRIPT = fileURLToPath(new URL('../scripts/evidence', import.meta.url));

describe('in an incident', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ auth: 'basic' }] });
  });
  after(() => mirror?.close());

  const api = (method, path, body, token) => mirror.worker.api(method, path, body, token);

  it('a lock installs on a new machine while the instance is frozen, and nobody sees what is new', async () => {
    const warm = mirror.upstream.publish({ name: 'acme/warm', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/warm': '^1.0' } });
    await client.succeed('update');
    assert.equal((await api('POST', '/api/freeze', { reason: 'an account was taken over' })).status, 200);
    mirror.upstream.publish({ name: 'acme/warm', version: '1.1.0' });
    const asked = mirror.upstream.requests.length;

    const colleague = await client.checkout();
    await colleague.succeed('install');
    const output = await client.succeed('update');

    await expectInstalled(colleague, warm);
    await expectInstalled(client, warm);
    assert.match(output, /frozen because of an incident.*an account was taken over/s);
    assert.equal(mirror.upstream.requests.length, asked);
    assert.equal((await api('DELETE', '/api/freeze')).status, 204);
    await client.succeed('update');
    assert.equal((await client.locked('acme/warm')).version, '1.1.0');
  });

  it('tokens are revoked by filters with what was made with them', async () => {
    const maker = (await api('POST', '/api/tokens', { name: 'maker', role: 'admin', patterns: ['*'], owner: 'ann' })).body;
    const child = (await api('POST', '/api/tokens', { name: 'child', kind: 'read', patterns: ['acme/*'] }, maker.token)).body;
    const dry = await api('POST', '/api/tokens/revoke', { owner: 'ann', dry_run: true });
    assert.deepEqual(dry.body.tokens.map(({ id }) => id).sort(), [maker.id, child.id].sort());
    assert.equal((await mirror.worker.get('/packages.json', child.token)).status, 200);
    assert.equal((await api('POST', '/api/tokens/revoke', { owner: 'ann' })).body.revoked, 2);
    assert.equal((await mirror.worker.get('/packages.json', child.token)).status, 401);
    assert.equal((await api('POST', '/api/tokens/revoke', { all: true })).body.kept.own, 1);
    assert.equal((await api('GET', '/api/tokens')).status, 200);
  });

  it('every answer keeps a browser in bounds', async () => {
    const { token } = await mirror.worker.createToken();
    const { body } = await api('GET', '/p2/acme/warm.json');
    const dist = new URL(body.packages['acme/warm'][0].dist.url).pathname;
    for (const [path, status] of [['/packages.json', 200], ['/p2/acme/warm.json', 200], [dist, 200], ['/p2/acme/none.json', 404], ['/api/tokens', 403]]) {
      const response = await mirror.worker.get(path, token, { origin: 'https://evil.example.net' });
      await response.arrayBuffer();
      assert.equal(response.status, status, path);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
      assert.match(response.headers.get('content-security-policy'), /^default-src 'none'; frame-ancestors 'none'/, path);
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer', path);
      assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin', path);
      assert.equal(response.headers.get('access-control-allow-origin'), null, path);
      assert.match(response.headers.get('vary'), /Authorization/, path);
    }
    const archive = await mirror.worker.get(dist, token);
    await archive.arrayBuffer();
    assert.match(archive.headers.get('content-security-policy'), /sandbox$/);
    assert.equal(archive.headers.get('content-disposition'), 'attachment');
  });
});

describe('an auditor', () => {
  let mirror;
  let folder;
  let auditor;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}] });
    folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    mirror.upstream.publish({ name: 'acme/seen', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/seen': '^1.0' } });
    await client.succeed('update');
    const { id } = (await mirror.worker.api('POST', '/api/reviews', {})).body;
    const { entries } = (await mirror.worker.api('GET', `/api/reviews/${id}`)).body;
    const decisions = entries.map(({ was }) => ({ item: was.item, id: was.id, decision: 'keep' }));
    assert.equal((await mirror.worker.api('POST', `/api/reviews/${id}/decisions`, { decisions })).status, 200);
    assert.equal((await mirror.worker.api('POST', `/api/reviews/${id}/close`, {})).status, 200);
    auditor = (await mirror.worker.api('POST', '/api/tokens', { name: 'auditor', role: 'auditor', patterns: ['*'] })).body.token;
  });
  after(async () => {
    await mirror?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function gather(name, ...more) {
    const env = { ...process.env, PACKAGE_BROKER_URL: mirror.worker.url, PACKAGE_BROKER_TOKEN: auditor };
    const { status, stdout, stderr } = spawnSync(SCRIPT, [join(folder, name), ...more], { encoding: 'utf8', env });
    return { status, output: stdout + stderr, read: (file) => readFileSync(join(folder, name, file), 'utf8') };
  }

  // The child must not stop this process from answering: the upstream lives in it, but nothing of the pack asks it.
  it('takes everything along with one command, and its proofs hold', () => {
    const drills = mkdtempSync(join(folder, 'drills-'));
    writeFileSync(join(drills, 'drill.json'), '{"rto_seconds": 12}');
    const pack = gather('pack', '--drills', drills);
    assert.doesNotMatch(pack.output, /WRONG/);
    const summary = JSON.parse(pack.read('summary.json'));
    assert.deepEqual(summary.failed, []);
    const withoutKeys = summary.missing.filter((text) => !text.includes('/api/keys'));
    assert.deepEqual(withoutKeys, [], pack.output);
    assert.equal(pack.status, summary.missing.length === 0 ? 0 : 2, pack.output);
    assert.match(pack.read('audit/verification.txt'), /all is well\nexit status 0/);
    const { routes } = JSON.parse(pack.read('access/matrix.json'));
    assert.deepEqual(routes.find(({ path }) => path === '/api/reviews').roles, ['owner', 'admin', 'auditor']);
    assert.deepEqual(JSON.parse(pack.read('ledger/versions.json')).versions.map((one) => one.package), ['acme/seen']);
    assert.equal(JSON.parse(pack.read('reviews/index.json')).reviews.length, 1);
    assert.match(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: join(folder, 'pack'), encoding: 'utf8' }), /drills\/drill\.json: OK/);
    for (const secret of [auditor, mirror.worker.admin]) {
      assert.equal(spawnSync('grep', ['-rqF', secret, join(folder, 'pack')]).status, 1, 'no token is in it');
    }
  });

  it('is told when what was signed is not what is shown', async () => {
    const key = 'package.broker/audit+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const pack = gather('forged', '--key', key);
    assert.equal(pack.status, 1, pack.output);
    assert.match(pack.output, /WRONG the audit log was tampered with/);
  });

  it('is told what is in the way', () => {
    assert.match(gather('pack').output, /is there already/);
    const { status } = spawnSync(SCRIPT, [join(folder, 'none')], { env: { ...process.env, PACKAGE_BROKER_URL: '', PACKAGE_BROKER_TOKEN: '' } });
    assert.equal(status, 2);
  });
});
