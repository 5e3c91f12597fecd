/** What a snapshot says: lines of JSON, packed. A head, for each table its description and its rows, and an end with digests. */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Unreadable } from './sealed.mjs';

/** Adds up tables as their rows go by: counts, digests, and the objects that they name. */
export class Tally {
  rows = 0;
  tables = {};
  objects = new Map(); // key → SHA-256
  #named;
  #hash;
  #current;
  #places;

  constructor(named) {
    this.#named = named;
  }

  /** Goes on to a table. */
  begin(table) {
    this.#close();
    this.#current = { name: table.name, rows: 0 };
    this.#hash = createHash('sha256');
    this.#places = this.#named
      .filter((each) => each.table === table.name)
      .map((each) => ({ prefix: each.prefix, object: table.columns.indexOf(each.object), sha256: table.columns.indexOf(each.sha256) }));
  }

  /** Takes lines, each with its line break. */
  add(lines) {
    this.#hash.update(lines);
    for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) this.#current.rows += 1;
    if (this.#places.length === 0) return;
    for (const line of lines.split('\n').filter((text) => text !== '')) {
      const row = JSON.parse(line);
      for (const { prefix, object, sha256 } of this.#places) {
        if (row[object]?.startsWith(prefix)) this.objects.set(row[object], row[sha256]);
      }
    }
  }

  #close() {
    if (this.#current === undefined) return;
    const { name, rows } = this.#current;
    this.tables[name] = { rows, sha256: this.#hash.digest('hex') };
    this.rows += rows;
    this.#current = undefined;
  }

  /** Returns the digest of the whole state: SHA-256 over a line a table with its name, its number of rows and its digest. */
  digest() {
    this.#close();
    const lines = Object.keys(this.tables).sort().map((name) => `${name} ${this.tables[name].rows} ${this.tables[name].sha256}\n`);
    return createHash('sha256').update(lines.join('')).digest('hex');
  }
}

/**
 * Reads a snapshot to its end, which is the only way to know that it is whole; returns `{ head, tables, tally, checkpoint, end }`,
 * the checkpoint being the newest one of its audit log, or null.
 *
 * @param {(table: object, line: string) => Promise<void> | void} onRow gets each row
 */
export async function readSnapshot(folder, name, onRow = () => {}) {
  const packed = Readable.from(folder.read(`snapshots/${name}`));
  const plain = createGunzip();
  let problem;
  packed.on('error', (error) => {
    problem = error;
    plain.destroy(error);
  });
  packed.pipe(plain);
  plain.on('error', (error) => (problem ??= error));
  let head;
  let end;
  let table;
  let tally;
  let checkpoint = null;
  const tables = [];
  try {
    for await (const line of createInterface({ input: plain, crlfDelay: Infinity })) {
      if (end !== undefined) throw new Unreadable('the snapshot goes on after its end');
      if (line.startsWith('[')) {
        tally.add(`${line}\n`);
        if (table.name === 'seal') checkpoint = JSON.parse(line)[table.columns.indexOf('note')];
        await onRow(table, line);
        continue;
      }
      const said = JSON.parse(line);
      if (said.type === 'backup') {
        head = said;
        if (head.form !== 1) throw new Unreadable(`the snapshot is of form ${head.form}, and this script knows form 1`);
        tally = new Tally(head.objects);
      } else if (said.type === 'table') {
        table = said;
        tables.push(table);
        tally.begin(table);
      } else {
        end = said;
      }
    }
  } catch (error) {
    throw problem ?? error;
  }
  if (problem !== undefined) throw problem;
  if (end === undefined) throw new Unreadable('the snapshot has no end');
  if (tally.digest() !== end.digest) throw new Unreadable('the rows of the snapshot are not those that it was made of');
  return { head, tables, tally, checkpoint, end };
}
