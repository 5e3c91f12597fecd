/**
 * What an instance knows: all rows and the names of all objects, so that a test can tell that nothing has changed. It is read from
 * the files of the simulators, which tell at no cost whether anybody has written to them.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// The log is written for refusals, too; the others say what was seen to be absent, what was made of what is known, and when.
const PASSED_OVER = /^(_|d1_|sqlite_|audit$|audit_segment$|audit_archive$|seal$|job$|tally$|negative$|view$)/;
const TIMES = { token: ['last_used'], session: ['seen_at'], person: ['last_seen'] };

/** Returns the state of the Worker whose data are in a folder; something must have been stored in its bucket. */
export function stateIn(folder) {
  const rows = opened(join(folder, 'd1'), 'token');
  const objects = opened(join(folder, 'r2'), '_mf_objects');
  return new State(rows, objects);
}

/** Returns the tables that differ between two states, for whoever reads a failure. */
export function differences(one, other) {
  const [a, b] = [JSON.parse(one), JSON.parse(other)];
  return Object.keys(a).filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

class State {
  #rows;
  #objects;
  #read;
  #listed;
  #versions;
  #last;

  constructor(rows, objects) {
    this.#rows = rows;
    this.#objects = objects;
    const tables = rows.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all().map(({ name }) => name);
    const columns = tables.filter((name) => !PASSED_OVER.test(name)).map((table) => {
      const names = rows.prepare(`PRAGMA table_info("${table}")`).all().map(({ name }) => name);
      const told = names.filter((name) => !TIMES[table]?.includes(name));
      return `(SELECT json_group_array(json_array(${told.join(', ')})) FROM "${table}") AS "${table}"`;
    });
    this.#read = rows.prepare(`SELECT ${columns.join(', ')}`);
    // The archive of the log grows by itself, and views are made by reading.
    this.#listed = objects.prepare("SELECT key FROM _mf_objects WHERE key NOT LIKE 'audit/%' AND key NOT LIKE 'view/%' ORDER BY key");
  }

  /** Returns all of it as a text. */
  read() {
    const versions = [this.#rows, this.#objects].map((database) => database.prepare('PRAGMA data_version').get().data_version).join();
    if (versions !== this.#versions) this.#last = JSON.stringify({ ...this.#read.get(), objects: this.#listed.all().map(({ key }) => key) });
    this.#versions = versions;
    return this.#last;
  }

  close() {
    this.#rows.close();
    this.#objects.close();
  }
}

/** Opens the one database in a folder that has a table. */
export function opened(folder, table) {
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(folder, file), { readOnly: true });
    if (database.prepare('SELECT name FROM sqlite_master WHERE name = ?').get(table) !== undefined) return database;
    database.close();
  }
  throw new Error(`expected a database with the table ${table} in ${folder}`);
}
