/**
 * What a `composer update` of a project costs, with nobody knowing its packages and again with everybody knowing them: requests of the
 * client by kind, and what our Worker did for them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { clientVersion } from './composer.mjs';
import { startMirror } from './mirror.mjs';

/** As it is deployed: with what an isolate remembers. */
const DEPLOYED = { AUTH_CACHE_SECONDS: '60', META_CACHE_SECONDS: '10', FRESH_SECONDS: '300' };
const AUDIT_SETTLES = 1500;

/**
 * Measures both updates and returns `{ cold, warm }`, each `{ requests, upstream, counters, more }`: what the client
 * asked us as `{ path, status }`, what we asked the upstream as `{ path }`, and how much each counter of ours grew.
 *
 * @param {object} options
 * @param {number} options.packages
 * @param {(act: () => Promise) => Promise<object>} options.around what else to measure of each update; its result is in `more`
 */
export async function measureUpdates({ packages, around = async (act) => (await act(), {}) }) {
  const names = Array.from({ length: packages }, (_, i) => `crowd/p${i}`);
  const mirror = await startMirror({ spied: true, vars: DEPLOYED, upstreams: [{ packages: names.flatMap((name) => ['1.0.0', '1.1.0'].map((version) => ({ name, version }))) }] });
  try {
    const client = await mirror.project({ require: Object.fromEntries(names.map((name) => [name, '^1.0'])) });
    // Since 2.4 an update also asks for advisories: one request more, which is none of the update's business.
    const [major, minor] = await clientVersion();
    const update = () => client.succeed('update', ...(major > 2 || minor >= 4 ? ['--no-audit'] : []));
    const measured = {};
    for (const state of ['cold', 'warm']) {
      await sleep(AUDIT_SETTLES);
      const before = await counters(mirror);
      const asked = mirror.upstream.requests.length;
      mirror.spy.take();
      const more = await around(update);
      const requests = mirror.spy.take().map(({ path, status }) => ({ path, status }));
      await sleep(AUDIT_SETTLES);
      const after = await counters(mirror);
      const grown = Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
      measured[state] = { requests, counters: grown, upstream: mirror.upstream.requests.slice(asked).map(({ path }) => ({ path })), more };
    }
    return measured;
  } finally {
    await mirror.close();
  }
}

/** Returns how many requests there were of each kind, told by the first word of the path. */
export function byKind(requests) {
  const counts = {};
  for (const { path } of requests) {
    const kind = path.split(/[/?]/)[1];
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

async function counters(mirror) {
  const { body } = await mirror.worker.api('GET', '/api/health/details');
  return body.counters;
}
