/**
 * The whole matrices, of which scripts/test plays samples; prints figures and ends with the counts.
 *
 * Usage: scripts/soak [--only confusion,retag,graph,audit,rotation,backup,mutations,ssrf,revocation,setups,kill] [--orders ABC,…] [--every N]
 *        [--stories N] [--graphs N] [--changes N] [--tamperings N] [--records N] [--kills N] [--deaths N] [--mutations N] [--revocations N]
 *        [--setups N] [--packages N] [--versions N] [--scratch FOLDER] [--seed N]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { playScale } from './backup/scale.mjs';
import { project } from './composer.mjs';
import { ORDERS, casesOf, nameOf } from './confusion/cases.mjs';
import { expected } from './confusion/oracle.mjs';
import { startScene } from './confusion/scene.mjs';
import { comparable } from './graph/comparable.mjs';
import { universe } from './graph/universe.mjs';
import { soundAfterKills } from './kill/run.mjs';
import { startMirror } from './mirror.mjs';
import { playMutations } from './mutations/run.mjs';
import { seeded } from './random.mjs';
import { playStory } from './retag/story.mjs';
import { playRevocations } from './revocation/rounds.mjs';
import { raceSetups } from './revocation/setup-race.mjs';

const PARTS = { confusion, retag, graph, audit, rotation, backup, mutations, ssrf, revocation, setups, kill };
const RTO = 300; // seconds
const SHOWN = 5;
const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    orders: { type: 'string', default: ORDERS.join(',') },
    every: { type: 'string', default: '1' }, // every so-manieth case of an order
    stories: { type: 'string', default: '5000' },
    graphs: { type: 'string', default: '20' },
    changes: { type: 'string', default: '20000' }, // by 50 admins at once
    tamperings: { type: 'string', default: '10000' },
    records: { type: 'string', default: '10000' }, // sealed anew under load
    kills: { type: 'string', default: '20' }, // while records are sealed anew
    deaths: { type: 'string', default: '200' }, // while everything else goes on
    mutations: { type: 'string', default: '50000' },
    revocations: { type: 'string', default: '10000' },
    setups: { type: 'string', default: '100' }, // by as many at a time
    packages: { type: 'string', default: '10000' },
    versions: { type: 'string', default: '100000' },
    scratch: { type: 'string', default: tmpdir() },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
});
const seed = Number(given.seed);
let passed = 0;
const failures = [];

console.log(`seed ${seed}`);
for (const part of given.only.split(',')) {
  const began = Date.now();
  await PARTS[part]();
  console.log(`${part} took ${Math.round((Date.now() - began) / 1000)} s`);
}
for (const failure of failures.slice(0, SHOWN)) console.log(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

/** Every order, state and exclusiveness of three upstreams, each through the real client. */
async function confusion() {
  for (const order of given.orders.split(',')) {
    const cases = casesOf(order).filter((_, i) => i % Number(given.every) === 0);
    const before = failures.length;
    const scene = await startScene(cases);
    await each(cases, 3 * availableParallelism(), (played, i) => scene.play(i), (played) => `${nameOf(played)}`);
    await scene.close();
    const count = (test) => cases.filter((played) => test(expected(played).second.outcome)).length;
    console.log(
      `confusion ${order}: ${cases.length} cases; by the rules ${count((outcome) => typeof outcome === 'object')} resolve, ${count((outcome) => outcome === 'error')} fail, ` +
        `${count((outcome) => outcome === 'absent')} find nothing; ${failures.length - before} were otherwise`,
    );
  }
}

/** The tests of the audit log with more changes and more tampering. */
function audit() {
  return larger('audit', 'audit-log.test.mjs', { AUDIT_CHANGES: given.changes, AUDIT_TAMPERINGS: given.tamperings, AUDIT_SEED: String(seed) });
}

/** A rotation of keys with more records and more kills. */
function rotation() {
  return larger('rotation', 'rotation.test.mjs', { ROTATION_RECORDS: given.records, ROTATION_KILLS: given.kills, ROTATION_SEED: String(seed) });
}

/** The tests of where the Worker may be led, with every address in every place. */
function ssrf() {
  return larger('ssrf', 'ssrf.test.mjs', { SSRF_EVERY: '1', SSRF_INSTANCES: '12' });
}

