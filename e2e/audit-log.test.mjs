/** The audit log as an auditor gets it: complete, in one chain, and proof against whoever can write the database. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportLog, run, verifyExport } from './audit-log/export.mjs';
import { startMirror } from './mirror.mjs';
import { startWorker } from './worker.mjs';

const CHANGES = Number(process.env.AUDIT_CHANGES ?? 500);
const TAMPERINGS = Number(process.env.AUDIT_TAMPERINGS ?? 300);
const SEED = Number(process.env.AUDIT_SEED ?? 20261124);
const ADMINS = 50;

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const exported = (worker, name) => exportLog(worker, folder, name);
const verify = verifyExport;

/** Finds every event, page by page. */
async function search(worker, query) {
  const events = [];
  for (let next = ''; next !== null; ) {
    const { status, body } = await worker.api('GET', `/api/audit?${query}${next === '' ? '' : `&after=${next}`}`);
    assert.equal(status, 200);
    events.push(...body.events);
    ({ next } = body);
  }
  return events;
}

describe('the audit log of a busy instance', () => {
  let mirror;
  let worker;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ auth: 'basic' }] });
    ({ worker } = mirror);
    mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
  });
  after(() => mirror?.close());

  it('holds every request exactly once', async () => {
    const sent = [];
    const send = async (method, path, token, body) => {
      const agent = `probe/${sent.length}`;
      sent.push(agent);
      const headers = { 'user-agent': agent, 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
      const response = await fetch(worker.url + path, { method, headers, body: body && JSON.stringify(body) });
      await response.arrayBuffer();
      return response.status;
    };
    const { admin } = worker;
    const requests = [
      ['GET', '/packages.json', mirror.reader, undefined, 200],
      ['GET', '/p2/acme/hello.json', mirror.reader, undefined, 200],
      ['GET', '/p2/acme/none.json', mirror.reader, undefined, 404],
      ['GET', '/dist/acme/hello/9.9.9.0/rabc.zip', mirror.reader, undefined, 404],
      ['GET', '/packages.json', undefined, undefined, 401],
      ['GET', '/nothing/at/all', admin, undefined, 404],
      ['DELETE', '/packages.json', admin, undefined, 405],
      ['GET', '/api/tokens', mirror.reader, undefined, 403],
      ['GET', '/api/tokens', admin, undefined, 200],
      ['POST', '/api/tokens', admin, { name: 'x', kind: 'read', patterns: ['*'] }, 201],
      ['POST', '/api/tokens', admin, { name: 'x' }, 422],
      ['PATCH', '/api/settings', admin, { base_url: worker.url }, 200],
      ['GET', '/api/audit?limit=1', admin, undefined, 200],
      ['GET', '/api/audit/verify', admin, undefined, 200],
    ];
    const wrong = [];
    for (let round = 0; round < 25; round++) {
      await Promise.all(
        requests.map(async ([method, path, token, body, expected]) => {
          const status = await send(method, path, token, body);
          if (status !== expected) wrong.push(`${method} ${path}: ${status}`);
        }),
      );
    }
    assert.deepEqual(wrong, []);
    await new Promise((done) => setTimeout(done, 1_500));
    const counts = new Map();
    for (const { agent, action } of await search(worker, 'limit=200')) {
      if (agent.startsWith('probe/') && !action.startsWith('mirror.')) counts.set(agent, (counts.get(agent) ?? 0) + 1);
    }
    assert.deepEqual(sent.filter((agent) => counts.get(agent) !== 1), []);
    assert.equal(counts.size, sent.length);
    console.log(`audit: ${sent.length} requests sent, ${counts.size} events found, each once`);
  });

  it(`is one chain without a gap after ${CHANGES} changes by ${ADMINS} admins at once`, async () => {
    const admins = await Promise.all(Array.from({ length: ADMINS }, (_, i) => worker.createToken({ name: `admin ${i}`, kind: 'admin' })));
    const refused = [];
    const made = new Set();
    await Promise.all(
      admins.map(async ({ token }, i) => {
        for (let k = i; k < CHANGES; k += ADMINS) {
          const { status, body } = await worker.api('POST', '/api/tokens', { name: `token ${k}`, kind: 'read', patterns: ['*'] }, token);
          if (status === 201) made.add(body.id);
          else refused.push(status);
        }
      }),
    );
    assert.deepEqual(refused, []);
    await worker.scheduled();
    const log = await exported(worker, 'changes');
    const { code, output } = await verify(log);
    assert.equal(code, 0, output);
    const created = log.lines.filter(({ type, action, target }) => type === 'event' && action === 'create.token' && made.has(target));
    assert.equal(created.length, CHANGES);
    assert.equal(new Set(created.map(({ target }) => target)).size, CHANGES);
    const numbers = log.lines.filter(({ type }) => type === 'seal').map(({ number }) => number);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
    console.log(`audit: ${CHANGES} changes by ${ADMINS} admins at once, ${numbers.length} seals, no gap, no fork`);
  });

  it('is found whole by the server itself', async () => {
    const newest = async () => (await worker.api('GET', '/api/audit/checkpoints')).body.checkpoints.at(-1).number;
    const before = await newest();
    const { body } = await worker.api('GET', '/api/audit/verify');
    assert.equal(body.ok, true, body.problem);
    assert.equal(body.next, null);
    // A seal may be made at any moment.
    assert.ok(body.last >= before && body.last <= (await newest()), `${body.last} of ${before}`);
  });
});

