/**
 * A rotation under load: clients have credentials opened all the time, a look into the database sees all of them at once,
 * and the process is killed again and again. scripts/soak does it with many more.
 */
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seedOf, seeded } from './random.mjs';
import { devServer } from './wrangler-dev.mjs';

const RECORDS = Number(process.env.ROTATION_RECORDS ?? 500);
const KILLS = Number(process.env.ROTATION_KILLS ?? 3);
const READERS = 6;
const SAMPLE = Math.min(RECORDS, 200);
const seed = seedOf('ROTATION_SEED', Date.now() % 1e9);
const random = seeded(seed);
const ring = { k1: randomBytes(32), k2: randomBytes(32) };

const idOf = (i) => `r${String(i).padStart(6, '0')}`;
const secretOf = (i) => `authorization:Bearer secret-${i}`;

// The same form as the product's, made of nothing of its code.
function sealing(keyId, salt, row) {
  const key = Buffer.from(hkdfSync('sha256', ring[keyId], salt, 'v1|credential.sealed', 32));
  const associated = ['v1', keyId, 'credential', 'sealed', row].map((part) => `${part.length}:${part}`).join('');
  return { key, associated: Buffer.from(associated) };
}

function seal(keyId, row, text) {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const { key, associated } = sealing(keyId, salt, row);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return ['v1', keyId, ...[salt, nonce, sealed].map((part) => part.toString('base64url'))].join('.');
}

function open(row, text) {
  const [, keyId, ...parts] = text.split('.');
  const [salt, nonce, sealed] = parts.map((part) => Buffer.from(part, 'base64url'));
  const { key, associated } = sealing(keyId, salt, row);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString();
}

/** An upstream of many names, `/u/<number>`, each of which wants its own credential. */
async function startCounter() {
  const seen = { right: 0, wrong: 0 };
  const server = createServer((request, response) => {
    const [, number, path] = request.url.match(/^\/u\/(\d+)(\/.*)$/) ?? [];
    const right = request.headers.authorization === secretOf(number).slice('authorization:'.length);
    seen[right ? 'right' : 'wrong'] += 1;
    response.writeHead(right ? (path === '/packages.json' ? 200 : 404) : 401, { 'content-type': 'application/json' });
    response.end(`{"packages":[],"metadata-url":"/u/${number}/p2/%package%.json"}`);
  }).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 600_000;
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, seen, close: () => (server.closeAllConnections(), server.close()) };
}

