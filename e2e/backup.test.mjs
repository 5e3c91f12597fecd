/** A backup, what can happen to it, and an instance that is made of it: with the scripts that operators run. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkBackup, sha256 } from '../scripts/lib/backup/backup.mjs';
import { Folder } from '../scripts/lib/backup/folder.mjs';
import { backupKey } from '../scripts/lib/backup/sealed.mjs';
import { readSnapshot } from '../scripts/lib/backup/snapshot.mjs';
import { expectInstalled } from './expect.mjs';
import { newSecrets } from './instance.mjs';
import { startMirror } from './mirror.mjs';
import { seedOf, seeded } from './random.mjs';
import { startWorker } from './worker.mjs';

const SCRIPTS = fileURLToPath(new URL('../scripts/', import.meta.url));
const SEED = seedOf('BACKUP_SEED', Date.now() % 1e9);
const SPOILT = 100;

let mirror;
let folder;
let key;
let operator;
let release;
let client;
const open = [];

before(async () => {
  mirror = await startMirror({ upstreams: [{}] });
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
  key = randomBytes(32).toString('base64');
  const rights = ['backup', 'read_audit'];
  operator = (await mirror.worker.api('POST', '/api/tokens', { name: 'backups', rights, patterns: ['*'] })).body.token;
  release = mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0', size: 6_000_000 });
  client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
  await client.succeed('update');
  await mirror.worker.scheduled();
});
after(async () => {
  for (const each of open) await each.close();
  await mirror?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a script of the operators and returns `{ code, output }`. */
function run(script, args, environment = {}) {
  const env = { ...process.env, BACKUP_KEY: key, PACKAGE_BROKER_TOKEN: operator, PACKAGE_BROKER_URL: mirror.worker.url, ...environment };
  return new Promise((resolve) => {
    execFile(join(SCRIPTS, script), [folder, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }));
  });
}

async function emptyInstance() {
  const secrets = newSecrets();
  const worker = await startWorker({ secrets });
  open.push(worker);
  return { worker, restore: (...args) => run('restore', ['--url', worker.url, ...args], { SETUP_SECRET: secrets.SETUP_SECRET }) };
}

function spoilt(whole, random) {
  const kind = random.between(1, 3);
  if (kind === 1) return whole.subarray(0, random.between(0, whole.length - 1));
  if (kind === 2) return Buffer.concat([whole, Buffer.alloc(random.between(1, 20), random.between(0, 255))]);
  const flipped = Buffer.from(whole);
  flipped[random.between(0, whole.length - 1)] ^= 1 << random.between(0, 7);
  return flipped;
}

async function swap(one, two) {
  await rename(one, `${one}.away`);
  await rename(two, one);
  await rename(`${one}.away`, two);
}

async function files(name = folder) {
  const all = [];
  for (const entry of await readdir(name, { withFileTypes: true })) {
    const path = join(name, entry.name);
    if (entry.isDirectory()) all.push(...(await files(path)));
    else all.push(path);
  }
  return all.sort();
}

describe('a backup', () => {
  it('is made, is recorded, holds no secret in the clear, and verifies without the instance', async () => {
    const { code, output } = await run('backup', []);
    assert.equal(code, 0, output);
    assert.match(output, /Snapshot \S+, digest [0-9a-f]{64}/);
    const [row] = await mirror.worker.sql("SELECT detail FROM audit WHERE action = 'create.backup'");
    assert.match(row.detail, /"missing":0/);
    for (const file of await files()) {
      const bytes = await readFile(file);
      for (const clear of ['acme/hello', 'base_url', 'PK\u0003\u0004']) assert.ok(!bytes.includes(clear), `${file} holds ${clear}`);
    }
    const checked = await run('backup', ['--verify'], { PACKAGE_BROKER_URL: '', PACKAGE_BROKER_TOKEN: '' });
    assert.equal(checked.code, 0, checked.output);
  });

  it('fetches only what it does not have', async () => {
    const before = await files();
    mirror.upstream.publish({ name: 'acme/hello', version: '1.1.0', size: 1000 });
    await client.succeed('update');
    const { code, output } = await run('backup', []);
    assert.equal(code, 0, output);
    assert.match(output, /^2 of them are new/m); // the document and the archive
    assert.equal((await files()).length, before.length + 3);
  });

  it('can be read with the program in the documentation', async () => {
    const text = await readFile(join(SCRIPTS, '../docs/operations.md'), 'utf8');
    const program = text.match(/\n {4}\/\/ node read\.mjs(?:.*\n)(?: {4}.*\n)+/)[0].replace(/^ {4}/gm, '');
    const scratch = await mkdtemp(join(tmpdir(), 'read-'));
    await writeFile(join(scratch, 'read.mjs'), program);
    await writeFile(join(scratch, 'backup.key'), `${key}\n`);
    for (const file of (await files()).filter((each) => each.includes('artifact'))) {
      const name = relative(folder, file).replace('.pkbr', '');
      const read = spawnSync(process.execPath, [join(scratch, 'read.mjs'), join(scratch, 'backup.key'), file, name], { maxBuffer: 1 << 26 });
      const [{ sha256: expected }] = await mirror.worker.sql('SELECT sha256 FROM version WHERE artifact = ?', name.replace('objects/', ''));
      assert.equal(sha256(read.stdout), expected, read.stderr.toString());
    }
    await rm(scratch, { recursive: true });
  });

  it('yields nothing to another key', async () => {
    const other = { BACKUP_KEY: randomBytes(32).toString('base64') };
    const checked = await run('backup', ['--verify'], other);
    assert.equal(checked.code, 1);
    assert.match(checked.output, /sealed with another key/);
  });

  it('shows each flipped bit, each cut, each addition and each swap', async () => {
    const random = seeded(SEED);
    const kept = new Folder(folder, backupKey(undefined, { BACKUP_KEY: key }));
    const snapshot = (await kept.snapshots()).at(-1);
    const isWhole = () => checkBackup({ folder: kept, snapshot }).then(({ problems }) => problems.length === 0, () => false);
    const { tally } = await readSnapshot(kept, snapshot);
    const all = [...tally.objects.keys()].map((object) => join(folder, 'objects', `${object}.pkbr`)).concat(join(folder, 'snapshots', `${snapshot}.pkbr`));
    let found = 0;
    for (let i = 0; i < SPOILT; i += 1) {
      const file = random.pick(all);
      const whole = await readFile(file);
      await writeFile(file, spoilt(whole, random));
      found += (await isWhole()) ? 0 : 1;
      await writeFile(file, whole);
    }
    console.log(`backup: ${found} of ${SPOILT} spoilt files found (seed ${SEED})`);
    assert.equal(found, SPOILT);
    const [one, two] = all.filter((file) => file.includes('objects'));
    await swap(one, two);
    assert.equal(await isWhole(), false);
    await swap(one, two);
    await rename(one, `${one}.away`);
    const gone = await run('backup', ['--verify']);
    assert.equal(gone.code, 1);
    assert.match(gone.output, /is missing/);
    await rename(`${one}.away`, one);
    assert.equal(await isWhole(), true);
  });

  it('is read again if something is changed meanwhile', async () => {
    let going = true;
    const changes = (async () => {
      for (let i = 0; going && i < 3; i += 1) await mirror.worker.createToken({ name: `meanwhile ${i}` });
    })();
    const { code, output } = await run('backup', []);
    going = false;
    await changes;
    assert.equal(code, 0, output);
    assert.equal((await run('backup', ['--verify'])).code, 0);
  });
});