describe('an export that was tampered with', () => {
  let worker;
  let log;
  before(async () => {
    worker = await startWorker();
    await worker.setup();
    const { token } = await worker.createToken();
    for (let i = 0; i < 12; i++) {
      await worker.createToken({ name: `=token "${i}", ünïcode 😀` });
      await worker.get(`/p2/acme/p${i}.json`, token);
      await worker.get('/packages.json', i % 2 ? undefined : token);
      if (i % 2) await new Promise((done) => setTimeout(done, 700));
      await worker.scheduled();
    }
    log = await exported(worker, 'tamper');
  });
  after(() => worker?.close());

  it('is well before', async () => {
    const { code, output } = await verify(log);
    assert.equal(code, 0, output);
    assert.match(output, /all is well/);
  });

  it(`is found out, ${TAMPERINGS} times of ${TAMPERINGS}`, async () => {
    const { code, output } = await run('python3', 'e2e/audit-log/tamper.py', log.files[0], log.key, String(TAMPERINGS), String(SEED));
    console.log(output.trim().split('\n').map((line) => `audit: ${line}`).join('\n'));
    assert.equal(code, 0, output);
  });

  it('gets the verdict it deserves, also if it was made with the key', async () => {
    const { code, output } = await run('python3', 'e2e/audit-log/verdicts.py');
    console.log(`audit: ${output.trim().split('\n').at(-1)}`);
    assert.equal(code, 0, output);
  });

  it('is not taken for proven without a key', async () => {
    assert.equal((await run('scripts/verify-audit', ...log.files)).code, 4);
    assert.equal((await run('scripts/verify-audit', ...log.files, '--trust-export-key')).code, 0);
  });

  it('is found out if it is an older one, by a checkpoint that somebody else has kept', async () => {
    const { body } = await worker.api('GET', '/api/audit/checkpoints');
    const anchor = join(folder, 'anchor.txt');
    await writeFile(anchor, body.checkpoints.map(({ note }) => note).join('\n'));
    assert.equal((await verify(log, '--anchor', anchor)).code, 0);
    await worker.createToken();
    await worker.scheduled();
    const later = (await worker.api('GET', '/api/audit/checkpoints')).body.checkpoints;
    await writeFile(anchor, later.map(({ note }) => note).join('\n'));
    const { code, output } = await verify(log, '--anchor', anchor);
    assert.equal(code, 1);
    assert.match(output, /it was cut/);
  });

  it('is found out if it is signed by somebody else', async () => {
    const stranger = await startWorker();
    try {
      await stranger.setup();
      const { key } = await exported(stranger, 'stranger');
      const { code, output } = await verify({ files: log.files, key });
      assert.equal(code, 1);
      assert.match(output, /signed by another key/);
    } finally {
      await stranger.close();
    }
  });
});

describe('an instance whose audit log cannot be written', () => {
  for (const mode of ['', 'strict']) {
    it(`changes nothing${mode ? ' and answers no read' : ''}${mode ? ' in strict mode' : ''}`, async () => {
      const mirror = await startMirror({ upstreams: [{ auth: 'basic' }], vars: { AUDIT_MODE: mode } });
      try {
        const { worker, upstream } = mirror;
        upstream.publish({ name: 'acme/hello', version: '1.0.0' });
        const { id } = await worker.createToken({ name: 'to be revoked' });
        const [{ id: source }] = (await worker.api('GET', '/api/upstreams')).body.upstreams;
        await worker.sql('ALTER TABLE audit RENAME TO lost');
        const state = async () => JSON.stringify(await Promise.all(
          ['token', 'upstream', 'credential', 'setting', 'package', 'document', 'version', 'lost'].map((table) =>
            worker.sql(`SELECT * FROM ${table}`).then((rows) => rows.map((row) => ({ ...row, last_used: 0 }))))));
        const before = await state();
        for (const [method, path, body] of [
          ['POST', '/api/tokens', { name: 'x', kind: 'admin', patterns: ['*'] }],
          ['DELETE', `/api/tokens/${id}`],
          ['PATCH', '/api/settings', { base_url: 'https://elsewhere.example.com' }],
          ['POST', '/api/upstreams', { name: 'x', url: 'https://x.example.com', patterns: ['x/*'] }],
          ['PATCH', `/api/upstreams/${source}`, { priority: 1 }],
          ['DELETE', `/api/upstreams/${source}`],
        ]) {
          const answer = await worker.api(method, path, body);
          assert.equal(answer.status, 503, `${method} ${path}: ${JSON.stringify(answer.body)}`);
        }
        assert.equal((await mirror.get('/p2/acme/hello.json')).status, 503, 'mirroring is a change, too');
        const read = await mirror.get('/packages.json');
        assert.equal(read.status, mode === 'strict' ? 503 : 200);
        assert.equal(await state(), before);
        await worker.sql('ALTER TABLE lost RENAME TO audit');
        assert.equal((await mirror.get('/p2/acme/hello.json')).status, 200);
      } finally {
        await mirror.close();
      }
    });
  }
});
