/** The Node part of scripts/rotate-key. Keys travel in files that only their owner may read, never on a command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { devServerOver, needFree } from '../../e2e/wrangler-dev.mjs';
import { advice } from './deploy-plan.mjs';
import { goal, nextStep, ringProblem, withKey, withoutRetired } from './rotation.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const POLL = 5_000;
const SEEN = 3; // so often in a row an instance has to answer as it is meant to, after its keys were changed

/** A sentence for whoever runs this. */
class Refusal extends Error {}

async function main() {
  const options = {
    local: { type: 'boolean', default: false },
    port: { type: 'string', default: '8787' },
    state: { type: 'string', default: join(PROJECT, '.state') },
    url: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  };
  const { values } = parseArgs({ options });
  const url = values.url ?? process.env.PACKAGE_BROKER_URL;
  if (values.local === (url !== undefined && values.url !== undefined)) throw new Refusal('expected either --local or --url https://…');
  const place = values.local ? new Local(values.state, Number(values.port)) : new Deployed(values.state, url);
  try {
    await place.open();
    await rotate(place, values['dry-run']);
  } finally {
    await place.close();
  }
}

async function rotate(place, rehearse) {
  let { keys } = await place.keys();
  const target = goal(JSON.parse((await place.secrets()).ENCRYPTION_KEYS), keys);
  let shown = '';
  for (let idle = 0; ; ) {
    const secrets = await place.secrets();
    const step = nextStep(target, secrets, keys);
    if (step === null) break;
    const sentence = SENTENCES[step.act](step);
    idle = sentence === shown ? idle + 1 : 0;
    if (idle === 0) console.log(sentence);
    if (idle > place.patience) throw new Refusal('nothing happens any more: see GET /api/jobs and GET /api/alerts, mend what they show, and run this again');
    shown = sentence;
    if (rehearse) return;
    await ACTS[step.act](place, step, { secrets, keys });
    ({ keys } = await place.keys());
  }
  await place.healthy();
  const { records } = keys.find(({ id }) => id === target);
  console.log(`The key ${target} seals; it has sealed ${records} records, and no other key has sealed any.`);
}

const SENTENCES = {
  make: ({ id }) => `making the key ${id} and keeping it…`,
  put: ({ id }) => `deploying the ring with ${id} in it; nothing is sealed with it yet…`,
  add: ({ id }) => `adding ${id}…`,
  activate: ({ id }) => `waiting until every isolate has ${id}, then activating it…`,
  reseal: ({ id, records }) => `sealing anew: ${records} records of ${id} are left…`,
  retire: ({ id }) => `retiring ${id}…`,
  drop: () => 'deploying the ring without what is retired…',
};

const ACTS = {
  make: (place, { id }, { secrets }) => place.keep(withKey(secrets, id)),
  put: async (place, { id }, { secrets, keys }) => {
    const problem = ringProblem(JSON.parse(secrets.ENCRYPTION_KEYS), keys);
    if (problem !== null) throw new Refusal(problem);
    await place.put(secrets, (now) => now.some((key) => key.id === id && key.in_ring));
  },
  add: (place, { id }) => place.change('/api/keys', { id }),
  activate: async (place, { id }) => {
    for (;;) {
      const { status, body } = await place.api('POST', `/api/keys/${id}/activate`, {});
      if (status === 200) return;
      if (body.code !== 'too_early') throw new Refusal(`the instance answered ${status} (${body.error ?? body})`);
      await sleep(POLL);
    }
  },
  reseal: async (place) => place.work(),
  retire: (place, { id }) => place.change(`/api/keys/${id}/retire`, {}),
  drop: async (place, { id }, { secrets, keys }) => {
    const { secrets: left, retired } = withoutRetired(id, secrets, keys);
    const problem = ringProblem(JSON.parse(left.ENCRYPTION_KEYS), keys);
    if (problem !== null) throw new Refusal(problem);
    await place.keepRetired(retired);
    await place.keep(left);
    await place.put(left, (now) => now.every(({ state, in_ring: inRing }) => state !== 'retired' || !inRing));
  },
};

/** Where an instance and its secrets are. */
class Place {
  constructor(folder, file) {
    this.folder = folder;
    this.file = join(folder, file);
  }

  async secrets() {
    const secrets = await read(this.file);
    if (secrets?.ENCRYPTION_KEYS === undefined) throw new Refusal(`${this.file} holds no ENCRYPTION_KEYS: they are needed to make a ring that has the old key, too`);
    return secrets;
  }

  /** Keeps secrets before they are used: a key that exists in the deployment alone would be lost with it. */
  async keep(secrets) {
    await write(this.file, secrets);
  }

