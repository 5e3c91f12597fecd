/** The Node part of scripts/evidence: asks, checks, writes. Needs nothing but Node, and Python for the verifier. */
import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const DEADLINE = 300_000;
const TAIL = 64 << 10;
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const options = { from: { type: 'string' }, drills: { type: 'string' }, key: { type: 'string', multiple: true, default: [] } };

const missing = []; // what could not be gathered
const failed = []; // proofs that do not hold
let url = '';
let token = '';
let out = '';

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`evidence: ${error.message}`);
  process.exitCode = 2;
}

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length > 1) throw new Error('expected one directory');
  url = (process.env.PACKAGE_BROKER_URL ?? '').replace(/\/$/, '');
  token = process.env.PACKAGE_BROKER_TOKEN ?? '';
  if (url === '' || token === '') throw new Error('expected PACKAGE_BROKER_URL and PACKAGE_BROKER_TOKEN, a token with the right read_audit');
  const from = values.from === undefined ? 0 : Date.parse(`${values.from}T00:00:00Z`);
  if (Number.isNaN(from)) throw new Error('expected a day such as 2026-01-01 after --from');
  out = positionals[0] ?? `evidence-${new Date().toISOString().slice(0, 10)}`;
  await mkdir(out).catch((error) => {
    throw new Error(error.code === 'EEXIST' ? `${out} is there already: name another directory` : error.message);
  });

  const key = await gatherAccess();
  const config = await gatherConfiguration();
  await gatherReviews(key);
  await gatherLedger();
  await gatherLog(key, from, values.key);
  await gatherDrills(values.drills);
  await copyFile(join(PROJECT, 'docs', 'soc2.md'), join(out, 'soc2.md'));
  await summarise(config);
  await sumUp();
  for (const text of failed) console.log(`WRONG ${text}`);
  for (const text of missing) console.log(`missing: ${text}`);
  for (const text of config?.findings ?? []) console.log(`look at: ${text}`);
  console.log(`${out}: ${failed.length > 0 ? `${failed.length} proofs do not hold` : missing.length > 0 ? 'not everything is there' : 'complete, and all proofs hold'}`);
  return failed.length > 0 ? 1 : missing.length > 0 ? 2 : 0;
}

async function ask(path) {
  const response = await fetch(url + path, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(DEADLINE),
  }).catch((error) => {
    throw new Error(`${url} does not answer (${error.cause?.code ?? error.message})`);
  });
  if (response.status === 401) throw new Error(`${url} does not take the token: ${(await response.json()).error}`);
  return response;
}

