/**
 * The packages of the bench's upstream: every name says what it is, so any number of different ones can be had.
 *
 * `bench/p200k-17` has a p2 document of exactly 200,000 bytes and small archives; `bench/a8m-3` has one version whose
 * archive has exactly 8,000,000 bytes. Everything follows from the name alone.
 */
import { createHash } from 'node:crypto';

const NAME = /^bench\/([pa])(\d+)([km])-\w+$/;
const SMALL_ARCHIVE = 15_000;
const SMALL_DOCUMENT = 3_000;
const CHUNK = 1 << 20;
const UNIT = { k: 1_000, m: 1_000_000 };

/** Returns what a name promises, `{ document, archive }` in bytes, or undefined for a name that does not exist here. */
export function sizes(name) {
  const match = NAME.exec(name);
  if (match === null) {
    return undefined;
  }
  const bytes = Number(match[2]) * UNIT[match[3]];
  return match[1] === 'p' ? { document: bytes, archive: SMALL_ARCHIVE } : { document: SMALL_DOCUMENT, archive: bytes };
}

/** Returns the minified p2 document of a name, as Packagist writes them, of exactly the promised number of bytes. */
export function document(name, origin) {
  const { document: bytes } = sizes(name);
  const head = full(name, origin);
  const versions = [head];
  const lengthOf = (value) => Buffer.byteLength(JSON.stringify(value)) + 1;
  const wrap = () => JSON.stringify({ packages: { [name]: versions }, minified: 'composer/2.0' });
  let left = bytes - Buffer.byteLength(wrap());
  for (let i = 1; NAME.exec(name)[1] === 'p'; i++) {
    const next = diff(name, origin, i);
    if (lengthOf(next) > left) {
      break;
    }
    versions.push(next);
    left -= lengthOf(next);
  }
  head.description += '.'.repeat(left);
  return Buffer.from(wrap());
}

/** Yields the archive of a name, with a zip's first four bytes; two names never give the same bytes. */
export function* archive(name) {
  const block = Buffer.alloc(CHUNK);
  for (let at = 0, seed = sha('sha512', name); at < CHUNK; at += seed.length, seed = sha('sha512', seed)) {
    seed.copy(block, at);
  }
  let left = sizes(name).archive;
  const first = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), block.subarray(4)]);
  for (let chunk = first; left > 0; chunk = block) {
    yield chunk.subarray(0, Math.min(left, CHUNK));
    left -= CHUNK;
  }
}

const sha = (algorithm, data) => createHash(algorithm).update(data).digest();

function full(name, origin) {
  return {
    name,
    description: 'A package of the benchmark that looks like one of the well-known ones',
    keywords: ['framework', 'benchmark', 'http', 'middleware'],
    homepage: `https://${name.replace('/', '.')}.example.com`,
    ...release(name, origin, 0),
    license: ['MIT'],
    authors: [{ name: 'Zoé Bench', email: 'zoe@example.com', homepage: 'https://example.com', role: 'Developer' }],
    type: 'library',
    funding: [{ type: 'github', url: 'https://git.example.com/sponsors/bench' }],
    autoload: { files: ['src/functions.php'], 'psr-4': { 'Bench\\Package\\': 'src/' } },
    extra: { 'branch-alias': { 'dev-main': '41.x-dev' }, thanks: { name, url: `https://git.example.com/${name}` } },
    require: requirements(0),
    'require-dev': { 'phpunit/phpunit': '^10.5', 'squizlabs/php_codesniffer': '^3.9', 'phpstan/phpstan': '^1.11' },
    suggest: { 'ext-intl': 'Better sorting', 'ext-redis': 'A faster cache' },
    conflict: { 'bench/legacy': '<2.0' },
    provide: { 'psr/log-implementation': '1.0|2.0|3.0' },
    replace: { 'bench/old-name': 'self.version' },
    bin: ['bin/bench'],
  };
}

/** What differs from the version before: every fourth release also changes its requirements. */
function diff(name, origin, i) {
  return {
    ...release(name, origin, i),
    ...(i % 4 === 0 && { require: requirements(i) }),
    ...(i === 5 && { funding: '__unset' }),
  };
}

function release(name, origin, i) {
  const version = `${40 - Math.floor(i / 100)}.${9 - (Math.floor(i / 10) % 10)}.${9 - (i % 10)}`;
  const reference = sha('sha1', `${name} ${version}`).toString('hex');
  return {
    version: `v${version}`,
    version_normalized: `${version}.0`,
    source: { url: `https://git.example.com/${name}.git`, type: 'git', reference },
    dist: { url: `${origin}/dist/${name}/${reference}.zip`, type: 'zip', shasum: '', reference },
    time: new Date(Date.UTC(2026, 0, 1) - i * 86_400_000).toISOString().replace('.000Z', '+00:00'),
    support: { issues: `https://git.example.com/${name}/issues`, source: `https://git.example.com/${name}/tree/v${version}` },
  };
}

function requirements(i) {
  return {
    php: `>=8.${3 - (Math.floor(i / 40) % 4)}`,
    'ext-json': '*',
    'ext-mbstring': '*',
    'psr/container': '^1.1|^2.0',
    'psr/log': `^${3 - (Math.floor(i / 16) % 3)}.0`,
    'symfony/polyfill-mbstring': `~1.${20 + (i % 12)}`,
    'symfony/service-contracts': '^2.5|^3',
  };
}
