/** Makes an instance that was not set up out of a backup, and checks it before it is opened. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { Api, Refused, each } from './api.mjs';
import { sha256 } from './backup.mjs';
import { Tally, readSnapshot } from './snapshot.mjs';

const AT_ONCE = 8;
const BATCH = 500_000; // characters, of up to three bytes each: the instance takes 1.9 MB
const IN_MEMORY = 64 << 20;
const VERIFIER = fileURLToPath(new URL('../verify_audit.py', import.meta.url));

/**
 * Restores a snapshot. Returns `{ head, checkpoint, rows, objects, digest, refused, checked, seconds }`; throws, and leaves the instance
 * closed, if its rows are not those of the backup or a checked object is not.
 *
 * @param {string} options.url where the empty instance is
 * @param {string} options.baseUrl the address under which it will be known
 * @param {number} options.sample how many objects are read again before it is opened
 */
export async function restoreBackup({ folder, snapshot, url, setupSecret, baseUrl = url, sample = 0, say = () => {} }) {
  const began = Date.now();
  // To its end before anything is sent: half a snapshot, or one of another key, restores nothing.
  const { head, tables: here, tally, checkpoint, end } = await readSnapshot(folder, snapshot);
  const api = new Api(url, setupSecret);
  const description = await api.json('POST', '/api/restore', {});
  const { id } = description;
  requireSameTables(here, description.tables);
  await sendRows(api, id, folder, snapshot);
  say(`${tally.rows} rows are sent.`);
  const missing = new Set(end.missing.map(({ key }) => key));
  const objects = [...tally.objects].filter(([key]) => !missing.has(key));
  const refused = await sendObjects({ api, id, folder, objects, say });
  say(`${objects.length - refused.length} objects are sent.`);
  const found = await digestOf(api, id, description, head.objects);
  if (found.digest() !== end.digest) {
    const tables = Object.keys(end.tables).filter((name) => end.tables[name].sha256 !== found.tables[name]?.sha256);
    throw new Error(`the rows of ${tables.join(', ')} are not those of the backup: the instance stays closed; restore again`);
  }
  const checked = await checkObjects(api, id, objects.filter(([key]) => !refused.includes(key)), sample);
  const tables = Object.fromEntries(Object.entries(end.tables).map(([name, { rows }]) => [name, rows]));
  await finish(api, id, { snapshot, digest: end.digest, base_url: baseUrl, tables });
  return {
    head, checkpoint, rows: tally.rows, objects: objects.length, digest: end.digest, refused, checked,
    seconds: (Date.now() - began) / 1000,
  };
}

function requireSameTables(here, there) {
  const forms = (tables) => tables.map(({ name, columns }) => `${name} (${columns.join(', ')})`);
  const differing = [...forms(here).filter((form) => !forms(there).includes(form)), ...forms(there).filter((form) => !forms(here).includes(form))];
  if (differing.length > 0) {
    throw new Error(`the instance is of another version than the backup (${differing[0]}): restore with the version that made it, and upgrade then`);
  }
}

async function sendRows(api, id, folder, snapshot) {
  let current;
  let waiting = [];
  let size = 0;
  const flush = async () => {
    if (waiting.length > 0) await api.ask('POST', `/api/restore/rows?id=${id}&table=${current.name}`, `[${waiting.join(',')}]`);
    waiting = [];
    size = 0;
  };
  await readSnapshot(folder, snapshot, async (table, line) => {
    if (table !== current || size + line.length > BATCH) await flush();
    current = table;
    waiting.push(line);
    size += line.length;
  });
  await flush();
}

/** Sends the objects; returns those that are too large for the way to the instance. */
async function sendObjects({ api, id, folder, objects, say }) {
  const refused = [];
  let done = 0;
  await each(objects, AT_ONCE, async ([key, digest]) => {
    const path = `/api/restore/objects/${key}?id=${id}&sha256=${digest}`;
    const type = 'application/octet-stream';
    try {
      const large = (await folder.size(`objects/${key}`)) > IN_MEMORY;
      if (large) await api.ask('PUT', path, Readable.toWeb(Readable.from(folder.read(`objects/${key}`))), { type, tries: 1 });
      else await api.ask('PUT', path, await folder.bytes(`objects/${key}`), { type });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 413) throw error;
      refused.push(key);
    }
    done += 1;
    if (done % 10_000 === 0) say(`${done} of ${objects.length} objects are sent.`);
  });
  return refused;
}

async function digestOf(api, id, description, named) {
  const tally = new Tally(named);
  for (const table of description.tables) {
    tally.begin(table);
    for await (const { lines } of api.pages(`/api/restore/rows?id=${id}&`, table)) {
      if (lines !== '') tally.add(lines);
    }
  }
  return tally;
}

/** Reads some objects again, drawn at random; returns how many. */
async function checkObjects(api, id, objects, sample) {
  const drawn = sample >= objects.length ? objects : draw(objects, sample);
  await each(drawn, AT_ONCE, async ([key, digest]) => {
    const response = await api.ask('GET', `/api/restore/objects/${key}?id=${id}`);
    if (sha256(Buffer.from(await response.arrayBuffer())) !== digest) {
      throw new Error(`the instance has other bytes than the backup for ${key}: it stays closed`);
    }
  });
  return drawn.length;
}

function draw(items, count) {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

/** Opens the instance. If the answer is lost, asking again tells. */
async function finish(api, id, body) {
  try {
    await api.json('POST', `/api/restore/finish?id=${id}`, body);
  } catch (error) {
    const health = await fetch(`${api.url}/api/health`).then((response) => response.json());
    if (error instanceof Refused || health.database !== 'ok') throw error;
  }
}

/**
 * Checks the audit log of an instance that was restored: the chain as a whole, that the backup's newest checkpoint is in it, and
 * who signed it: the key of now, that of the backup, or a former one. Returns what the verifier says, `{ ok, code, output }`.
 */
export async function checkChain({ url, token, head, checkpoint, keys: former = [] }) {
  const api = new Api(url, token);
  const scratch = await mkdtemp(join(tmpdir(), 'package-broker-chain-'));
  try {
    const parts = [];
    for (let after = 0; after !== null; ) {
      const file = join(scratch, `part${parts.length}.ndjson`);
      const response = await api.ask('GET', `/api/audit/export?after=${after}`);
      await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
      parts.push(file);
      after = await nextOf(file);
    }
    const { key } = await api.json('GET', '/api/audit/key');
    const keys = [...new Set([head.audit_key, key, ...former])].flatMap((each) => ['--key', each]);
    const anchor = join(scratch, 'checkpoint.txt');
    if (checkpoint !== null) await writeFile(anchor, checkpoint);
    const child = spawn('python3', [VERIFIER, ...parts, ...keys, ...(checkpoint === null ? [] : ['--anchor', anchor])], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    return { ok: code === 0 || code === 2, code, output: output.trim() };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function nextOf(file) {
  const text = (await readFile(file, 'utf8')).trimEnd();
  return JSON.parse(text.slice(text.lastIndexOf('\n') + 1)).next ?? null;
}
