/**
 * Writes zip and tar archives whose bytes depend on nothing but their contents, so that a test can say
 * "the same archive" and mean the same bytes.
 *
 * Contents are `{ 'src/Hello.php': 'text' | Buffer | blob(size, seed) }`. As in the archives that code
 * hosts make, everything lies in one top-level directory, which Composer strips.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

const TOP = 'package';
const CHUNK = 1 << 20;
const DOS_DATE = 0x5821; // 2024-01-01
const UNIX_TIME = 1704067200; // the same day

/** Returns a file of `size` bytes that do not compress, told by `seed` alone; its bytes are made when they are read. */
export function blob(size, seed = 'blob') {
  return { size, chunks: () => blobChunks(size, seed) };
}

/** Returns a zip as a Buffer. */
export function zip(files) {
  return Buffer.concat([...zipChunks(files)]);
}

/** Returns an uncompressed tar as a Buffer. */
export function tar(files) {
  return Buffer.concat([...tarChunks(files)]);
}

/** Returns a gzipped tar as a Buffer. */
export function tarGz(files) {
  return gzipSync(tar(files), { level: 6 });
}

/** Yields a zip piece by piece; a blob in it is read twice (its checksum stands before it) and never held. */
export function* zipChunks(files) {
  const directory = [];
  let offset = 0;
  for (const [path, content] of entries(files)) {
    const entry = zipEntry(`${TOP}/${path}`, content);
    const header = localHeader(entry);
    yield header;
    yield* entry.chunks();
    directory.push(centralHeader(entry, offset));
    offset += header.length + entry.stored;
  }
  yield* directory;
  yield endOfDirectory(directory, offset);
}

/** Yields an uncompressed tar (ustar) piece by piece. */
export function* tarChunks(files) {
  for (const [path, content] of entries(files)) {
    const { size, chunks } = asSource(content);
    yield tarHeader(`${TOP}/${path}`, size);
    yield* chunks();
    yield Buffer.alloc((512 - (size % 512)) % 512);
  }
  yield Buffer.alloc(1024);
}

/** Returns `{ length, sha1, chunks }` of an archive given as a function that yields its pieces. */
export function measured(chunks) {
  const sha1 = createHash('sha1');
  let length = 0;
  for (const chunk of chunks()) {
    sha1.update(chunk);
    length += chunk.length;
  }
  return { length, sha1: sha1.digest('hex'), chunks };
}

function entries(files) {
  return Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
}

function asSource(content) {
  if (typeof content === 'object' && !Buffer.isBuffer(content)) return content;
  const bytes = Buffer.from(content);
  return { size: bytes.length, chunks: () => [bytes] };
}

// AES in counter mode over zeros: incompressible, seeded, and several hundred MB/s.
function* blobChunks(size, seed) {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(CHUNK);
  for (let left = size; left > 0; left -= CHUNK) {
    yield cipher.update(left < CHUNK ? zeros.subarray(0, left) : zeros);
  }
}

function zipEntry(path, content) {
  const name = Buffer.from(path);
  const { size, chunks } = asSource(content);
  let crc = 0;
  for (const chunk of chunks()) crc = crc32(chunk, crc);
  if (size > CHUNK || size === 0) return { name, crc, size, stored: size, method: 0, chunks };
  const deflated = deflateRawSync(Buffer.concat([...chunks()]), { level: 6 });
  return { name, crc, size, stored: deflated.length, method: 8, chunks: () => [deflated] };
}

function localHeader({ name, crc, size, stored, method }) {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(stored, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function centralHeader({ name, crc, size, stored, method }, offset) {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(0x0314, 4); // made on Unix, so that the permissions below count
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(method, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(stored, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE((0o100644 << 16) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

function endOfDirectory(directory, offset) {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(directory.reduce((sum, header) => sum + header.length, 0), 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

function tarHeader(path, size) {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${UNIX_TIME.toString(8).padStart(11, '0')}\0`, 136);
  header.write(' '.repeat(8), 148); // the checksum counts itself as blanks
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
