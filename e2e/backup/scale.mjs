/**
 * A large instance, backed up and restored: it is itself made by restoring a backup that is made up here, row by row, so that
 * nobody has to mirror for hours. What is timed goes the way that operators go.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Api } from '../../scripts/lib/backup/api.mjs';
import { checkBackup, makeBackup } from '../../scripts/lib/backup/backup.mjs';
import { Folder } from '../../scripts/lib/backup/folder.mjs';
import { checkChain, restoreBackup } from '../../scripts/lib/backup/restore.mjs';
import { backupKey } from '../../scripts/lib/backup/sealed.mjs';
import { Tally, readSnapshot } from '../../scripts/lib/backup/snapshot.mjs';
import { newSecrets } from '../instance.mjs';
import { seeded } from '../random.mjs';
import { startWorker } from '../worker.mjs';

const SAMPLE = 1_000;

/**
 * Backs a made-up instance up and restores it; returns what it took.
 *
 * @param {number} options.packages how many packages, each with a document
 * @param {number} options.versions how many rows the ledger has, each with an archive of its own
 * @param {string} options.scratch where states and backups lie for a while
 */
export async function playScale({ packages, versions, seed, scratch = tmpdir(), say = () => {} }) {
  const place = await mkdtemp(join(scratch, 'package-broker-scale-'));
  const key = backupKey(undefined, { BACKUP_KEY: randomBytes(32).toString('base64') });
  const workers = [];
  const { AUDIT_SIGNING_KEY } = newSecrets(); // the new instance has the keys of the old one
  const start = async (name) => {
    const secrets = { ...newSecrets(), AUDIT_SIGNING_KEY };
    const worker = await startWorker({ secrets, state: join(place, name) });
    workers.push(worker);
    return { worker, secrets };
  };
  try {
    const small = await start('small');
    await small.worker.setup();
    await small.worker.scheduled();
    const made = new Folder(join(place, 'made'), key);
    const token = small.worker.admin;
    await makeBackup({ api: new Api(small.worker.url, token), folder: made });
    const enlarged = await enlarge({ folder: made, packages, versions, random: seeded(seed) });
    say('made up');

    const first = await start('first');
    const seeding = await restoreBackup({ folder: made, snapshot: enlarged, url: first.worker.url, setupSecret: first.secrets.SETUP_SECRET });
    say(`the instance is there after ${seeding.seconds.toFixed(0)} s`);
    const folder = new Folder(join(place, 'backup'), key);
    const api = new Api(first.worker.url, token);
    const backup = await makeBackup({ api, folder });
    const again = await makeBackup({ api, folder });
    const { problems } = await checkBackup({ folder, snapshot: backup.snapshot });
    await first.worker.close();
    workers.splice(workers.indexOf(first.worker), 1);

    const second = await start('second');
    const { url } = second.worker;
    const began = Date.now();
    const restored = await restoreBackup({ folder, snapshot: backup.snapshot, url, setupSecret: second.secrets.SETUP_SECRET, sample: SAMPLE });
    const chain = await checkChain({ url, token, head: restored.head, checkpoint: restored.checkpoint });
    const rto = (Date.now() - began) / 1000;
    const [{ n }] = await second.worker.sql('SELECT COUNT(*) AS n FROM version');
    return { backup, again, problems, restored, chain, rto, versions: n };
  } finally {
    for (const worker of workers) await worker.close();
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Adds packages, versions and their objects to the newest snapshot of a folder; returns the name of the larger one. */
async function enlarge({ folder, packages, versions, random }) {
  const before = (await folder.snapshots()).at(-1);
  const rows = new Map();
  const { head, tables } = await readSnapshot(folder, before, (table, line) => rows.set(table.name, [...(rows.get(table.name) ?? []), line]));
  const tally = new Tally(head.objects);
  const add = objectsInto(folder);
  const more = { package: [], document: [], version: [] };
  const at = head.made_at;
  const names = Array.from({ length: packages }, (_, i) => `vendor${i % 97}/package${i}`);
  for (const name of names) {
    const [object, sha256, size] = await add('document', JSON.stringify({ packages: { [name]: [] } }));
    more.package.push({ name, upstream: 'u1', owned_at: at });
    more.document.push({
      package: name, dev: 0, object, size, advertised_size: 0, digest: sha256, versions: 10, last_modified: at, upstream_modified: '', upstream_etag: '',
      fresh_until: at, missing_since: 0, base_url: head.base_url, generation: 1, description: `Package “${name}”`, type: 'library', abandoned: '', provides: '', extras: '{}',
    });
  }
  for (let i = 0; i < versions; i += 1) {
    const [artifact, sha256, size] = await add('artifact', Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(random.between(50, 400))]));
    const version = `${Math.floor(i / packages)}.${random.between(0, 99)}.0.0`;
    more.version.push({
      package: names[i % packages], version, reference: `r${i}`, type: 'zip', artifact, sha256, sha1: '', size, upstream: 'u1', first_seen: at, state: 'stored', released_at: at,
    });
  }
  const name = `${before}-enlarged`;
  async function* lines() {
    yield `${JSON.stringify(head)}\n`;
    for (const table of tables) {
      tally.begin(table);
      yield `${JSON.stringify(table)}\n`;
      const added = (more[table.name] ?? []).map((row) => table.columns.map((column) => row[column] ?? ''));
      // As the database orders them: a made-up row has no text that is the beginning of another's in its place.
      const keyOf = (row) => table.key.map((place) => row[place]).join('\u0000');
      added.sort((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1));
      for (const line of [...(rows.get(table.name) ?? []), ...added.map((row) => JSON.stringify(row))]) {
        tally.add(`${line}\n`);
        yield `${line}\n`;
      }
    }
    const digest = tally.digest();
    yield `${JSON.stringify({ type: 'end', tables: tally.tables, digest, missing: [] })}\n`;
  }
  await folder.write(`snapshots/${name}`, Readable.from(lines()).pipe(createGzip()));
  await folder.settle(`snapshots/${name}`);
  return name;
}

function objectsInto(folder) {
  return async (room, content) => {
    const bytes = Buffer.from(content);
    const object = `${room}/${randomBytes(16).toString('hex')}`;
    await folder.write(`objects/${object}`, [bytes]);
    return [object, createHash('sha256').update(bytes).digest('hex'), bytes.length];
  };
}
