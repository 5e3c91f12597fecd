/** scripts/rotate-key over the local instance, from the first key to the last, and what it decides. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { goal, nextStep, ringProblem, withKey, withoutRetired } from '../scripts/lib/rotation.mjs';
import { newSecrets, varsFor } from './instance.mjs';
import { startUpstream } from './upstream/upstream.mjs';
import { devServerOver, freePort } from './wrangler-dev.mjs';

const SCRIPT = fileURLToPath(new URL('../scripts/lib/rotate-key.mjs', import.meta.url));

describe('scripts/rotate-key over a local instance', () => {
  let upstream;
  let folder;
  let port;
  let server;
  let reader;

  before(async () => {
    upstream = await startUpstream({ auth: 'basic' });
    upstream.publish({ name: 'acme/hello', version: '1.0.0' });
    folder = await mkdtemp(join(tmpdir(), 'rotate-key-'));
    port = await freePort();
    const secrets = { ...newSecrets(), ...varsFor([upstream]) };
    await writeFile(join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
    await running(async () => {
      await writeFile(join(folder, 'admin-token.json'), JSON.stringify(await server.setup()));
      await server.addUpstream(upstream, { name: 'private' });
      ({ token: reader } = await server.createToken());
    });
  });
  after(async () => {
    await upstream?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const json = async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'));

  /** Runs something while the instance runs as scripts/run has it. */
  async function running(act) {
    const admin = server?.admin;
    server = await devServerOver(folder, port, await json('secrets.json'));
    server.admin = admin;
    await server.start();
    try {
      await act();
    } finally {
      await server.stop();
    }
  }

  /** Runs the script; if `until` matches what it prints, it is told to stop. */
  async function rotate(until) {
    const child = spawn(process.execPath, [SCRIPT, '--local', '--state', folder, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const seen = (text) => {
      output += text;
      if (until?.test(output)) child.kill('SIGTERM');
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', seen);
    const [code] = await once(child, 'close');
    return { code, output };
  }

  async function sealedWith() {
    const database = new DatabaseSync(await server.databaseFile(), { readOnly: true });
    try {
      return database.prepare('SELECT sealed FROM credential').all().map(({ sealed }) => sealed.split('.')[1]);
    } finally {
      database.close();
    }
  }

  const stillWorks = () =>
    running(async () => {
      const response = await server.get('/p2/acme/hello.json', reader);
      assert.equal(response.status, 200);
      assert.match(await response.text(), /1\.0\.0/);
    });

  it('adds, activates, seals anew, retires and drops', async () => {
    const before = await json('secrets.json');
    assert.deepEqual(await sealedWith(), ['k1']);

    const { code, output } = await rotate();

    assert.equal(code, 0, output);
    assert.match(output, /The key k2 seals; it has sealed 1 records/);
    assert.deepEqual(await sealedWith(), ['k2']);
    const left = await json('secrets.json');
    assert.deepEqual(Object.keys(JSON.parse(left.ENCRYPTION_KEYS)), ['k2']);
    assert.equal(left.ACTIVE_KEY, 'k2');
    assert.equal(left.SETUP_SECRET, before.SETUP_SECRET);
    assert.deepEqual(await json('retired-keys.json'), JSON.parse(before.ENCRYPTION_KEYS));
    for (const file of ['secrets.json', 'retired-keys.json']) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
    for (const key of Object.values({ ...JSON.parse(before.ENCRYPTION_KEYS), ...JSON.parse(left.ENCRYPTION_KEYS) })) assert.ok(!output.includes(key));
    await stillWorks();
  });

  it('goes on where it was stopped, with the same key', async () => {
    for (const until of [/deploying the ring with/, /adding/, /sealing anew|retiring/, /without what is retired/]) {
      const { output } = await rotate(until);
      assert.match(output, until);
      await stillWorks();
    }
    const { code, output } = await rotate();
    assert.equal(code, 0, output);
    const left = await json('secrets.json');
    const [sealed] = await sealedWith();
    assert.equal(left.ACTIVE_KEY, sealed);
    assert.deepEqual(Object.keys(JSON.parse(left.ENCRYPTION_KEYS)), [sealed]);
    await stillWorks();
  });

  it('refuses while the instance runs', async () => {
    await running(async () => {
      const { code, output } = await rotate();
      assert.equal(code, 1);
      assert.match(output, /stop scripts\/run first/);
    });
  });
});

describe('what a rotation decides', () => {
  const secrets = (ring, active = 'k1') => ({ ENCRYPTION_KEYS: JSON.stringify(ring), ACTIVE_KEY: active });
  const key = (id, state, records = 0, inRing = true) => ({ id, state, records, in_ring: inRing });

  it('makes a new key with an id that nobody used', () => {
    assert.equal(goal({ k1: 'x' }, [key('k1', 'active')]), 'k2');
    assert.equal(goal({ k3: 'x' }, [key('k3', 'active'), key('k2', 'retired', 0, false)]), 'k4');
  });

  it('goes on with the one that was begun with', () => {
    assert.equal(goal({ k1: 'x', k7: 'y' }, [key('k1', 'active')]), 'k7');
    assert.equal(goal({ k1: 'x', k7: 'y' }, [key('k1', 'active'), key('k7', 'added')]), 'k7');
    assert.equal(goal({ k1: 'x', k7: 'y' }, [key('k1', 'former', 3), key('k7', 'active')]), 'k7');
    assert.equal(goal({ k7: 'y' }, [key('k1', 'retired'), key('k7', 'active')]), 'k7');
  });

  it('never activates before the ring is deployed, nor retires before all is sealed anew', () => {
    const acts = [
      [secrets({ k1: 'x' }), [key('k1', 'active', 5)], 'make'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'active', 5)], 'put'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'active', 5), key('k2', 'unknown')], 'add'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'active', 5), key('k2', 'added')], 'activate'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'active', 5), key('k2', 'added', 0, false)], 'put'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'former', 5), key('k2', 'active')], 'reseal'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'former'), key('k2', 'active', 5)], 'retire'],
      [secrets({ k1: 'x', k2: 'y' }), [key('k1', 'retired'), key('k2', 'active', 5)], 'drop'],
      [secrets({ k2: 'y' }, 'k2'), [key('k1', 'retired'), key('k2', 'active', 5)], 'drop'],
    ];
    for (const [kept, keys, act] of acts) assert.equal(nextStep('k2', kept, keys).act, act);
    assert.equal(nextStep('k2', secrets({ k2: 'y' }, 'k2'), [key('k1', 'retired', 0, false), key('k2', 'active', 5)]), null);
  });

  it('deploys no ring that lacks a key which the instance has', () => {
    assert.match(ringProblem({ k1: 'x' }, [key('k1', 'active'), key('k9', 'former')]), /the key k9/);
    assert.match(ringProblem({ k1: 'x' }, [key('k1', 'active'), key('k9', 'retired', 1, false)]), /the key k9/);
    assert.equal(ringProblem({ k1: 'x' }, [key('k1', 'active'), key('k9', 'retired')]), null);
  });

  it('makes a key of 32 bytes, and keeps what is retired', () => {
    const made = withKey(secrets({ k1: 'x' }), 'k2');
    const ring = JSON.parse(made.ENCRYPTION_KEYS);
    assert.equal(ring.k1, 'x');
    assert.equal(Buffer.from(ring.k2, 'base64').length, 32);
    const dropped = withoutRetired('k2', made, [key('k1', 'retired'), key('k2', 'active')]);
    assert.deepEqual(dropped.retired, { k1: 'x' });
    assert.deepEqual(JSON.parse(dropped.secrets.ENCRYPTION_KEYS), { k2: ring.k2 });
    assert.equal(dropped.secrets.ACTIVE_KEY, 'k2');
  });
});
