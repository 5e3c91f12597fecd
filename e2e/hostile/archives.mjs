/** Zips that no good tool writes, byte by byte: what the catalogue of hostile inputs names. */
import { crc32, deflateRawSync } from 'node:zlib';

/** The package that they claim to be, and the largest archive that the instance takes. */
export const NAME = 'acme/zipped';
export const MAX_ARCHIVE_BYTES = 8_000_000;

const manifest = (more = {}) => JSON.stringify({ name: NAME, ...more });
const composerJson = (text = manifest(), more = {}) => ({ name: 'composer.json', content: text, ...more });
const STORED = { method: 0 };

/** Returns a good archive, told apart from others by a word. */
export function good(word = 'good') {
  return zip([composerJson(manifest({ description: word })), { name: 'src/Tool.php', content: '<?php\n' }]);
}

const ARCHIVES = {
  'zip cut in the middle': () => good().subarray(0, good().length >> 1),
  'zip with prepended PHP': () => Buffer.concat([Buffer.from('<?php evil(); __halt_compiler();'), good()]),
  'zip with 200 KiB comment': () => Buffer.concat([good().subarray(0, -2), Buffer.from([0xff, 0xff]), Buffer.alloc(200 << 10, 'c')]),
  'entry name ../../evil.php': () => zip([composerJson(), { name: '../../evil.php', content: '<?php' }]),
  'entry name C:\\\\x': () => zip([composerJson(), { name: 'C:\\x', content: 'x' }]),
  'symlink entry to /etc/passwd': () => zip([composerJson(), { name: 'link', content: '/etc/passwd', mode: 0o120777 }]),
  '42 KiB that inflates to 4 GiB': () => zip([composerJson(), { name: 'bomb', content: Buffer.alloc(42 << 20), size: 0xfffffffe }]),
  'overlapping entries bomb': () => overlapping(1_000),
  '65,536 entries': () => zip([composerJson(), ...Array.from({ length: 65_535 }, (_, i) => ({ name: `f${i}`, content: '', ...STORED }))], { count: 0xffff }),
  'local header name differs from central': () => zip([composerJson(), { name: 'good.php', localName: 'evil.php', content: 'x' }]),
  'composer.json name differs from the URL': () => zip([composerJson(JSON.stringify({ name: 'acme/other' }))]),
  'composer.json version differs from the URL': () => zip([composerJson(manifest({ version: '2.0.0' }))]),
  'composer.json of 20 MiB': () => zip([composerJson(manifest({ description: Array.from({ length: 140_000 }, (_, i) => `${' '.repeat(140)}${(i * 2_654_435_761) >>> 0}`).join('') }))]),
  'composer.json nested 100k': () => zip([composerJson(`{"name":"${NAME}","extra":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, STORED)]),
  'body 1 byte over the size limit': () => Buffer.concat([good(), Buffer.alloc(MAX_ARCHIVE_BYTES + 1 - good().length)]),
};

/** Returns the archive that a case of the catalogue names. */
export function archiveOf(fixture) {
  const made = ARCHIVES[fixture];
  if (made === undefined) throw new Error(`expected an archive but found ${fixture}`);
  return made();
}

/** Many entries of the directory that all lead to the same bytes. */
function overlapping(count) {
  const kernel = { name: 'kernel', content: Buffer.alloc(1 << 20) };
  const others = Array.from({ length: count }, (_, i) => ({ ...kernel, name: `kernel${i}`, at: 'kernel' }));
  return zip([composerJson(), kernel, ...others]);
}

/**
 * Returns a zip.
 *
 * @param {object[]} entries `{ name, content }` each, and what is to be other than it should be
 * @param {object} end how many entries its end says that there are
 */
export function zip(entries, { count = entries.length } = {}) {
  const written = [];
  const places = {};
  let offset = 0;
  const directory = entries.map(({ name, localName = name, content, method = 8, mode = 0o100644, at, size }) => {
    const plain = Buffer.from(content);
    const packed = method === 0 ? plain : deflateRawSync(plain, { level: 9 });
    const fields = { method, crc: crc32(plain), packed: packed.length, size: size ?? plain.length };
    const place = at === undefined ? offset : places[at];
    places[name] = place;
    if (at === undefined) {
      const local = Buffer.concat([header(30, 0x04034b50, 4, fields, localName), Buffer.from(localName), packed]);
      written.push(local);
      offset += local.length;
    }
    const central = header(46, 0x02014b50, 6, fields, name);
    central.writeUInt16LE(0x031e, 4);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(place, 42);
    return Buffer.concat([central, Buffer.from(name)]);
  });
  const whole = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(whole.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...written, whole, end]);
}

/** Returns a header whose usual fields begin at a place. */
function header(length, signature, from, { method, crc, packed, size }, name) {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(20, from);
  bytes.writeUInt16LE(method, from + 4);
  bytes.writeUInt32LE(crc, from + 10);
  bytes.writeUInt32LE(packed, from + 14);
  bytes.writeUInt32LE(size, from + 18);
  bytes.writeUInt16LE(Buffer.byteLength(name), from + 22);
  return bytes;
}
