/** The hot paths under wrk, floors and ours in turn, and the storage operations that one request causes. */
import { cpuOf, median, wrk } from './measure.mjs';
import { HOT, STATES } from './targets.mjs';

const WARM = 2;
const WARM_SECONDS = 3; // V8's compiling is in the CPU of the process, and a warm instance has it behind it
const COUNTED = 20;
const ROWS_WHEN_UNKNOWN = 2;
const ROWS_AT_MOST = 8; // as many as the D floor has

/** Measures every floor and, where `ours` has it, both states of every hot path. `floors` are the running C, D, R and DR. */
export async function hot({ floors, ours, requestsUpstream, rounds, seconds, connections, report }) {
  const runs = new Map(); // what wrk shall ask, by name
  for (const target of HOT) {
    const measured = {};
    for (const state of STATES.filter((state) => ours[state] !== undefined)) {
      await report.part(`${target.name} ${state}`, async () => {
        const request = { status: 200, headers: {}, ...(await target.prepare(ours[state])) };
        const answer = await ours[state].get(request.path, request.headers, request.status);
        measured[state] = { request, answer, cost: await count(ours[state], request, requestsUpstream) };
        storageRows(report, `${target.name} ${state}`, target[state], measured[state].cost);
      });
    }
    const answer = measured.burst?.answer ?? measured.calm?.answer ?? standIn(target.stand);
    const rows = Math.round(measured.calm?.cost.d1_rows_read ?? 0) || ROWS_WHEN_UNKNOWN;
    const floorOf = await keep(floors, target, answer, Math.min(rows, ROWS_AT_MOST));
    Object.values(floorOf).forEach((run) => runs.set(run.name, run));
    for (const [state, { request }] of Object.entries(measured)) {
      const { origin, pid, headers } = ours[state];
      const parts = Object.entries(target[state].cpu).map(([letter, times]) => [floorOf[letter].name, times]);
      const run = { name: `${target.name} ${state}`, url: origin + request.path, pid, status: request.status, parts };
      runs.set(run.name, { ...run, headers: { ...headers, ...request.headers } });
    }
  }
  await load([...runs.values()], { rounds, seconds, connections, report });
}

/** Hands the answer to the floors and returns the floor of each letter. */
async function keep(floors, { name, calm, burst }, answer, rows) {
  const letters = new Set([...Object.keys(burst.cpu), ...Object.keys(calm.cpu)]);
  const path = `/${name.replaceAll(' ', '-')}`;
  const floor = {};
  const place = async (letter, label, at, status, options) => {
    const url = floors[letter].origin + at;
    const response = await fetch(url, { method: 'PUT', ...options });
    if (!response.ok) {
      throw new Error(`floor ${letter} answered ${response.status} to a PUT`);
    }
    floor[letter] = { name: `floor ${letter} ${label}`, url, pid: floors[letter].pid, status };
  };
  const { status, headers, body } = answer;
  await place('C', name, path, status, { body, headers: { 'x-answer': JSON.stringify({ status, headers: repeatable(headers) }) } });
  if (letters.has('D')) {
    await place('D', `${rows} rows`, `/${rows}`, 200, {});
  }
  if (letters.has('R')) {
    await place('R', `${name} ${Math.round(body.length / 1000)} KB`, path, 200, { body });
  }
  if (letters.has('D') && letters.has('R')) {
    // Of no budget: it shows by how much the sum of D and R falls short of one Worker that does both.
    await place('DR', `${name} ${Math.round(body.length / 1000)} KB`, `/${rows}${path}`, 200, { body });
  }
  return floor;
}

function repeatable(headers) {
  const { 'transfer-encoding': _, 'content-length': __, 'content-encoding': ___, connection: ____, date: _____, ...rest } = headers;
  return rest;
}

const standIn = ({ status, bytes }) => ({ status, headers: { 'content-type': 'application/json' }, body: Buffer.alloc(bytes, 'x') });

/** Returns what one warm request adds to each counter: counted over 20 of them, less what asking for the counters costs itself. */
async function count(ours, { path, headers, status }, requestsUpstream) {
  for (let i = 0; i < WARM; i++) {
    await ours.get(path, headers, status);
    await ours.counters();
  }
  const one = await ours.counters();
  const two = await ours.counters();
  const askedBefore = await requestsUpstream();
  for (let i = 0; i < COUNTED; i++) {
    await ours.get(path, headers, status);
  }
  const asked = (await requestsUpstream()) - askedBefore;
  const three = await ours.counters();
  const each = Object.keys(three).map((name) => [name, (three[name] - two[name] - (two[name] - one[name])) / COUNTED]);
  return { ...Object.fromEntries(each), upstream_requests: asked / COUNTED };
}

function storageRows(report, name, { d1, rows, r2 }, cost) {
  const add = (metric, value, budget) => report.add(name, metric, value ?? null, { budget });
  add('d1_round_trips', cost.d1_round_trips, d1);
  add('d1_rows_read', cost.d1_rows_read, d1 === 0 ? 0 : rows);
  add('d1_rows_written', cost.d1_rows_written, 0);
  add('r2_operations', cost.r2_gets + cost.r2_puts + cost.r2_other, r2);
  add('upstream_requests', cost.upstream_requests, 0);
}

/** Runs wrk over everything in turn, round by round, and reports medians. */
async function load(runs, { rounds, seconds, connections, report }) {
  const samples = new Map(runs.map(({ name }) => [name, new Map(connections.map((n) => [n, []]))]));
  const failed = new Set();
  const guarded = async (run, work) => {
    if (run.parts === undefined) {
      await work(); // a floor that fails ends the bench
    } else if (!failed.has(run.name)) {
      await report.part(`${run.name} under load`, work).then((done) => done ?? failed.add(run.name));
    }
  };
  for (const run of rounds > 1 ? runs : []) {
    await guarded(run, () => wrk(run.url, { ...run, connections: 8, seconds: WARM_SECONDS })); // a quick run has no time for it
  }
  for (let round = 1; round <= rounds; round++) {
    for (const n of connections) {
      process.stderr.write(`round ${round} of ${rounds}, ${n} connections\n`);
      for (const run of runs) {
        await guarded(run, async () => samples.get(run.name).get(n).push(await sample(run, n, seconds)));
      }
    }
  }
  const middle = (name, n, field) => median(samples.get(name).get(n).map((figures) => figures[field]));
  const pooled = (name) => median([...samples.get(name).values()].flat().map(({ cpu }) => cpu));
  const sum = (parts, cpu) => parts?.reduce((total, [name, times]) => total + times * cpu(name), 0) ?? null;
  for (const { name, parts } of runs.filter((run) => !failed.has(run.name))) {
    const once = parts?.map(([floor]) => [floor, 1]);
    for (const n of connections) {
      const cpu = (floor) => middle(floor, n, 'cpu');
      report.add(name, `rps@${n}`, middle(name, n, 'rps'));
      report.add(name, `p50_ms@${n}`, middle(name, n, 'p50'));
      report.add(name, `p99_ms@${n}`, middle(name, n, 'p99'));
      report.add(name, `cpu_ms@${n}`, cpu(name), { floor: sum(once, cpu) });
    }
    report.add(name, 'cpu_ms', pooled(name), { floor: sum(once, pooled), budget: sum(parts, pooled) });
  }
}

async function sample(run, connections, seconds) {
  let figures;
  const cpu = await cpuOf(run.pid, async () => {
    figures = await wrk(run.url, { ...run, connections, seconds });
  });
  return { ...figures, cpu: cpu / figures.requests };
}
