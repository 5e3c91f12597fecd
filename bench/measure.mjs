/** What is read from the system: CPU and memory of a process, and wrk's figures. */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const TICK_MS = 10; // sysconf(_SC_CLK_TCK) is 100 on every Linux that Node runs on
const UNITS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** Returns the CPU a process has used in ms: utime + stime, from the scheduler's nanoseconds where the kernel shows them. */
export function cpuMs(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0) / 1e6;
  } catch {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }
}

/** Runs `work` and returns the CPU in ms that the process used meanwhile. */
export async function cpuOf(pid, work) {
  const before = cpuMs(pid);
  await work();
  return cpuMs(pid) - before;
}

/** Runs `work` and returns by how many MiB the process's peak RSS rose over what it held before. */
export async function peakGrowth(pid, work) {
  const mib = (field) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  writeFileSync(`/proc/${pid}/clear_refs`, '5'); // the peak starts anew from here
  const before = mib('VmRSS');
  await work();
  return mib('VmHWM') - before;
}

/**
 * Runs wrk on one URL and returns `{ requests, rps, p50, p99 }`, times in ms; throws when an answer was of the wrong kind.
 * A run without a single answer (seen once in hundreds on a crowded machine) is made once more.
 */
export async function wrk(url, { connections, seconds, headers = {}, status = 200 }) {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const run = async () => (await promisify(execFile)('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...given, url])).stdout;
  const text = await run();
  try {
    return parseWrk(/ 0 requests in/.test(text) ? await run() : text, status);
  } catch (error) {
    throw new Error(`${error.message} at ${url} with ${connections} connections`, { cause: error });
  }
}

/** Reads wrk's page of figures. */
export function parseWrk(text, status = 200) {
  const find = (pattern) => pattern.exec(text);
  const latency = (percent) => {
    const [, value, unit] = find(new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s|m)\\s*$`, 'm')) ?? [];
    return Number(value) * UNITS[unit];
  };
  const requests = Number(find(/(\d+) requests in/)?.[1] ?? 0);
  const failed = Number(find(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
  const broken = find(/Socket errors: (.*)/)?.[1];
  if (requests === 0 || broken !== undefined || failed !== (status < 400 ? 0 : requests)) {
    throw new Error(`expected answers of ${status} but wrk saw ${requests} answers, ${failed} of them 4xx or 5xx${broken ? `; ${broken}` : ''}`);
  }
  return { requests, rps: Number(find(/Requests\/sec:\s+([\d.]+)/)[1]), p50: latency(50), p99: latency(99) };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
