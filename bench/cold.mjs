/** What is not warm: documents and archives met for the first time, a cold update, a huge archive, a fresh isolate, the bundle. */
import { gzipSync } from 'node:zlib';
import { cpuMs, cpuOf, median, peakGrowth } from './measure.mjs';
import { FORGED, basic, bundle, distPath } from './ours.mjs';
import { BUNDLE_GZ, COLD_ARCHIVES, COLD_DOCUMENTS, FREE_PLAN, HUGE, NATIVE, START_MS } from './targets.mjs';

const DOCUMENTS_A_ROUND = { '20k': 20, '200k': 20, '2m': 3 };
const ARCHIVES_A_ROUND = { '150k': 8, '1m': 4, '8m': 2 };
// Until V8 has compiled what it compiles: its compiling is in the CPU of the process. Fresh isolates have a part of their own.
const WARM = { document: 40, archive: 5 };
const UPDATE = 100;
const AUDIT_SETTLES_MS = 1_500;
const REFERENCE = '0'.repeat(40); // the upstream tells archives apart by name alone
const archivePath = (name) => `/dist/${name}/${REFERENCE}.zip`;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** CPU of the first request for a document, against plain JavaScript that does the same and against one that only stores it. */
export async function coldDocuments({ floor, ours, rounds, report }) {
  for (const size of COLD_DOCUMENTS) {
    const names = namer(`p${size}`);
    const native = coldRun(floor.pid, names, (name) => read(`${floor.origin}/p2/${name}.json`));
    const copy = coldRun(floor.pid, names, (name) => read(`${floor.origin}/p2/${name}.json?copy`));
    const mine = ours && coldRun(ours.pid, names, (name) => ours.get(`/p2/${name}.json`));
    const target = `cold document ${size}`;
    const done = await interleave({ native, copy, mine }, { warm: WARM.document, n: DOCUMENTS_A_ROUND[size] }, rounds, report, target);
    report.add(`floor native JSON ${size}`, 'cpu_ms', done.native);
    report.add(`floor fetch and store ${size}`, 'cpu_ms', done.copy);
    if (done.mine !== undefined) {
      const budget = size === NATIVE.document ? NATIVE.times * done.native : null;
      report.add(target, 'cpu_ms', done.mine, { floor: done.native, budget });
      freePlan(report, target, done.mine, done.copy);
    }
  }
}

/** CPU of the first request for an archive, against the plain multipart copy and against one that hashes nothing. */
export async function coldArchives({ floor, ours, rounds, report }) {
  for (const size of COLD_ARCHIVES) {
    const names = namer(`a${size}`);
    const copy = coldRun(floor.pid, names, (name) => read(floor.origin + archivePath(name)));
    const store = coldRun(floor.pid, names, (name) => read(`${floor.origin}${archivePath(name)}?copy`));
    const mine = ours && coldRun(ours.pid, names, ({ dist }) => ours.get(dist), async (name) => ({ dist: await distOf(ours, name) }));
    const target = `cold archive ${size}`;
    const done = await interleave({ copy, store, mine }, { warm: WARM.archive, n: ARCHIVES_A_ROUND[size] }, rounds, report, target);
    report.add(`floor multipart copy ${size}`, 'cpu_ms', done.copy);
    report.add(`floor multipart copy ${size}, no hashing`, 'cpu_ms', done.store);
    if (done.mine !== undefined) {
      report.add(target, 'cpu_ms', done.mine, { floor: done.copy });
      freePlan(report, target, done.mine, done.store);
    }
  }
}

/**
 * The simulators' CPU is in the measured figure but on nobody's bill, so it is judged twice: as measured, which is too much, and
 * less what the same storage costs a Worker that does nothing else, which is a little too little.
 */
function freePlan(report, target, cpu, storage) {
  report.add(target, 'free_plan_cpu_ms', cpu, { floor: storage, budget: FREE_PLAN.cpuMs });
  report.add(`${target}, less the simulators`, 'free_plan_cpu_ms', Math.max(0, cpu - storage), { budget: FREE_PLAN.cpuMs });
}

/** D1 rows that one `composer update` of 100 unknown packages writes, archives included. */
export async function coldUpdate({ ours, report }) {
  const before = await ours.counters();
  for (let i = 0; i < UPDATE; i++) {
    await ours.get(await distOf(ours, `bench/p20k-update${i}`));
  }
  await pause(AUDIT_SETTLES_MS);
  const after = await ours.counters();
  const target = `cold update of ${UPDATE} packages`;
  const grown = (...names) => {
    const missing = names.find((name) => after[name] === undefined);
    if (missing !== undefined) {
      report.gap(target, new Error(`the Worker has no counter ${missing}`));
      return null;
    }
    return names.reduce((sum, name) => sum + after[name] - before[name], 0);
  };
  report.add(target, 'd1_round_trips', grown('d1_round_trips'));
  report.add(target, 'd1_rows_written', grown('d1_rows_written'));
  report.add(target, 'audit_d1_rows_written', grown('audit_d1_rows_written'));
  report.add(target, 'r2_operations', grown('r2_gets', 'r2_puts', 'r2_other'));
  const written = grown('d1_rows_written') + (after.audit_d1_rows_written === undefined ? 0 : grown('audit_d1_rows_written'));
  report.add(target, 'free_plan_d1_rows_written', written, { budget: FREE_PLAN.rowsWrittenADay });
  report.add(target, 'free_plan_updates_a_day', Math.floor(FREE_PLAN.rowsWrittenADay / written));
}

