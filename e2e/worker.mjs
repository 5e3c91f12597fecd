/** Starts our Worker as it is deployed, over storage that is thrown away; it needs the Node of the project's own node_modules. */
import './quiet.mjs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unstable_getMiniflareWorkerOptions as workerOptions } from 'wrangler';
import { Instance, newSecrets, varsFor } from './instance.mjs';
import { migrate, startWorkerd } from './workerd.mjs';

const MINUTES = 5;

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts a Worker with migrated tables, and returns it as an {@link Instance} that can be closed.
 *
 * @param {object} options
 * @param {object[]} options.upstreams those it may ask: they have to run before it starts
 * @param {object} options.vars changes to the variables of `varsFor`
 * @param {object} options.secrets changes to new secrets
 * @param {string} options.state a folder in which its data outlive it; thrown away unless given
 * @param {number} options.port a free one unless given
 * @param {string} options.configPath
 * @param {string} options.folder where it was built to; build/out is what `wrangler deploy --dry-run --outdir` wrote
 * @param {string[]} options.modules its modules there, the Worker's own first
 */
export async function startWorker({
  upstreams = [],
  vars = {},
  secrets = {},
  state,
  port,
  configPath = join(PROJECT, 'wrangler.toml'),
  folder = join(PROJECT, 'build/out'),
  modules = ['worker.js'],
} = {}) {
  const allSecrets = { ...newSecrets(), ...secrets };
  const logs = [];
  const { assets, ...options } = workerOptions(configPath).workerOptions; // the Worker never sees what is asked of its assets
  const bindings = { ...options.bindings, ...varsFor(upstreams), ...vars, ...allSecrets };
  const worker = await startWorkerd(folder, modules, { ...options, state, port, bindings, onLog: (log) => logs.push(log) });
  try {
    await migrate(await worker.database(), join(PROJECT, 'schema'));
    return new WorkerInstance(worker, allSecrets.SETUP_SECRET, logs);
  } catch (error) {
    await worker.stop();
    throw error;
  }
}

class WorkerInstance extends Instance {
  #worker;
  #logs;

  constructor(worker, setupSecret, logs) {
    super(worker.origin, setupSecret);
    this.#worker = worker;
    this.#logs = logs;
  }

  /** Returns what the Worker has written to its console: `{ level, message }` each. */
  logs() {
    return [...this.#logs];
  }

  /** Does the background work of some minutes, in which every kind of job that is due has its turn. */
  async work() {
    for (let minute = 0; minute < MINUTES; minute++) await this.scheduled();
  }

  /** Does the background work of one minute. */
  scheduled(cron = '* * * * *') {
    return this.#worker.scheduled(cron);
  }

  /** Runs a statement behind the Worker's back and returns its rows. */
  async sql(statement, ...values) {
    const { results } = await (await this.#worker.database()).prepare(statement).bind(...values).all();
    return results;
  }

  /** Returns the bucket behind the Worker's back. */
  bucket() {
    return this.#worker.bucket();
  }

  /** Returns the subjects of the alerts of a kind. */
  async alerts(kind) {
    return (await this.sql('SELECT subject FROM alert WHERE kind = ?', kind)).map(({ subject }) => subject);
  }

  /** Returns the names of all objects in the instance's bucket that begin so. */
  async objects(prefix) {
    const bucket = await this.bucket();
    const names = [];
    for (let cursor; ; ) {
      const page = await bucket.list({ prefix, cursor });
      names.push(...page.objects.map(({ key }) => key));
      if (!page.truncated) return names;
      cursor = page.cursor;
    }
  }

  async close() {
    await this.#worker.stop();
  }
}
