/** What an instance says of itself, each list fetched once; and whether the bytes are there that its rows name. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { opened } from '../hostile/state.mjs';
import { sha1 } from './mix.mjs';

const NAMED = `SELECT artifact AS object, sha256 AS digest, size FROM version UNION ALL
  SELECT object, digest, size + advertised_size FROM document UNION ALL
  SELECT object, digest, size FROM view`;

/** The lists of an instance at a moment. */
export class Seen {
  #driver;
  #reader;
  #lists = new Map();

  constructor(driver, reader) {
    this.#driver = driver;
    this.#reader = reader;
  }

  /** Returns whether a package is known, and which archives of it are stored. */
  async package(name) {
    const { status, body } = await this.#driver.send('GET', `/api/packages/${name}`);
    if (status !== 200) return { state: 'absent', dists: [] };
    const document = await this.#driver.send('GET', `/p2/${name}.json`, { token: this.#reader });
    const versions = document.body.packages?.[name]?.length;
    return { state: versions === 1 && body.documents.length === 1 ? 'known' : `status ${document.status} with ${versions} versions`, dists: body.dists };
  }

  /** Returns the SHA-1 of the bytes that a path hands out if the ledger has it. */
  async archive(name, path) {
    const { dists } = await this.package(name);
    if (dists.length === 0) return 'absent';
    const { status, body } = await this.#driver.send('GET', path, { token: this.#reader });
    if (status !== 200) return `status ${status}`;
    const right = dists[0].sha1 === sha1(body) && dists[0].sha256 === sha256(body) && dists[0].size === body.length;
    return right ? dists[0].sha1 : 'not what the ledger says';
  }

  /** Returns the names of tokens. */
  async tokens() {
    return new Set((await this.#list('/api/tokens', 'tokens')).map(({ name }) => name));
  }

  /** Returns the states of alerts, by package. */
  async alerts() {
    return new Map((await this.#list('/api/alerts', 'alerts')).map((alert) => [alert.package, alert.state]));
  }

  /** Returns the titles of advisories, by package. */
  async advisories() {
    const list = await this.#list('/api/advisories', 'advisories');
    return new Map(list.map(({ packageName, title, withdrawn_at: withdrawn }) => [packageName, withdrawn === null ? title : 'withdrawn']));
  }

  async #list(path, key) {
    if (!this.#lists.has(path)) this.#lists.set(path, await this.#fetch(path, key));
    return this.#lists.get(path);
  }

  async #fetch(path, key) {
    const all = [];
    for (let after = ''; after !== null; ) {
      const { body } = await this.#driver.send('GET', path + after);
      all.push(...body[key]);
      after = (body.next ?? null) === null ? null : `?after=${encodeURIComponent(body.next)}`;
    }
    return all;
  }
}

/** The objects that rows name, looked at behind the instance's back and through it. */
export class Bytes {
  #folder;
  #driver;
  #read = new Set();

  /** What was wrong, in words. */
  wrong = [];

  constructor(folder, driver) {
    this.#folder = folder;
    this.#driver = driver;
  }

  get count() {
    return this.#read.size;
  }

  /** Sees to it that the files are whole and every row's object is there, whoever runs. */
  look() {
    const rows = this.#inFile('d1', 'token', (database) => database.prepare(NAMED).all());
    const objects = this.#inFile('r2', '_mf_objects', (database) =>
      new Map(database.prepare('SELECT key, size, blob_id FROM _mf_objects').all().map(({ key, size, blob_id: blob }) => [key, { size, blob }])));
    for (const { object, size } of rows) {
      const found = objects.get(object);
      const there = found?.size === size && (found.blob === null || existsSync(join(this.#folder, 'r2', 'package-broker-artifacts', 'blobs', found.blob)));
      if (!there) this.wrong.push(`${object}: expected ${size} bytes but found ${JSON.stringify(found)}`);
    }
    return rows;
  }

  #inFile(part, table, act) {
    const database = opened(join(this.#folder, part), table);
    try {
      const [{ integrity_check: verdict }] = database.prepare('PRAGMA integrity_check').all();
      if (verdict !== 'ok') this.wrong.push(`${part}: ${verdict}`);
      return act(database);
    } finally {
      database.close();
    }
  }

  /** Reads through the instance what the rows name and nobody has read yet, or all of it again, and compares the digests. */
  async read(rows, again = false) {
    for (const { object, digest } of rows.filter((row) => again || !this.#read.has(row.object))) {
      const { status, body } = await this.#driver.send('GET', `/api/backup/objects/${object}`);
      if (status !== 200 || sha256(body) !== digest) this.wrong.push(`${object}: expected the bytes of ${digest} but found status ${status}`);
      this.#read.add(object);
    }
  }
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
