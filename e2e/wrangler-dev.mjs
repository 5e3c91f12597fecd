/** Runs our Worker as its users do on their own machines: `wrangler dev`, over a folder that stays. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Instance, newSecrets, varsFor } from './instance.mjs';
import { QUIET } from './quiet.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const BINARIES = join(PROJECT, 'node_modules', '.bin');
const READY = 180_000; // the first start may have to build
const STOPPED = 15_000;

/** Prepares a folder of state for a test, with migrated tables, and returns the server over it, not yet started. */
export async function devServer({ upstreams, vars = {}, secrets = {} }) {
  const folder = await mkdtemp(join(tmpdir(), 'wrangler-dev-'));
  const settings = { ...varsFor(upstreams), ...vars, ...newSecrets(), ...secrets };
  return devServerOver(folder, await freePort(), settings);
}

/** Returns a server over a folder whose state stays, with migrated tables, not yet started. */
export async function devServerOver(folder, port, settings) {
  const server = new DevServer(folder, port, settings);
  await server.migrate();
  return server;
}

class DevServer extends Instance {
  #folder;
  #port;
  #settings;
  #child;
  #output = '';

  constructor(folder, port, settings) {
    super(`http://127.0.0.1:${port}`, settings.SETUP_SECRET);
    this.#folder = folder;
    this.#port = port;
    this.#settings = settings;
  }

  async migrate() {
    await mkdir(join(this.#folder, 'tmp'), { recursive: true });
    await this.configure({});
    const child = this.#wrangler('d1', 'migrations', 'apply', 'DB', '--local', ...this.#persistTo);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`expected the migrations to apply but wrangler ended with ${code}:\n${this.#output}`);
  }

  /** Has other settings from the next start on; those that are not named stay. */
  async configure(changes) {
    this.#settings = { ...this.#settings, ...changes };
    await writeFile(this.#settingsFile, dotenv(this.#settings), { mode: 0o600 });
  }

  /** Runs the scheduled work once, as the cron does where there is one. */
  async scheduled() {
    const response = await fetch(`${this.url}/cdn-cgi/handler/scheduled`, { signal: AbortSignal.timeout(READY) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`expected the scheduled work to be done but found status ${response.status}`);
  }

  /** Returns the folder of the simulators' data: `d1`, `r2`, … */
  get state() {
    return join(this.#folder, 'state/v3');
  }

  /** Returns the file of the database. */
  async databaseFile() {
    const folder = join(this.state, 'd1');
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sqlite') && !name.includes('metadata'));
    if (files.length !== 1) throw new Error(`expected one database but found ${files}`);
    return join(folder, files[0]);
  }

  /** Returns what the server has printed since it was started. */
  get output() {
    return this.#output;
  }

  /** Returns the exit code once the server has ended by itself. */
  async ended() {
    const [code] = await once(this.#child, 'close');
    return code;
  }

  /** Starts the server and returns when it answers. */
  async start() {
    this.#output = '';
    this.#child = this.#wrangler(
      'dev', '--ip', '127.0.0.1', '--port', String(this.#port), '--inspector-port', '0', ...this.#persistTo,
      '--env-file', this.#settingsFile, '--log-level', 'warn', '--show-interactive-dev-session=false',
    );
    const end = Date.now() + READY;
    while (!(await this.#answers())) {
      if (this.#child.exitCode !== null || Date.now() > end) {
        await this.kill();
        throw new Error(`expected wrangler dev to answer on port ${this.#port} but it did not:\n${this.#output}`);
      }
      await sleep(200);
    }
  }

  /** Stops the server as Ctrl-C does. */
  async stop() {
    await this.#end('SIGTERM');
  }

  /** Kills everything at once, in whatever it is doing. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Stops the server and deletes its state. */
  async close() {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #settingsFile() {
    return join(this.#folder, 'settings.env');
  }

  get #persistTo() {
    return ['--persist-to', join(this.#folder, 'state')];
  }

  async #answers() {
    try {
      const response = await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(5000) });
      await response.arrayBuffer();
      return true;
    } catch {
      // Not listening yet; the caller has the deadline.
      return false;
    }
  }

  // A group of its own: wrangler is several processes, and a signal to the first alone leaves the rest behind.
  #wrangler(...args) {
    const child = spawn(join(BINARIES, 'wrangler'), args, {
      cwd: PROJECT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...QUIET,
        PATH: BINARIES + delimiter + process.env.PATH,
        TMPDIR: join(this.#folder, 'tmp'),
        WRANGLER_REGISTRY_PATH: join(this.#folder, 'registry'),
      },
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    return child;
  }

  async #end(signal) {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    process.kill(-child.pid, signal);
    const inTime = await Promise.race([closed.then(() => true), sleep(STOPPED, false, { ref: false })]);
    if (inTime) return;
    process.kill(-child.pid, 'SIGKILL');
    await closed;
  }
}

// Single quotes: the keys are JSON.
function dotenv(settings) {
  return Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`).join('');
}

/** Throws if something listens on a port. */
export async function needFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening'); // which throws what 'error' brings
  server.close();
  await once(server, 'close');
}

/** Returns a port that is free now: a Worker whose own address is a setting keeps it over a restart. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