describe('a rotation under load', () => {
  let upstream;
  let server;
  const figures = { reads: 0, unreadable: 0, away: 0, refused: new Map(), snapshots: 0, opened: 0, unopened: 0 };

  before(async () => {
    upstream = await startCounter();
    server = await devServer({
      upstreams: [upstream],
      vars: { META_CACHE_SECONDS: '10', AUTH_CACHE_SECONDS: '60', FRESH_SECONDS: '300', KEY_SETTLE_SECONDS: '0' },
      secrets: { ENCRYPTION_KEYS: JSON.stringify({ k1: ring.k1.toString('base64'), k2: ring.k2.toString('base64') }), ACTIVE_KEY: 'k1' },
    });
    await server.start();
    await server.setup();
    await fill();
    for (let i = 0; i < 5; i += 1) await server.scheduled();
  });
  after(async () => {
    await server?.close();
    upstream?.close();
  });

  async function sql(act) {
    const database = new DatabaseSync(await server.databaseFile());
    try {
      database.exec('PRAGMA busy_timeout = 10000');
      return act(database);
    } finally {
      database.close();
    }
  }

  /** Puts upstreams there that are switched off, so that nothing asks them but the test. */
  async function fill() {
    const created = await server.api('POST', '/api/upstreams', {
      name: 'pattern', url: `${upstream.origin}/u/0`, patterns: ['acme/*'], auth: { type: 'bearer', token: 'secret-0' },
    });
    assert.equal(created.status, 201);
    assert.deepEqual((await server.api('POST', `/api/upstreams/${created.body.id}/test`, {})).body, { ok: true });
    await server.stop();
    await sql((database) => {
      const { features } = database.prepare('SELECT features FROM upstream WHERE id = ?').get(created.body.id);
      database.exec('DELETE FROM upstream; DELETE FROM credential; BEGIN');
      const addUpstream = database.prepare(`INSERT INTO upstream (id, name, kind, url, priority, patterns, exclusive, created_at, changed_at, enabled, features)
        VALUES (?, ?, 'composer', ?, 10, ?, 0, 1, 1, 0, ?)`);
      const addCredential = database.prepare(`INSERT INTO credential (upstream, kind, origin, sealed, changed_at) VALUES (?, 'bearer', ?, ?, 1)`);
      for (let i = 0; i < RECORDS; i += 1) {
        addUpstream.run(idOf(i), `u${i}`, `${upstream.origin}/u/${i}`, `v${i}/*`, features);
        addCredential.run(idOf(i), upstream.origin, seal('k1', idOf(i), secretOf(i)));
      }
      database.exec('COMMIT');
    });
    await server.start();
  }

  /** Opens every record as it is at one moment, without the product. */
  async function snapshot() {
    const rows = await sql((database) => database.prepare('SELECT upstream, sealed FROM credential').all());
    assert.equal(rows.length, RECORDS);
    for (const { upstream: row, sealed } of rows) {
      try {
        assert.equal(open(row, sealed), secretOf(Number(row.slice(1))));
        figures.opened += 1;
      } catch {
        figures.unopened += 1;
      }
    }
    figures.snapshots += 1;
    return rows.filter(({ sealed }) => sealed.startsWith('v1.k1.')).length;
  }

  /** Has the product open one record and show it to its upstream. */
  async function read(i) {
    let answer;
    try {
      answer = await server.api('POST', `/api/upstreams/${idOf(i)}/test`, {});
    } catch {
      figures.away += 1; // killed just now
      await sleep(50);
      return;
    }
    if (answer.status === 200 && answer.body.ok) figures.reads += 1;
    else if (answer.status === 200 || answer.body.code === 'bad_key') figures.unreadable += 1;
    else {
      const word = answer.body?.code ?? String(answer.status);
      figures.refused.set(word, (figures.refused.get(word) ?? 0) + 1);
    }
  }

  it('leaves every record readable at every moment', async () => {
    let going = true;
    const reader = async () => {
      while (going) await read(random.between(0, RECORDS - 1));
    };
    const looker = async () => {
      while (going) {
        await snapshot();
        await sleep(500);
      }
    };
    const load = [...Array.from({ length: READERS }, () => reader()), looker()];
    const began = Date.now();
    for (const [path, body] of [['/api/keys', { id: 'k2' }], ['/api/keys/k2/activate', {}]]) {
      assert.ok((await server.api('POST', path, body)).status < 300);
    }
    let kills = 0;
    let left = RECORDS;
    for (let runs = 0; left > 0 && runs < RECORDS + 1000; runs += 1) {
      const work = server.scheduled().catch(() => {}); // it dies with the process
      if (kills < KILLS && left < (RECORDS * (KILLS - kills)) / (KILLS + 1)) {
        await sleep(random.between(0, 60));
        await server.kill();
        await work;
        await snapshot();
        await server.start();
        kills += 1;
        // A step that was cut off keeps its lease for five minutes: nobody waits for that here.
        await sql((database) => database.exec("UPDATE job SET lease_until = 0 WHERE kind = 'reseal'"));
      }
      await work;
      await sleep(100); // for the readers
      left = await sql((database) => database.prepare("SELECT COUNT(*) AS n FROM credential WHERE substr(sealed, 1, 6) = 'v1.k1.'").get().n);
    }
    const took = Date.now() - began;
    going = false;
    await Promise.all(load);
    assert.equal(left, 0);
    assert.equal((await server.api('POST', '/api/keys/k1/retire', {})).status, 200);
    assert.equal(await snapshot(), 0);
    const refused = [...figures.refused].map(([word, count]) => `, ${count} ${word}`).join('');
    console.log(
      `rotation: seed ${seed}, ${RECORDS} records in ${Math.round(took / 1000)} s with ${kills} kills; ${figures.reads} opened by the product ` +
        `and ${figures.opened} in ${figures.snapshots} looks at all; ${figures.unreadable + figures.unopened + upstream.seen.wrong} unreadable; ` +
        `${figures.away} requests while it was down${refused}`,
    );
    assert.deepEqual([figures.unreadable, figures.unopened, upstream.seen.wrong], [0, 0, 0]);
    assert.equal(kills, KILLS);
    assert.ok(figures.reads > 30 && figures.snapshots > KILLS);
    assert.deepEqual([...figures.refused.keys()].filter((word) => word !== 'database_unavailable'), []);
  });

  it('leaves every record readable by the new key alone', async () => {
    const each = Array.from({ length: RECORDS }, (_, i) => i);
    const before = figures.reads;
    await server.stop();
    await server.configure({ ENCRYPTION_KEYS: JSON.stringify({ k2: ring.k2.toString('base64') }), ACTIVE_KEY: 'k2' });
    await server.start();
    await Promise.all(Array.from({ length: READERS }, async () => {
      for (let i = each.pop(); i !== undefined; i = each.pop()) await read(i);
    }));
    assert.equal(figures.reads - before, RECORDS);
    const { body: health } = await server.api('GET', '/api/health');
    assert.deepEqual([health.status, health.keys, health.crypto], ['ok', 'ok', 'ok']);
    const { body } = await server.api('GET', '/api/keys');
    assert.deepEqual(body.keys.map(({ id, state, records }) => [id, state, records]), [['k1', 'retired', 0], ['k2', 'active', RECORDS]]);
  });

  it('opens nothing that was swapped with another row, and nothing of which a bit was flipped', async () => {
    const rows = await sql((database) => database.prepare('SELECT upstream, sealed FROM credential ORDER BY upstream LIMIT ?').all(SAMPLE));
    const put = (row, sealed) => sql((database) => database.prepare('UPDATE credential SET sealed = ? WHERE upstream = ?').run(sealed, row));
    const asked = upstream.seen.right + upstream.seen.wrong;
    for (const [i, { upstream: row, sealed }] of rows.entries()) {
      const bit = random.between(0, 8 * sealed.length - 2); // of the ASCII, so that the text stays one
      const flipped = Buffer.from(sealed, 'latin1');
      flipped[bit >> 3] ^= 1 << (bit & 7);
      for (const other of [rows[(i + 1) % rows.length].sealed, flipped.toString('latin1')]) {
        await put(row, other);
        const { status, body } = await server.api('POST', `/api/upstreams/${row}/test`, {});
        assert.deepEqual([status, body.code], [503, 'bad_key'], `${row}: ${other}`);
      }
      await put(row, sealed);
    }
    assert.equal(upstream.seen.right + upstream.seen.wrong, asked);
    console.log(`rotation: ${2 * rows.length} sealed texts swapped or damaged, none opened`);
  });
});
