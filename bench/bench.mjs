/**
 * Compares our Worker with hand-written floor Workers on the same workerd, in one run, interleaved. See docs/architecture.md,
 * "Hot path budgets". Usage: scripts/bench [--quick] [--json FILE] [--only PART,…]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unstable_getMiniflareWorkerOptions as workerOptions } from 'wrangler';
import { freePort } from '../e2e/wrangler-dev.mjs';
import { bundleSize, coldArchives, coldDocuments, coldUpdate, freshIsolate, hugeArchive } from './cold.mjs';
import { hot } from './hot.mjs';
import { startOurs } from './ours.mjs';
import { Report } from './report.mjs';
import { clientUpdates } from './updates.mjs';
import { COMPATIBILITY, STORAGE, start } from './workers.mjs';

const PARTS = ['size', 'hot', 'start', 'cold', 'update', 'client', 'memory'];
const FULL = { rounds: 6, seconds: 1, coldRounds: 3, starts: 7, huge: 2 }; // short turns: what else the machine does drifts
const QUICK = { rounds: 1, seconds: 1, coldRounds: 1, starts: 2, huge: 1 };
const CONNECTIONS = [1, 8, 32];
const P2 = '/p2/bench/p20k-first.json';

const root = join(import.meta.dirname, '..');
const { values: given } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' }, only: { type: 'string' } } });
const parts = given.only?.split(',') ?? PARTS;
const unknown = parts.find((part) => !PARTS.includes(part));
if (unknown !== undefined) {
  console.error(`expected parts of ${PARTS.join(', ')} but got ${unknown}`);
  process.exit(2);
}
const { rounds, seconds, coldRounds, starts, huge } = given.quick ? QUICK : FULL;
const report = new Report();
const running = new Set();
const scratch = mkdtempSync(join(tmpdir(), 'package-broker-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const upstream = spawn(process.execPath, [join(import.meta.dirname, 'upstream.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
process.on('SIGINT', () => finish().then(() => process.exit(130)));
process.on('SIGTERM', () => finish().then(() => process.exit(143)));

try {
  const origin = String((await once(upstream.stdout, 'data'))[0]).trim();
  for (const part of parts) {
    process.stderr.write(`${part}\n`);
    await { size, hot: hotPaths, start: fresh, cold, update, client, memory }[part](origin);
    await stopAll();
  }
  PARTS.filter((part) => !parts.includes(part)).forEach((part) => report.gap(part, new Error('left out by --only')));
  report.print();
  if (given.json !== undefined) {
    report.writeJson(given.json);
  }
} finally {
  await finish();
}

async function size() {
  await report.part('bundle', () => bundleSize({ root, report }));
}

async function hotPaths(origin) {
  const floors = { C: await floor('constant', origin), D: await floor('d1', origin), R: await floor('r2', origin), DR: await floor('d1-r2', origin) };
  const ours = { burst: await mine('burst', origin), calm: await mine('calm', origin, { calm: true }) };
  const requestsUpstream = async () => Number(await (await fetch(`${origin}/-/requests`)).text());
  await hot({ floors, ours, requestsUpstream, rounds, seconds, connections: CONNECTIONS, report });
}

async function fresh(origin) {
  const first = await mine('start', origin);
  await (first && report.part('a first p2 request', () => first.get(P2)));
  const startFloor = { C: () => floor('constant', origin), D: await prepared('d1', '/2', origin), R: await prepared('r2', '/object', origin) };
  await stopAll();
  const restartOurs = first && (() => first.restart().then(track));
  await freshIsolate({ startFloor, restartOurs, p2: P2, times: starts, report });
}

/** Returns what starts a floor on storage that already holds what it is asked for. */
async function prepared(name, path, origin) {
  const options = { state: state(name), port: await freePort() };
  const worker = await floor(name, origin, options);
  await fetch(worker.origin + path, { method: 'PUT', body: Buffer.alloc(17_000, 'x') });
  return () => floor(name, origin, options);
}

async function cold(origin) {
  const native = await floor('native-json', origin);
  await fetch(native.origin, { method: 'PUT' });
  const copy = await floor('multipart-copy', origin);
  const ours = await mine('cold', origin);
  await coldDocuments({ floor: native, ours, rounds: coldRounds, report });
  await coldArchives({ floor: copy, ours, rounds: coldRounds, report });
}

async function update(origin) {
  const ours = await mine('update', origin);
  await (ours && report.part('cold update', () => coldUpdate({ ours, report })));
}

async function client() {
  await report.part('composer update', () => clientUpdates({ report }));
}

async function memory(origin) {
  let count = 0;
  const next = () => startOurs(root, { state: state(`memory-${count++}`), upstream: origin }).then(track);
  await hugeArchive({ startFloor: () => floor('multipart-copy', origin), startOurs: next, times: huge, report });
}

/** Starts ours on an empty installation, or says why it cannot be measured. */
function mine(what, origin, options = {}) {
  return report.part(`our Worker, ${what}`, async () => track(await startOurs(root, { state: state(what), upstream: origin, ...options })));
}

async function floor(name, origin, options = {}) {
  const config = join(root, 'wrangler.toml');
  const { compatibilityDate, compatibilityFlags } = existsSync(config) ? workerOptions(config).workerOptions : COMPATIBILITY;
  const script = join(import.meta.dirname, 'floors', `${name}.mjs`);
  return track(await start(script, { ...STORAGE, compatibilityDate, compatibilityFlags, bindings: { UPSTREAM: origin }, ...options }));
}

/** Returns a folder for an installation's storage; all go when the bench ends. */
function state(name) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
}

/** Remembers a Worker, so that it is stopped whatever happens, and once only. */
function track(worker) {
  const tracked = { ...worker };
  tracked.stop = async () => running.delete(tracked) && (await worker.stop());
  running.add(tracked);
  return tracked;
}

async function stopAll() {
  await Promise.all([...running].map((worker) => worker.stop()));
}

async function finish() {
  await stopAll();
  upstream.stdin.end();
}
