/**
 * A folder of backups: `snapshots/` has the rows of each, `objects/` the objects of all. What lies in these two is whole; what
 * is on its way lies in `incoming/`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { opened, plainSize, sealed, Unreadable } from './sealed.mjs';

export class Folder {
  #path;
  #key;

  constructor(path, key) {
    this.#path = path;
    this.#key = key;
  }

  /** Returns the names of the snapshots, the newest last. */
  async snapshots() {
    return (await readdir(join(this.#path, 'snapshots')).catch(() => [])).filter((name) => name.endsWith('.pkbr')).map((name) => name.slice(0, -5)).sort();
  }

  /** Yields the bytes of a file of this folder, such as `snapshots/…` or `objects/…`. */
  read(name) {
    return opened(this.#key, name, createReadStream(join(this.#path, nameOfFile(name))));
  }

  /** Returns what a file holds that fits into memory: one read, where thousands are small. */
  async bytes(name) {
    const all = [];
    for await (const bytes of opened(this.#key, name, [await readFile(join(this.#path, nameOfFile(name)))])) all.push(bytes);
    return all.length === 1 ? all[0] : Buffer.concat(all);
  }

  /** Writes a file on its way, and returns the SHA-256 of what was sealed. */
  async write(name, plain) {
    const path = join(this.#path, 'incoming', nameOfFile(name));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    async function* hashed() {
      for await (const bytes of plain) {
        hash.update(bytes);
        yield bytes;
      }
    }
    await pipeline(sealed(this.#key, name, hashed()), createWriteStream(path, { mode: 0o600 }));
    return hash.digest('hex');
  }

  /** Tells whether a file is there, or on its way with this digest; for a backup that was cut off. */
  async has(name, sha256) {
    if (await exists(join(this.#path, nameOfFile(name)))) return true;
    const path = join(this.#path, 'incoming', nameOfFile(name));
    if (!(await exists(path))) return false;
    return (await digestOf(opened(this.#key, name, createReadStream(path))).catch(() => '')) === sha256;
  }

  /** Throws away a file on its way. */
  async discard(name) {
    await rm(join(this.#path, 'incoming', nameOfFile(name)), { force: true });
  }

  /** Moves what is on its way to its place once it is on the disk: the objects first, and the snapshot, which needs them, last. */
  async settle(snapshot) {
    spawnSync('sync', ['-f', this.#path]);
    await settleFolder(join(this.#path, 'incoming', 'objects'), join(this.#path, 'objects'));
    const path = join(this.#path, nameOfFile(snapshot));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(join(this.#path, 'incoming', nameOfFile(snapshot)), path);
    await rm(join(this.#path, 'incoming'), { recursive: true, force: true });
    spawnSync('sync', ['-f', this.#path]);
  }

  /** Returns the SHA-256 of what a file holds; null if there is no such file. */
  async digest(name) {
    try {
      return await digestOf(this.read(name));
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Returns how many bytes a file holds, null if there is none. */
  async size(name) {
    const found = await stat(join(this.#path, nameOfFile(name))).catch(() => null);
    return found === null ? null : plainSize(found.size);
  }
}

async function digestOf(plain) {
  const hash = createHash('sha256');
  for await (const bytes of plain) hash.update(bytes);
  return hash.digest('hex');
}

async function settleFolder(from, to) {
  for (const entry of await readdir(from, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) {
      await settleFolder(join(from, entry.name), join(to, entry.name));
    } else {
      await mkdir(to, { recursive: true, mode: 0o700 });
      await rename(join(from, entry.name), join(to, entry.name));
    }
  }
}

function exists(path) {
  return access(path).then(() => true, () => false);
}

function nameOfFile(name) {
  if (!/^(objects\/[a-z]+|snapshots)\/[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) throw new Unreadable(`${name} is no name of a file of a backup`);
  return `${name}.pkbr`;
}