  async keepRetired(retired) {
    if (Object.keys(retired).length === 0) return;
    const file = join(this.folder, 'retired-keys.json');
    await write(file, { ...(await read(file)), ...retired });
    console.log(`The retired keys are in ${file}: backups from before can be read with them only.`);
  }

  async keys() {
    const { status, body } = await this.api('GET', '/api/keys');
    if (status !== 200) throw new Refusal(`the instance answered ${status} (${body.error ?? 'no JSON'}) to GET /api/keys: it needs an admin token and this version`);
    return body;
  }

  async change(path, body) {
    const answer = await this.api('POST', path, body);
    if (answer.status >= 300) throw new Refusal(`the instance answered ${answer.status} (${answer.body.error}) to POST ${path}`);
  }

  async healthy() {
    const { status, body } = await this.api('GET', '/api/health');
    if (status !== 200) throw new Refusal(`the instance is not well (database: ${body.database}; keys: ${body.keys}): see docs/troubleshooting.md`);
  }
}

/** The instance of scripts/run: one process, so a new ring is everywhere once it was started anew. */
class Local extends Place {
  patience = 50; // runs of the cron
  #port;
  #server;
  #token;

  constructor(folder, port) {
    super(folder, 'secrets.json');
    this.#port = port;
  }

  async open() {
    await needFree(this.#port).catch(() => {
      throw new Refusal(`port ${this.#port} is in use: stop scripts/run first, and name its port with --port`);
    });
    this.#token = await read(join(this.folder, 'admin-token.json'));
    if (this.#token === undefined) throw new Refusal(`${this.folder} holds no admin-token.json: run scripts/run once`);
    this.#server = await devServerOver(this.folder, this.#port, settings(await this.secrets()));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => this.close().then(() => process.exit(130)));
    await this.#server.start();
  }

  api(method, path, body) {
    return this.#server.api(method, path, body, this.#token);
  }

  async put(secrets) {
    await this.#server.stop();
    await this.#server.configure(settings(secrets));
    await this.#server.start();
  }

  async work() {
    await this.#server.scheduled();
  }

  async close() {
    await this.#server?.stop();
  }
}

function settings(secrets) {
  return { ...secrets, KEY_SETTLE_SECONDS: '0' };
}

/** A Worker of Cloudflare's. */
class Deployed extends Place {
  patience = (30 * 60_000) / POLL;
  #url;
  #token = process.env.PACKAGE_BROKER_TOKEN;

  constructor(folder, url) {
    super(folder, 'deploy-secrets.json');
    this.#url = url?.replace(/\/$/, '');
  }

  async open() {
    if (!/^https:\/\/[^/]+(\/.*)?$/.test(this.#url ?? '')) throw new Refusal('--url has to be the https address of the instance');
    if (this.#token === undefined) throw new Refusal('expected an admin token in PACKAGE_BROKER_TOKEN');
    const problem = ringProblem(JSON.parse((await this.secrets()).ENCRYPTION_KEYS), (await this.keys()).keys);
    if (problem !== null) throw new Refusal(`${problem} (${this.file})`);
  }

  async api(method, path, body) {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: isJson ? await response.json() : {} };
  }

  /** Both secrets in one new version of the Worker: no isolate ever has the one without the other. */
  async put({ ENCRYPTION_KEYS, ACTIVE_KEY }, isThere) {
    const scratch = mkdtempSync(join(tmpdir(), 'package-broker-keys-'));
    process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
    const file = join(scratch, 'secrets.json');
    await writeFile(file, JSON.stringify({ ENCRYPTION_KEYS, ACTIVE_KEY }), { mode: 0o600 });
    await wrangler('secret', 'bulk', file);
    rmSync(scratch, { recursive: true, force: true });
    for (let seen = 0; seen < SEEN; ) {
      seen = isThere((await this.keys()).keys) ? seen + 1 : 0;
      await sleep(POLL);
    }
  }

  async work() {
    await sleep(POLL); // Its cron does a step a minute.
  }

  async close() {}
}

async function wrangler(...args) {
  const child = spawn('wrangler', args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Refusal(`${output}\n${advice(output).replace('scripts/deploy', 'scripts/rotate-key')}`);
}

async function read(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Refusal(`${file} cannot be read (${error.message})`);
  }
}

/** Writes a file as a whole or not at all: half a ring would be none. */
async function write(file, value) {
  const anew = `${file}.new`;
  await writeFile(anew, JSON.stringify(value, null, 2), { mode: 0o600 });
  await chmod(anew, 0o600);
  await rename(anew, file);
}

await main().catch((error) => {
  console.error(`scripts/rotate-key: ${error instanceof Refusal ? error.message : error.stack}`);
  process.exitCode = 1;
});
