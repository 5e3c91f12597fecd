/** What an instance knows: all rows and the names of all objects, so that a test can tell that nothing has changed. */

// The log is written for refusals, too; the others only say what was seen to be absent, and when something was last done.
const PASSED_OVER = /^(_|d1_|sqlite_|audit$|audit_segment$|audit_archive$|seal$|job$|tally$|negative$)/;
const TIMES = { token: ['last_used'], session: ['seen_at'], person: ['last_seen'] };

/** Returns what reads the state of a Worker: a function that returns it as a text. */
export async function stateOf(worker) {
  const tables = (await worker.sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).map(({ name }) => name);
  const columns = [];
  for (const table of tables.filter((name) => !PASSED_OVER.test(name))) {
    const names = (await worker.sql(`PRAGMA table_info("${table}")`)).map(({ name }) => name);
    const told = names.filter((name) => !TIMES[table]?.includes(name));
    columns.push(`(SELECT json_group_array(json_array(${told.join(', ')})) FROM "${table}") AS "${table}"`);
  }
  const statement = `SELECT ${columns.join(', ')}`;
  return async () => {
    const [[rows], objects] = await Promise.all([worker.sql(statement), worker.objects('')]);
    // The archive of the log grows by itself.
    return JSON.stringify({ ...rows, objects: objects.filter((name) => !name.startsWith('audit/')) });
  };
}

/** Returns the tables that differ between two states, for whoever reads a failure. */
export function differences(one, other) {
  const [a, b] = [JSON.parse(one), JSON.parse(other)];
  return Object.keys(a).filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}
