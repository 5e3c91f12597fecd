/** What a `composer update` costs with the real client, in requests, storage operations and dollars. */
import { cpuOf } from './measure.mjs';
import { workerds } from './workers.mjs';
import { byKind, measureUpdates } from '../e2e/updates.mjs';

const PACKAGES = 60;

/** Dollars each, on the paid plan beyond what is included: Cloudflare's price lists of 2026. */
export const PRICES = {
  request: 0.3e-6,
  cpuMs: 0.02e-6,
  d1RowRead: 0.001e-6,
  d1RowWritten: 1e-6,
  r2ClassA: 4.5e-6,
  r2ClassB: 0.36e-6,
};

/** Adds rows for an update that nobody knows the packages of, and for one that has nothing to load. */
export async function clientUpdates({ report }) {
  const running = workerds();
  const around = async (act) => {
    const [pid] = workerds().filter((found) => !running.includes(found));
    return { cpuMs: await cpuOf(pid, act) };
  };
  const measured = await measureUpdates({ packages: PACKAGES, around });
  for (const [state, { requests, upstream, counters, more }] of Object.entries(measured)) {
    const target = `${state} composer update of ${PACKAGES} packages`;
    report.add(target, 'requests', requests.length);
    for (const [kind, count] of Object.entries(byKind(requests))) report.add(`${target}: ${kind}`, 'requests', count);
    report.add(target, 'd1_round_trips', counters.d1_round_trips);
    report.add(target, 'd1_rows_read', counters.d1_rows_read);
    report.add(target, 'd1_rows_written', counters.d1_rows_written);
    report.add(target, 'audit_d1_rows_written', counters.audit_d1_rows_written);
    report.add(target, 'r2_operations', counters.r2_gets + counters.r2_puts + counters.r2_other);
    report.add(target, 'upstream_requests', upstream.length);
    // On our own machine, the simulators of D1 and R2 included: an upper bound.
    report.add(target, 'cpu_ms_an_update', more.cpuMs);
    report.add(target, 'dollars_a_million_updates', dollars(requests.length, counters, more.cpuMs) * 1e6);
  }
}

/** Returns what an update costs; what R2 does besides getting and putting is priced as if it were all of the dear kind. */
export function dollars(requests, counters, cpuMs) {
  return (
    requests * PRICES.request +
    cpuMs * PRICES.cpuMs +
    counters.d1_rows_read * PRICES.d1RowRead +
    (counters.d1_rows_written + counters.audit_d1_rows_written) * PRICES.d1RowWritten +
    counters.r2_gets * PRICES.r2ClassB +
    (counters.r2_puts + counters.r2_other) * PRICES.r2ClassA
  );
}