/** Runs a test file with larger numbers, and shows the lines of figures that it prints. */
async function larger(part, file, numbers) {
  const child = spawn(process.execPath, ['--test', '--test-reporter=spec', fileURLToPath(new URL(file, import.meta.url))], {
    env: { ...process.env, ...numbers },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  await once(child, 'close');
  const count = (word) => Number(output.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  console.log(output.match(new RegExp(`^${part}: .*$`, 'gm'))?.join('\n') ?? `${part}: no figures`);
  passed += count('pass');
  if (count('fail') + count('cancelled') > 0 || count('pass') === 0) failures.push(output);
}

/** Valid requests of every route, changed a little. */
async function mutations() {
  await attempt('mutations', async () => {
    const { sent, refused, accepted, runtime, logged } = await playMutations({ count: Number(given.mutations), seed });
    passed += sent;
    return `${sent} of seed ${seed}, ${refused} refused, ${accepted} accepted, ${runtime} stopped by the runtime; 0 untyped failures, 0 leaks, 0 changes by a refusal, ${logged} refusals once in the log, named or counted`;
  });
}

/** Credentials whose power is taken, and the next request with each. */
async function revocation() {
  await attempt('revocation', async () => {
    const { refused, byWay } = await playRevocations(Number(given.revocations));
    passed += refused;
    return `${refused}/${refused} refused on the next request: ${Object.entries(byWay).map(([way, found]) => `${found} ${way}`).join(', ')}`;
  });
}

/** New instances, each set up by many at a time. */
async function setups() {
  await attempt('setups', async () => {
    const winners = await raceSetups(Number(given.setups), Number(given.setups));
    passed += winners;
    return `${winners} instances by ${given.setups} at a time, one winner each`;
  });
}

/** Mirroring and changes of every kind, killed again and again. */
async function kill() {
  await attempt('kill', async () => {
    const { line, acknowledged } = await soundAfterKills({ kills: Number(given.deaths), seed });
    passed += acknowledged;
    return line;
  });
}

/** Runs a part that ends with its first failure, and prints its line of figures. */
async function attempt(name, run) {
  try {
    console.log(`${name}: ${await run()}`);
  } catch (error) {
    failures.push(`${name}: ${error.stack}`);
  }
}

/** A large instance, backed up and restored into an empty one. */
async function backup() {
  const { packages, versions, scratch } = given;
  const played = await playScale({ packages: Number(packages), versions: Number(versions), seed, scratch, say: (line) => console.log(`backup: ${line}`) });
  const { backup: made, again, restored, rto, problems, chain } = played;
  console.log(
    `backup: ${made.rows} rows, ${made.objects} objects in ${made.seconds} s, once more in ${again.seconds} s with ${again.fetched} new; ` +
      `restored, verified and its log checked in ${rto.toFixed(0)} s, ${restored.checked} objects read again, digest ${restored.digest === made.digest ? 'equal' : 'other'}; ` +
      `load of the machine ${loadavg()[1].toFixed(1)} on ${availableParallelism()} cores`,
  );
  const right = problems.length === 0 && chain.ok && restored.digest === made.digest && played.versions === Number(versions) && rto < RTO;
  if (right) passed += 1;
  else failures.push(`backup: ${problems.slice(0, SHOWN).join('; ')} ${chain.output}, ${played.versions} versions, RTO ${rto} s of ${RTO}`);
}

/** Many stories of an upstream that changes its mind. */
async function retag() {
  const stories = Array.from({ length: Number(given.stories) }, (_, i) => seed + i);
  const before = failures.length;
  const mirror = await startMirror({ upstreams: [{}], vars: { NEGATIVE_SECONDS: '0' } });
  await each(stories, 8, (own, i) => playStory(mirror, seeded(own), `story/s${i}`), (own) => `story of seed ${own}`);
  await mirror.close();
  console.log(`retag: ${stories.length} stories; ${failures.length - before} went wrong`);
}

/** Many worlds of packages, each locked through us and directly. */
async function graph() {
  const seeds = Array.from({ length: Number(given.graphs) }, (_, i) => seed + i);
  await each(seeds, 1, sameLock, (own) => `packages of seed ${own}`);
}

async function sameLock(own) {
  const { packages, project: wanted } = universe(own);
  const mirror = await startMirror({ upstreams: [{ packages }], vars: { FRESH_SECONDS: '300' } });
  try {
    const through = await mirror.project(wanted);
    const directly = await project({ ...wanted, repositories: [mirror.upstream.repository] });
    for (const client of [through, directly]) await client.succeed('update', '--no-install');
    const [ours, theirs] = await Promise.all([through.lock(), directly.lock()]);
    console.log(`graph ${own}: ${packages.length} versions, ${theirs.packages.length} packages locked`);
    if (JSON.stringify(comparable(ours)) !== JSON.stringify(comparable(theirs))) throw new Error('expected the same lock through us as directly');
  } finally {
    await mirror.close();
  }
}

/** Runs `act` for each item, so many at once, and counts what came of it. */
async function each(items, atOnce, act, nameOfItem) {
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      try {
        await act(items[i], i);
        passed += 1;
      } catch (error) {
        failures.push(`${nameOfItem(items[i])}: ${error.stack}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