/** Writes a file of the pack. */
async function put(name, content) {
  const path = join(out, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}

/** Asks for JSON, writes it, and returns it; null, and a note, if it cannot be had. */
async function take(name, path) {
  const response = await ask(path);
  const text = await response.text();
  if (response.status !== 200) {
    missing.push(`${name}: GET ${path} answered ${response.status}`);
    return null;
  }
  const body = JSON.parse(text);
  await put(name, body);
  return body;
}

/** Asks for a list page by page, writes it as one, and returns it; null if it cannot be had. */
async function takeAll(name, path, field) {
  const all = [];
  let after = '';
  do {
    const response = await ask(`${path}${path.includes('?') ? '&' : '?'}${after === '' ? '' : `after=${encodeURIComponent(after)}`}`);
    if (response.status !== 200) {
      missing.push(`${name}: GET ${path} answered ${response.status}`);
      return null;
    }
    const page = await response.json();
    all.push(...page[field]);
    after = page.next ?? '';
  } while (after !== '');
  await put(name, { [field]: all });
  return all;
}

async function gatherAccess() {
  const key = await take('audit/key.json', '/api/audit/key');
  await take('access/matrix.json', '/api/evidence/access');
  await take('access/tokens.json', '/api/tokens');
  await take('access/people.json', '/api/people');
  await take('access/oidc-rules.json', '/api/oidc-rules');
  return key;
}

async function gatherConfiguration() {
  const config = await take('configuration/selfcheck.json', '/api/evidence/config');
  await take('configuration/settings.json', '/api/settings');
  await take('configuration/health.json', '/api/health');
  await take('configuration/jobs.json', '/api/jobs');
  await takeAll('configuration/alerts.json', '/api/alerts', 'alerts');
  const keys = await ask('/api/keys');
  if (keys.status === 200) await put('configuration/keys.json', await keys.json());
  else missing.push(`configuration/keys.json: this version has no key inventory, or the token may not see it (GET /api/keys answered ${keys.status})`);
  return config;
}

async function gatherReviews(key) {
  const list = await take('reviews/index.json', '/api/reviews');
  for (const { id, sha256, note } of list?.reviews ?? []) {
    await take(`reviews/${id}.json`, `/api/reviews/${id}`);
    const response = await ask(`/api/reviews/${id}/snapshot`);
    const text = await response.text();
    await put(`reviews/${id}.ndjson`, text);
    const digest = createHash('sha256').update(text).digest('hex');
    const signed = note.split('\n\n\u2014 ')[0];
    if (digest !== sha256 || !signed.startsWith(`package.broker/review\n${id}\n`) || !signed.endsWith(`\n${sha256}`)) {
      failed.push(`the snapshot of review ${id} is not what was signed`);
    } else if (key === null || !isSigned(note, key)) {
      failed.push(`the signature of review ${id} is not that of the audit log's key`);
    }
  }
}

/** Tells whether a signed note of C2SP's form was signed with the key that the instance shows. */
function isSigned(note, key) {
  const at = note.indexOf('\n\n\u2014 ');
  const base64 = note.slice(at).trim().split(' ').at(-1);
  const signature = Buffer.from(base64 ?? '', 'base64').subarray(4); // behind the key's id
  const open = createPublicKey({ key: Buffer.concat([ED25519_SPKI, Buffer.from(key.public_key, 'base64')]), format: 'der', type: 'spki' });
  return at > 0 && verify(null, Buffer.from(note.slice(0, at + 1)), open, signature);
}

async function gatherLedger() {
  const versions = await takeAll('ledger/versions.json', '/api/evidence/ledger', 'versions');
  if (versions !== null) console.log(`ledger: ${versions.length} versions`);
}

async function gatherLog(key, from, keys) {
  await takeAll('audit/checkpoints.json', '/api/audit/checkpoints', 'checkpoints');
  const files = [];
  let next = from === 0 ? 'after=0' : `from=${from}`;
  while (next !== null) {
    const response = await ask(`/api/audit/export?format=ndjson&${next}`);
    if (response.status !== 200) {
      missing.push(`audit: the export answered ${response.status}`);
      return;
    }
    const file = join(out, 'audit', `export-${String(files.length + 1).padStart(4, '0')}.ndjson`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
    files.push(file);
    const end = await lastLine(file);
    next = end.next === null || end.next === undefined ? null : `after=${end.next}`;
  }
  const known = keys.length > 0 ? keys : key === null ? [] : [key.key];
  const verifier = join(PROJECT, 'scripts', 'lib', 'verify_audit.py');
  const { status, stdout, stderr } = spawnSync('python3', [verifier, ...files, ...known.flatMap((one) => ['--key', one])], { encoding: 'utf8' });
  await put('audit/verification.txt', `${stdout}${stderr}exit status ${status}\n`);
  if (status === 1) failed.push('the audit log was tampered with: see audit/verification.txt');
  else if (status !== 0) missing.push(`audit: reads are missing from the log, or the verifier failed (${status}): see audit/verification.txt`);
  console.log(`audit log: ${stdout.trim().split('\n').at(-1)}`);
}

/** Returns the last line of a file, which may be large, parsed. */
async function lastLine(file) {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return JSON.parse(buffer.toString('utf8').trimEnd().split('\n').at(-1));
  } finally {
    await handle.close();
  }
}

async function gatherDrills(folder) {
  const names = folder === undefined ? [] : (await readdir(folder)).filter((name) => /\.(json|txt|md)$/.test(name));
  if (names.length === 0) missing.push('drills: no report of a backup or a restore drill was given (--drills)');
  for (const name of names) await put(`drills/${name}`, await readFile(join(folder, name), 'utf8'));
}

async function summarise(config) {
  await put('summary.json', {
    instance: url,
    gathered_at: new Date().toISOString(),
    build: config?.build ?? null,
    config_sha256: config?.config_sha256 ?? null,
    findings: config?.findings ?? [],
    missing,
    failed,
  });
}

/** Writes the SHA-256 of every file, as `sha256sum -c` reads them. */
async function sumUp() {
  const lines = [];
  for (const name of (await readdir(out, { recursive: true })).sort()) {
    const path = join(out, name);
    if (!(await stat(path)).isFile()) continue;
    const digest = createHash('sha256');
    await pipeline(createReadStream(path), digest);
    lines.push(`${digest.digest('hex')}  ${relative(out, path)}`);
  }
  await writeFile(join(out, 'SHA256SUMS'), `${lines.join('\n')}\n`);
}
