/**
 * Kills an instance again and again while many are at work, and holds it to what it has acknowledged: after each kill what was touched,
 * at the end everything, and the log of all of it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportLog, verifyExport } from '../audit-log/export.mjs';
import { seeded } from '../random.mjs';
import { startUpstream } from '../upstream/upstream.mjs';
import { devServer } from '../wrangler-dev.mjs';
import { Driver } from './driver.mjs';
import { Facts } from './facts.mjs';
import { mixOf } from './mix.mjs';
import { Bytes, Seen } from './seen.mjs';

const SHORTEST = 150; // milliseconds until a kill
const LONGEST = 1_200;
const OTHERS = 5; // facts from before that are looked at after each kill
const SHOWN = 20;
const SEALS_AFTER = 1_500;
const HELD = 500; // how long an isolate holds reads before it writes them
const WRITING = 1_000; // how long that may take on a busy machine

/** Kills so many times and returns a line of figures; throws if something was lost, torn or not in the log as it should be. */
export async function soundAfterKills({ kills, seed }) {
  const { figures, wrong } = await playKills({ kills, seed });
  const line =
    `${figures.kills} kills of seed ${seed}; ${figures.acknowledged} changes acknowledged, ${wrong.lost.length} lost; ${figures.cutOff} cut off, of which ${figures.cameTrue} came true, ` +
    `${figures.refused} refused; ${figures.objects} objects, ${wrong.torn.length} torn; ${figures.looked} looks; ${wrong.log.length} changes not once in the log, ${figures.verdict}; ` +
    `${figures.missing} of ${figures.reads} reads missing, the oldest ${figures.oldest} ms before a kill, ${figures.shown} of them to be seen by the numbers of requests`;
  const all = [...wrong.lost, ...wrong.torn, ...wrong.log];
  if (all.length > 0) throw new Error(`${line}\n${all.slice(0, SHOWN).join('\n')}`);
  return { line, ...figures };
}