describe('a restored instance', () => {
  it('installs an old lock without the upstream, with the old tokens, and goes on with the old log', async () => {
    const { worker, restore } = await emptyInstance();
    const { code, output } = await restore('--verify', '--sample', 'all');
    assert.equal(code, 0, output);
    assert.match(output, /Rows and digest are those of the backup/);
    const before = mirror.upstream.requests.length;
    const there = await worker.project({ token: mirror.reader, require: { 'acme/hello': '^1.0' } });
    await there.succeed('update');
    assert.equal((await there.locked('acme/hello')).version, '1.1.0');
    await there.write({ 'acme/hello': '1.0.0' });
    await there.succeed('update');
    await expectInstalled(there, release);
    assert.equal(mirror.upstream.requests.length, before);
    const [row] = await worker.sql("SELECT actor, detail FROM audit WHERE action = 'restore.backup'");
    assert.equal(row.actor, 'setup');
    assert.equal((await worker.api('POST', '/api/tokens', { name: 'x', kind: 'read', patterns: ['*'] }, mirror.worker.admin)).status, 201);
  });

  it('is not restored into twice', async () => {
    const { restore } = await emptyInstance();
    assert.equal((await restore()).code, 0);
    const again = await restore();
    assert.equal(again.code, 1);
    assert.match(again.output, /this one was/);
  });

  it('stays empty for another key, and closed if an object is damaged, until a whole backup comes', async () => {
    const { worker, restore } = await emptyInstance();
    const secrets = { BACKUP_KEY: randomBytes(32).toString('base64'), SETUP_SECRET: 'x' };
    assert.match((await run('restore', ['--url', worker.url], secrets)).output, /another key/);
    assert.equal((await worker.api('GET', '/api/health')).body.database, 'ok, not set up yet');
    const object = (await files()).find((file) => file.includes('artifact'));
    const whole = await readFile(object);
    const broken = Buffer.from(whole);
    broken[broken.length - 1] ^= 1;
    await writeFile(object, broken);
    const failed = await restore();
    await writeFile(object, whole);
    assert.equal(failed.code, 1);
    assert.match(failed.output, /damaged/);
    assert.equal((await worker.api('GET', '/api/health')).body.database, 'ok, being restored');
    assert.equal((await worker.get('/packages.json', mirror.reader)).status, 503);
    const done = await restore('--verify');
    assert.equal(done.code, 0, done.output);
    assert.equal((await worker.get('/packages.json', mirror.reader)).status, 200);
  });
});

describe('a drill', () => {
  it('says RPO and RTO, and has the audit log say it', async () => {
    const { code, output } = await run('drill', ['--backup', '--record', '--sample', 'all']);
    console.log(output.match(/^RPO .*$/m)?.[0]);
    assert.equal(code, 0, output);
    assert.match(output, /^RPO \d+ s .*, RTO \d+\.\d s/m);
    assert.match(output, /digests equal: y/);
    const [row] = await mirror.worker.sql("SELECT detail FROM audit WHERE action = 'test.restore'");
    assert.equal(JSON.parse(row.detail).equal, true);
  });
});
