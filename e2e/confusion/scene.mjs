/** Plays cases: one server is all their upstreams, one instance of ours mirrors them, and the real client asks for each name. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../worker.mjs';
import { expected } from './oracle.mjs';

const SLOW = 12_000; // our deadline for the first byte of metadata is 10 s
const PATTERNS = 200; // as many as one upstream may have
const VARS = { FRESH_SECONDS: '0', NEGATIVE_SECONDS: '0' };

/** Starts a scene for the cases; each is then played by {@link Scene#play}, in any order and at once. */
export async function startScene(cases) {
  const scene = new Scene(cases);
  try {
    await scene.start();
  } catch (error) {
    await scene.close();
    throw error;
  }
  return scene;
}

class Scene {
  #cases;
  #server = createServer((request, response) => this.#serve(request, response));
  #act = 1;
  #asked = new Map();
  #worker;
  #reader;

  constructor(cases) {
    this.#cases = new Map(cases.map((each, i) => [vendorOf(i), each]));
  }

  async start() {
    this.#server.keepAliveTimeout = 600_000; // one that closes in the middle of a request would be a fault of its own
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const origin = `http://127.0.0.1:${this.#server.address().port}`;
    this.#worker = await startWorker({ upstreams: [{ origin }], vars: VARS });
    await this.#worker.setup();
    for (const [description, patterns] of this.#rows()) {
      const { slot, state, priority, exclusive } = JSON.parse(description);
      await this.#worker.addUpstream({ url: `${origin}/${slot}/${state}`, auth: { type: 'none' } }, { name: `${slot} ${state}`, priority, exclusive, patterns });
    }
    ({ token: this.#reader } = await this.#worker.createToken());
    await this.#firstAct();
    this.#act = 2;
  }

  /** Cases share an upstream's row if their upstream is the same in all that a row tells: a row has room for many patterns. */
  #rows() {
    const rows = new Map();
    for (const [vendor, { order, states, exclusive }] of this.#cases) {
      for (const i of [0, 1, 2]) {
        const description = { slot: order[i], state: states[i], priority: 10 * (i + 1), exclusive: exclusive[i] };
        const key = JSON.stringify(description);
        rows.set(key, [...(rows.get(key) ?? []), `${vendor}/*`]);
      }
    }
    return [...rows].sort().flatMap(([key, patterns]) => chunks(patterns, PATTERNS).map((few) => [key, few]));
  }

  async #firstAct() {
    const seen = [...this.#cases].filter(([, { states }]) => states.includes('gone'));
    for (const few of chunks(seen, 20)) await Promise.all(few.map((each) => this.#see(...each)));
  }

  async #see(vendor, played) {
    const { outcome } = expected(played).first;
    for (const file of ['it.json', 'it~dev.json']) {
      const answer = await this.#worker.get(`/p2/${vendor}/${file}`, this.#reader);
      assert.equal(answer.status, outcome === 'absent' ? 404 : 200, `${vendor}/${file} in the first act`);
      await answer.arrayBuffer();
    }
  }

  /** Lets the client update a project that wants the name of a case, and holds what happens against the oracle. */
  async play(index) {
    const vendor = vendorOf(index);
    const played = this.#cases.get(vendor);
    const name = `${vendor}/it`;
    const client = await this.#worker.project({ token: this.#reader, require: { [name]: '>=1.0' }, minimumStability: played.stability, preferStable: true });
    const { code, output } = await client.composer('update', '--no-install');
    const { first, second } = expected(played);
    assert.deepEqual(await found(client, name, code, output), shown(second.outcome, name), output);
    this.#assertAsked(vendor, 1, first.asked);
    this.#assertAsked(vendor, 2, second.asked);
    await client.remove();
  }

  /** Nobody was asked who may not know the name. */
  #assertAsked(vendor, act, allowed) {
    const asked = [...(this.#asked.get(`${vendor} ${act}`) ?? [])];
    assert.deepEqual(asked.filter((slot) => !allowed.includes(slot)), [], `asked in act ${act} although only ${allowed.join(', ') || 'nobody'} may be`);
  }

  async close() {
    await this.#worker?.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request, response) {
    const [, slot, state, ...rest] = decodeURIComponent(request.url).split('/');
    const [, vendor, file] = rest;
    if (vendor !== undefined) this.#note(vendor, slot);
    const act = this.#act;
    if (act === 2 && state === 'down') return slot === 'B' ? response.writeHead(503).end() : request.socket.resetAndDestroy();
    if (act === 2 && state === 'slow') await sleep(SLOW);
    if (response.destroyed) return undefined;
    if (rest[0] === 'packages.json') return json(response, { packages: [], 'metadata-url': `/${slot}/${state}/p2/%package%.json` });
    const version = versionOf(state, act);
    if (version === null) return response.writeHead(404).end();
    const name = `${vendor}/it`;
    return json(response, { packages: { [name]: [release(slot, name, file.includes('~dev') ? 'dev-main' : version)] } });
  }

  #note(vendor, slot) {
    const key = `${vendor} ${this.#act}`;
    if (!this.#asked.has(key)) this.#asked.set(key, new Set());
    this.#asked.get(key).add(slot);
  }
}

function versionOf(state, act) {
  if (act === 1) return state === 'gone' ? '1.0.0' : null;
  return { has: '1.0.0', slow: '1.0.0', higher: '99.0.0' }[state] ?? null;
}

async function found(client, name, code, output) {
  if (code === 0) {
    const { version, dist } = await client.locked(name);
    return { version, reference: dist.reference };
  }
  const absent = /could not be found in any version/.test(output);
  return { absent, error: /\b50[234]\b/.test(output) };
}

function shown(outcome, name) {
  if (outcome === 'absent') return { absent: true, error: false };
  if (outcome === 'error') return { absent: false, error: true };
  return { version: outcome.version, reference: referenceOf(outcome.from, name, outcome.version) };
}

function release(slot, name, version) {
  const reference = referenceOf(slot, name, version);
  return { name, version, dist: { type: 'zip', url: `https://${slot.toLowerCase()}.example/${reference}.zip`, reference, shasum: '' } };
}

function referenceOf(...words) {
  return createHash('sha1').update(words.join(' ')).digest('hex');
}

function vendorOf(index) {
  return `case-${index}`;
}

function json(response, value) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
