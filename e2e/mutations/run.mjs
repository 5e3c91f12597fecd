/** Plays mutations against an instance, one after the other, so that what has changed can be laid to the one that did it. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectSilent, expectTyped, isRuntimes } from '../hostile/answers.mjs';
import { startScene } from '../hostile/scene.mjs';
import { seeded } from '../random.mjs';
import { mutated } from './grammar.mjs';
import { seeds, spares } from './seeds.mjs';

const REFILL = 250;
const LOGGED = 1500;
const COUNTED_TRIES = 10; // strangers beyond a number are counted every ten seconds
const SHOWN = 600;

/** Plays so many mutations on instances side by side, and returns the counts: `{ sent, refused, accepted, runtime, logged }`. */
export async function playMutations({ count, seed, instances = 2 }) {
  const share = Math.ceil(count / instances);
  const plays = await Promise.all(Array.from({ length: instances }, (_, i) => play(Math.min(share, count - i * share), seed + i)));
  const sum = (key) => plays.reduce((total, counts) => total + counts[key], 0);
  return { sent: sum('sent'), refused: sum('refused'), accepted: sum('accepted'), runtime: sum('runtime'), logged: sum('logged') };
}

async function play(count, seed) {
  const scene = await startScene();
  try {
    const played = new Play(scene, seeded(seed), seed);
    for (let i = 0; i < count; i++) await played.next(i);
    await played.expectLogged();
    return played.counts;
  } finally {
    await scene.close();
  }
}

class Play {
  counts = { sent: 0, refused: 0, accepted: 0, runtime: 0, logged: 0 };
  #scene;
  #chance;
  #seed;
  #seeds;
  #requests = [];
  #heads = 0; // refused, without a word about which request it was

  constructor(scene, chance, seed) {
    this.#scene = scene;
    this.#chance = chance;
    this.#seed = seed;
  }

  async next(i) {
    if (i % REFILL === 0) {
      this.#seeds = seeds(this.#scene, await spares(this.#scene));
      this.#scene.settle();
    }
    const request = mutated(this.#chance.pick(this.#seeds), this.#chance);
    const caller = this.#chance.pick(this.#scene.callers);
    const asked = `mutation ${i} of seed ${this.#seed}: ${request.method} ${request.target} ${JSON.stringify(request.headers)} ${request.body ?? ''}`.slice(0, SHOWN) + ` as ${caller.name}`;
    const answer = await this.#scene.ask({ ...request, headers: [...caller.headers, ...request.headers] });
    this.counts.sent += 1;
    this.#judge(request, caller, answer, asked);
    if (answer.status < 400) return this.#accepted(request, answer, asked);
    this.#scene.expectUnchanged(asked);
  }

  #judge(request, caller, answer, asked) {
    if (isRuntimes(answer)) {
      this.counts.runtime += 1;
      expectSilent(answer, this.#scene.secrets, asked);
      return;
    }
    this.counts[answer.status < 400 ? 'accepted' : 'refused'] += 1;
    // A token that was made is shown to who made it: that is the place for it.
    expectTyped(answer, this.#scene.secrets, asked, request.method);
    // Health answers anybody, below any path.
    if (caller.door && answer.status < 400) assert.match(request.target, /\/api\/health(\?|$)/, `${asked}: ${answer.status}`);
    if (answer.status >= 400 && request.method === 'HEAD') this.#heads += 1;
    // Health is the one thing that leaves no event.
    if (answer.status >= 400 && request.method !== 'HEAD' && !request.target.includes('/api/health')) this.#requests.push({ request: JSON.parse(answer.text).request_id, asked });
  }

  async #accepted({ method, target }, answer, asked) {
    if (['GET', 'HEAD'].includes(method)) {
      this.#scene.expectUnchanged(asked);
      return;
    }
    const { worker } = this.#scene;
    if (target.startsWith('/api/settings')) await worker.api('PATCH', '/api/settings', { base_url: worker.url });
    if (method === 'POST' && /^\/api\/upstreams\/?(\?|$)/.test(target)) await worker.api('DELETE', `/api/upstreams/${JSON.parse(answer.text).id}`);
    if (method === 'DELETE' && target.startsWith('/api/session')) await this.#scene.reopen();
    this.#scene.settle();
  }

  /** Every refusal stands in the log once; or, beyond what is named of strangers in a minute, it is among those that the log counts. */
  async expectLogged() {
    let found = await this.#logged();
    for (let tries = 0; found.counted < found.unnamed.length && tries < COUNTED_TRIES; tries++) {
      await sleep(LOGGED);
      found = await this.#logged();
    }
    assert.deepEqual(found.twice, [], 'expected no refusal in the log twice');
    const few = `expected the log to count the ${found.unnamed.length} refusals that it does not name, and ${this.#heads} of HEAD at most, but found ${found.counted}`;
    assert.ok(found.counted >= found.unnamed.length && found.counted <= found.unnamed.length + this.#heads, few);
    this.counts.logged += this.#requests.length;
  }

  async #logged() {
    const segments = await this.#scene.worker.sql('SELECT body FROM audit_segment');
    const changes = await this.#scene.worker.sql('SELECT request FROM audit');
    const seen = new Map();
    const count = (request) => seen.set(request, (seen.get(request) ?? 0) + 1);
    let counted = 0;
    for (const line of segments.flatMap(({ body }) => body.split('\n'))) {
      const fields = line.split('\t');
      // It has the number of the first that it counts.
      if (fields.includes('refuse.strangers')) counted += Number(fields.find((field) => /^\d+ until \d+$/.test(field)).split(' ')[0]);
      else count(fields.find((field) => /^[0-9a-f]{16}-\d+$/.test(field)));
    }
    for (const { request } of changes) count(request);
    return {
      counted,
      twice: this.#requests.filter(({ request }) => seen.get(request) > 1).map(({ asked }) => asked).slice(0, 5),
      unnamed: this.#requests.filter(({ request }) => !seen.has(request)).map(({ asked }) => asked),
    };
  }
}
