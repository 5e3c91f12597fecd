/** The hot paths and what each may cost: docs/architecture.md, "Hot path budgets". */
import { FORGED, basic, distPath } from './ours.mjs';

const DOCUMENT = 'bench/p22k-hot'; // about 17 KB when served: without the sources
const ARCHIVE = 'bench/a52k-hot';
const UNKNOWN = '/p2/bench/there-is-no-such-package.json';

/**
 * One row per hot path. `cpu` counts floors: C answers the same bytes from memory, D looks up as many rows in D1, R streams the
 * same object. `d1` round trips, D1 `rows` and `r2` operations are what one request may cause; nothing may write or ask upstream.
 * `stand` is the answer that the floors use while ours cannot give the real one.
 */
export const HOT = [
  {
    name: 'packages.json',
    prepare: () => ({ path: '/packages.json' }),
    burst: { cpu: { C: 3 }, d1: 0, r2: 0 },
    calm: { cpu: { D: 1, C: 3 }, d1: 1, r2: 0 },
    stand: { status: 200, bytes: 600 },
  },
  {
    name: 'p2 200',
    prepare: () => ({ path: `/p2/${DOCUMENT}.json` }),
    burst: { cpu: { C: 3 }, d1: 0, r2: 0 },
    calm: { cpu: { D: 1, R: 1, C: 3 }, d1: 1, rows: 3, r2: 1 },
    stand: { status: 200, bytes: 17_000 },
  },
  {
    name: 'p2 304',
    prepare: async (ours) => {
      const path = `/p2/${DOCUMENT}.json`;
      return { path, status: 304, headers: { 'if-modified-since': (await ours.get(path)).headers['last-modified'] } };
    },
    burst: { cpu: { C: 3 }, d1: 0, r2: 0 },
    calm: { cpu: { D: 1, C: 3 }, d1: 1, r2: 0 },
    stand: { status: 304, bytes: 0 },
  },
  {
    name: 'dist',
    prepare: async (ours) => ({ path: distPath(ARCHIVE, (await ours.get(`/p2/${ARCHIVE}.json`)).body) }),
    burst: { cpu: { R: 1, C: 3 }, d1: 0, r2: 1 },
    calm: { cpu: { D: 1, R: 1, C: 3 }, d1: 1, r2: 1 },
    stand: { status: 200, bytes: 52_000 },
  },
  {
    name: 'unknown name',
    prepare: () => ({ path: UNKNOWN, status: 404 }),
    burst: { cpu: { C: 3 }, d1: 0, r2: 0 },
    calm: { cpu: { D: 1, C: 3 }, d1: 1, r2: 0 },
    stand: { status: 404, bytes: 100 },
  },
  {
    name: 'forged token',
    prepare: () => ({ path: '/packages.json', status: 401, headers: { authorization: basic(FORGED) } }),
    burst: { cpu: { C: 3 }, d1: 0, r2: 0 },
    calm: { cpu: { C: 3 }, d1: 0, r2: 0 },
    stand: { status: 401, bytes: 100 },
  },
];

export const STATES = ['burst', 'calm'];
export const COLD_DOCUMENTS = ['20k', '200k', '2m'];
export const COLD_ARCHIVES = ['150k', '1m', '8m'];
export const NATIVE = { document: '200k', times: 3 };
export const BUNDLE_GZ = 250_000;
export const START_MS = 100;
export const HUGE = { archive: '200m', overFloorMib: 32, heldMib: 40 };
export const FREE_PLAN = { cpuMs: 10, rowsWrittenADay: 100_000 };