/** Kills so many times, and returns the figures and what was wrong: `{ figures, wrong }`. */
async function playKills({ kills, seed }) {
  const random = seeded(seed);
  const upstream = await startUpstream({ auth: 'basic' });
  const server = await devServer({ upstreams: [upstream] });
  const folder = await mkdtemp(join(tmpdir(), 'kill-'));
  try {
    await server.start();
    await server.setup();
    const { id: upstreamId } = await server.addUpstream(upstream, { name: 'private', patterns: ['acme/*'] });
    const { token: reader } = await server.createToken();
    upstream.publish({ name: 'acme/first', version: '1.0.0' });
    await (await server.get('/p2/acme/first.json', reader)).arrayBuffer(); // the bucket's files are made with its first object
    const driver = new Driver(server);
    const facts = new Facts(driver);
    const bytes = new Bytes(server.state, driver);
    const mix = mixOf({ driver, facts, upstream, upstreamId, reader, random, known: [], numbers: counter() });
    const killed = [];
    for (let round = 0; round < kills; round++) {
      driver.round = round;
      killed.push(await workUntilKilled(server, driver, mix, random.between(SHORTEST, LONGEST)));
      const rows = bytes.look();
      await server.start();
      await facts.check(new Seen(driver, reader), (others) => random.some(others, OTHERS));
      await bytes.read(rows);
    }
    await facts.check(new Seen(driver, reader));
    await bytes.read(bytes.look(), true);
    await sleep(SEALS_AFTER);
    await server.scheduled();
    const log = await judged({ driver, killed, server, folder });
    const wrong = { lost: facts.wrong, torn: bytes.wrong, log: log.wrong };
    return { figures: { kills, objects: bytes.count, ...facts.counts, ...log.figures }, wrong };
  } finally {
    await server.close();
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Has all of them work for a while, kills the instance in the midst of it, and returns when. */
async function workUntilKilled(server, driver, mix, after) {
  driver.going = true;
  const working = mix.map(async (act) => {
    while (driver.going) await act();
  });
  await Promise.race([sleep(after), ...working]); // one that fails ends it all
  driver.going = false;
  const at = Date.now();
  await server.kill();
  await Promise.all(working);
  return at;
}

/** Holds the log against what was sent: each change once, each read unless it came in the last moment before a kill. */
async function judged({ driver, killed, server, folder }) {
  const log = await exportLog(server, folder, 'kill');
  const { code, output } = await verifyExport(log);
  const wrong = code === 0 ? [] : [`verify-audit ended with ${code}: ${output}`];
  const found = new Found(log.lines);
  for (const { agent, action, count, why } of driver.expected) {
    const times = found.events(agent, action);
    if (times !== count) wrong.push(`${agent}: expected ${count} times ${action} in the log but found ${times}, of ${why}`);
  }
  for (const { agent } of driver.reads) if (found.reads(agent) > 1) wrong.push(`${agent}: expected one read in the log but found ${found.reads(agent)}`);
  const missing = driver.reads.filter(({ agent }) => found.reads(agent) === 0);
  const ages = missing.map(({ round, at }) => killed[round] - at);
  for (const [i, age] of ages.entries()) if (!(age <= HELD + WRITING)) wrong.push(`${missing[i].agent}: expected the read in the log, ${age} ms before the end`);
  const shown = missing.filter((read) => found.hasChange(read) || found.isFollowed(read)).length;
  for (const round of killed.keys()) {
    // One that brought something in has a number all the same: that of the change.
    const numbers = missing.filter((read) => read.round === round && found.isFollowed(read) && !found.hasChange(read)).length;
    if (found.holes(round) < numbers) wrong.push(`round ${round}: expected ${numbers} numbers to be missing but found ${found.holes(round)}`);
  }
  const verdict = output.trim().split('\n').at(-1);
  return { figures: { reads: driver.reads.length, missing: missing.length, oldest: Math.max(0, ...ages), shown, verdict }, wrong };
}

/** What a log has under the agents of the driver. */
class Found {
  #events = new Map();
  #reads = new Map();
  #changed = new Set();
  #rounds = new Map();

  constructor(lines) {
    for (const line of lines) {
      if (line.type === 'event') this.#changed.add(line.agent);
      if (line.type === 'event') this.#note(this.#events, `${line.agent} ${line.action}`, line.agent, line.request);
      for (const read of line.type === 'reads' ? line.body.trimEnd().split('\n') : []) {
        const fields = read.split('\t');
        this.#note(this.#reads, fields.at(-1), fields.at(-1), fields[1]);
      }
    }
  }

  #note(counts, key, agent, request) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const [, round, number] = agent.match(/^kill\/(\d+)\/(\d+)$/) ?? [];
    if (round === undefined) return;
    const { last = 0, requests = new Map() } = this.#rounds.get(Number(round)) ?? {};
    const [isolate, own] = request.split('-');
    requests.set(isolate, (requests.get(isolate) ?? new Set()).add(Number(own)));
    this.#rounds.set(Number(round), { last: Math.max(last, Number(number)), requests });
  }

  events(agent, action) {
    return this.#events.get(`${agent} ${action}`) ?? 0;
  }

  /** Tells whether a read that is missing brought something in, which is there. */
  hasChange({ agent }) {
    return this.#changed.has(agent);
  }

  reads(agent) {
    return this.#reads.get(agent) ?? 0;
  }

  /** Tells whether the log has something of the same round that was sent after a read was answered. */
  isFollowed({ round, before }) {
    return (this.#rounds.get(round)?.last ?? 0) > before;
  }

  /** Returns how many numbers of requests are missing below the last one that the log has of a round. */
  holes(round) {
    return sum([...(this.#rounds.get(round)?.requests.values() ?? [])].map((numbers) => Math.max(...numbers) - numbers.size));
  }
}

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

function counter() {
  let last = 0;
  return { next: () => ++last };
}
