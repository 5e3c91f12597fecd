/** Starts Workers as the tests do, and says which process each is: what it uses is read from there. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { startWorkerd } from '../e2e/workerd.mjs';

const LOGS_KEPT = 20;

export const COMPATIBILITY = {
  compatibilityDate: '2026-10-23',
  compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2', 'global_fetch_strictly_public'],
};
export const STORAGE = { d1Databases: { DB: 'DB' }, r2Buckets: { ARTIFACTS: 'ARTIFACTS' } };

/**
 * Starts one Worker and returns `{ origin, pid, database, logs, stop }`. `options` are those of `startWorkerd`. One start at a
 * time: the process is found by its being new.
 */
export async function start(script, options) {
  const before = workerds();
  const logs = [];
  const onLog = ({ level, message }) => level === 'error' && logs.length < LOGS_KEPT && logs.push(message);
  const worker = await startWorkerd(dirname(script), [basename(script)], { ...options, onLog });
  const [pid, ...more] = workerds().filter((found) => !before.includes(found));
  if (pid === undefined || more.length > 0) {
    throw new Error(`expected one new workerd process but found ${more.length + (pid === undefined ? 0 : 1)}`);
  }
  return { ...worker, pid, logs };
}

/** Returns the workerd processes that this process has started. */
export function workerds() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        return name === 'workerd' && Number(parent) === process.pid;
      } catch {
        return false; // it has ended meanwhile
      }
    });
}
