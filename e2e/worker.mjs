/**
 * Starts our Worker inside the test process, over storage that is thrown away. It needs `wrangler`, and with
 * it the Node of the project's own node_modules.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Instance, newSecrets, varsFor } from './instance.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** What keeps wrangler from writing logs, asking for updates and calling home. */
export const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_WRITE_LOGS: 'false',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

/**
 * Starts a Worker with migrated tables, and returns it as an {@link Instance} that can be closed.
 *
 * @param {object} options
 * @param {object[]} options.upstreams those it may ask: they have to run before it starts
 * @param {object} options.vars changes to the variables of `varsFor`
 * @param {object} options.secrets changes to new secrets
 * @param {string} options.configPath
 * @param {string | null} options.prebuiltWorkerDir what `wrangler deploy --dry-run --outdir` wrote; null to build it now
 */
export async function startWorker({
  upstreams = [],
  vars = {},
  secrets = {},
  configPath = join(PROJECT, 'wrangler.toml'),
  prebuiltWorkerDir = join(PROJECT, 'build', 'out'),
} = {}) {
  const registry = await mkdtemp(join(tmpdir(), 'worker-registry-'));
  // Wrangler reads these when it is loaded, so it may not be imported any earlier.
  Object.assign(process.env, QUIET, { WRANGLER_REGISTRY_PATH: registry });
  const { createTestHarness } = await import('wrangler');
  const allSecrets = { ...newSecrets(), ...secrets };
  const harness = createTestHarness({
    root: PROJECT,
    workers: [{ configPath, ...(prebuiltWorkerDir && { prebuiltWorkerDir }), vars: { ...varsFor(upstreams), ...vars }, secrets: allSecrets }],
  });
  try {
    const { url } = await harness.listen();
    await harness.getWorker().applyD1Migrations('DB');
    return new WorkerInstance(String(url), allSecrets.SETUP_SECRET, harness, registry);
  } catch (error) {
    await harness.close();
    throw error;
  }
}

class WorkerInstance extends Instance {
  #harness;
  #registry;

  constructor(url, setupSecret, harness, registry) {
    super(url, setupSecret);
    this.#harness = harness;
    this.#registry = registry;
  }

  /** Returns what the Worker wrote to its console. */
  logs() {
    return this.#harness.getLogs();
  }

  /** Runs the scheduled work once. */
  scheduled(cron) {
    return this.#harness.getWorker().scheduled({ cron });
  }

  async close() {
    await this.#harness.close();
    await rm(this.#registry, { recursive: true, force: true });
  }
}
