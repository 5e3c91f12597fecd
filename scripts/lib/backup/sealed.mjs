/**
 * Files that only the holder of the backup key can read, and that nobody can change, cut, extend or swap unnoticed.
 * docs/operations.md describes the form.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const MAGIC = Buffer.from('pkbrbak1');
const KEY_BYTES = 32;
const ID_BYTES = 8;
const SALT_BYTES = 16;
const HEAD_BYTES = MAGIC.length + ID_BYTES + SALT_BYTES;
const CHUNK = 65_536;
const TAG = 16;

/** A file is not what was sealed, or not with this key. */
export class Unreadable extends Error {}

/** Returns the key in a file, or in BACKUP_KEY: 32 bytes in base64. */
export function backupKey(file, environment = process.env) {
  const text = file === undefined ? environment.BACKUP_KEY : readFileSync(file, 'utf8');
  if (text === undefined) throw new Error('no key: set BACKUP_KEY or give --key-file; make one with openssl rand -base64 32');
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text.trim()) {
    throw new Error('the backup key is not 32 bytes in base64: make one with openssl rand -base64 32');
  }
  return { bytes, id: Buffer.from(hkdfSync('sha256', bytes, '', 'package.broker/backup-key-id', ID_BYTES)) };
}

/** Yields the bytes of a sealed file. A file is bound to its name in the folder. */
export async function* sealed(key, name, plain) {
  const salt = randomBytes(SALT_BYTES);
  const head = Buffer.concat([MAGIC, key.id, salt]);
  yield head;
  const chunkKey = keyOf(key, salt, name);
  let number = 0;
  let waiting = Buffer.alloc(0);
  for await (const bytes of plain) {
    waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]);
    let from = 0;
    // The last chunk, which says so, is only known at the end.
    for (; waiting.length - from > CHUNK; from += CHUNK) {
      yield sealChunk(chunkKey, head, number++, waiting.subarray(from, from + CHUNK), false);
    }
    waiting = waiting.subarray(from);
  }
  yield sealChunk(chunkKey, head, number, waiting, true);
}

/** Yields what was sealed, each chunk once it is known to be the right one; throws {@link Unreadable} at the first that is not. */
export async function* opened(key, name, file) {
  let waiting = Buffer.alloc(0);
  let head;
  let chunkKey;
  let number = 0;
  for await (const bytes of file) {
    waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]);
    if (head === undefined && waiting.length >= HEAD_BYTES) {
      head = waiting.subarray(0, HEAD_BYTES);
      waiting = waiting.subarray(HEAD_BYTES);
      chunkKey = keyOf(key, saltOf(key, name, head), name);
    }
    let from = 0;
    for (; head !== undefined && waiting.length - from > CHUNK + TAG; from += CHUNK + TAG) {
      yield openChunk(chunkKey, head, number++, waiting.subarray(from, from + CHUNK + TAG), false, name);
    }
    waiting = waiting.subarray(from);
  }
  if (head === undefined || waiting.length < TAG) throw new Unreadable(`${name} is cut off`);
  yield openChunk(chunkKey, head, number, waiting, true, name);
}

/** Returns how many bytes were sealed in a file of that size. */
export function plainSize(size) {
  const chunks = Math.max(1, Math.ceil((size - HEAD_BYTES) / (CHUNK + TAG)));
  return size - HEAD_BYTES - chunks * TAG;
}

function saltOf(key, name, head) {
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw new Unreadable(`${name} is no file of a backup`);
  if (!head.subarray(MAGIC.length, MAGIC.length + ID_BYTES).equals(key.id)) throw new Unreadable(`${name} was sealed with another key`);
  return head.subarray(MAGIC.length + ID_BYTES);
}

function keyOf(key, salt, name) {
  return Buffer.from(hkdfSync('sha256', key.bytes, salt, `package.broker/backup-v1/${name}`, KEY_BYTES));
}

// The number keeps the order, the last byte says where the end is.
function nonce(number, last) {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(number, 5, 6);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

function sealChunk(key, head, number, plain, last) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(number, last)).setAAD(head);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openChunk(key, head, number, chunk, last, name) {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number, last), { authTagLength: TAG }).setAAD(head);
    decipher.setAuthTag(chunk.subarray(chunk.length - TAG));
    return Buffer.concat([decipher.update(chunk.subarray(0, chunk.length - TAG)), decipher.final()]);
  } catch {
    throw new Unreadable(`${name} is damaged, cut off or not in its place`);
  }
}