/** Peak memory while 200 MB go through, against the plain multipart copy; each in fresh processes that have seen 8 MB before. */
export async function hugeArchive({ startFloor, startOurs, times, report }) {
  const grow = async (worker, paths) => {
    try {
      await read(worker.origin + paths.warm, worker.headers);
      return await peakGrowth(worker.pid, async () => {
        const bytes = await read(worker.origin + paths.huge, worker.headers);
        if (bytes !== 200_000_000) {
          throw new Error(`expected 200000000 bytes but got ${bytes}`);
        }
      });
    } finally {
      await worker.stop();
    }
  };
  const plain = [];
  const mine = [];
  const held = [];
  for (let i = 0; i < times; i++) {
    const path = (size) => archivePath(`bench/a${size}-${i}`);
    plain.push(await grow(await startFloor(), { warm: path('8m'), huge: path(HUGE.archive) }));
    await report.part(`${HUGE.archive} archive`, async () => {
      const ours = await startOurs();
      const stop = ours.stop;
      ours.stop = async () => {
        held.push((await ours.counters().catch(() => ({}))).held_bytes_peak ?? NaN);
        await stop();
      };
      const warm = await distOf(ours, `bench/a8m-${i}`);
      mine.push(await grow(ours, { warm, huge: await distOf(ours, `bench/a${HUGE.archive}-${i}`) }));
    });
  }
  const floor = median(plain);
  report.add('floor multipart copy 200m', 'peak_rss_growth_mib', floor);
  if (mine.length > 0) {
    report.add('archive 200m', 'peak_rss_growth_mib', median(mine), { floor, budget: floor + HUGE.overFloorMib });
    report.add('archive 200m', 'held_bytes_peak_mib', Math.max(...held) / 2 ** 20, { budget: HUGE.heldMib });
  }
}

/**
 * Start-up: CPU of a fresh process till its first answer, less that of the constant floor. And what the first request of a fresh
 * isolate costs: one that touches no storage, and a p2 document, whose storage simulators start cold as the D and R floors' do.
 */
export async function freshIsolate({ startFloor, restartOurs, p2, times, report }) {
  const starts = {
    C: { begin: startFloor.C, path: '/' },
    D: { begin: startFloor.D, path: '/2' },
    R: { begin: startFloor.R, path: '/object' },
    ...(restartOurs && {
      health: { begin: restartOurs, path: '/api/health' },
      forged: { begin: restartOurs, path: '/packages.json', headers: { authorization: basic(FORGED) } },
      p2: { begin: restartOurs, path: p2, headers: {} },
    }),
  };
  const samples = Object.fromEntries(Object.keys(starts).map((name) => [name, { total: [], first: [] }]));
  for (let i = 0; i < times; i++) {
    for (const [name, { begin, path, headers }] of Object.entries(starts)) {
      const worker = await begin();
      const ready = cpuMs(worker.pid);
      await (await fetch(worker.origin + path, { headers: headers && { ...worker.headers, ...headers } })).arrayBuffer();
      const answered = cpuMs(worker.pid);
      await worker.stop();
      samples[name].total.push(answered);
      samples[name].first.push(answered - ready);
    }
  }
  const first = (name) => median(samples[name].first);
  const total = (name) => median(samples[name].total);
  report.add('floor C, process start and first request', 'cpu_ms', total('C'));
  ['C', 'D', 'R'].forEach((name) => report.add(`floor ${name}, first request of a fresh isolate`, 'cpu_ms', first(name)));
  if (restartOurs !== undefined) {
    report.add('start-up, over the constant floor', 'startup_cpu_ms', total('health') - total('C'), { budget: START_MS });
    report.add('fresh isolate, first forged token', 'free_plan_cpu_ms', first('forged'), { floor: first('C'), budget: FREE_PLAN.cpuMs });
    freePlan(report, 'fresh isolate, first p2 request', first('p2'), first('D') + first('R') - 2 * first('C'));
  }
}

export function bundleSize({ root, report }) {
  const { raw, gzipped } = bundle(root, gzipSync);
  report.add('bundle', 'bytes', raw);
  report.add('bundle', 'gz_bytes', gzipped, { budget: BUNDLE_GZ });
}

/** Returns names that nobody has asked for yet. */
function namer(prefix) {
  let next = 0;
  return () => `bench/${prefix}-${next++}`;
}

/** Returns a function that makes `n` cold requests and tells their CPU each; what `prepare` does before is not counted. */
function coldRun(pid, names, request, prepare = (name) => name) {
  return async (n) => {
    const prepared = [];
    for (let i = 0; i < n; i++) {
      prepared.push(await prepare(names()));
    }
    const cpu = await cpuOf(pid, async () => {
      for (const one of prepared) {
        await request(one);
      }
    });
    return cpu / n;
  };
}

/** Runs each in turn, round by round, and returns the median of each; one of ours that fails becomes a gap. */
async function interleave({ mine, ...floors }, { warm, n }, rounds, report, target) {
  const values = Object.fromEntries(Object.keys(floors).map((name) => [name, []]));
  const own = [];
  let failed = mine === undefined;
  const runMine = async (count) => {
    failed ||= (await report.part(target, async () => own.push(await mine(count)))) === undefined;
  };
  for (const run of Object.values(floors)) {
    await run(warm);
  }
  await (failed || runMine(warm));
  own.length = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(floors)) {
      values[name].push(await run(n));
    }
    await (failed || runMine(n));
  }
  const medians = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, median(list)]));
  return failed ? medians : { ...medians, mine: median(own) };
}

const distOf = async (ours, name) => distPath(name, (await ours.get(`/p2/${name}.json`)).body);

/** Reads an answer to its end and returns its length. */
async function read(url, headers) {
  const response = await fetch(url, { headers });
  if (response.status !== 200) {
    throw new Error(`expected 200 but got ${response.status} from GET ${new URL(url).pathname}: ${(await response.text()).slice(0, 200)}`);
  }
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
  }
  return bytes;
}
