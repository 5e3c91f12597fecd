/** Starts the contract worker of `build/contract` in workerd, over storage that is thrown away. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startContractUpstream } from '../../../../e2e/contract-upstream.mjs';

const CONFIG = fileURLToPath(new URL('../../../../e2e/contracts.wrangler.toml', import.meta.url));

/**
 * Returns the worker's address and the way to stop it.
 *
 * It goes through wrangler as `wrangler dev` does, since that is what turns the frames of a stack into lines of Java.
 */
export async function startContractWorker() {
  const registry = await mkdtemp(join(tmpdir(), 'contract-worker-'));
  // Wrangler reads these when it is loaded, so it may not be imported any earlier.
  Object.assign(process.env, {
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
    WRANGLER_REGISTRY_PATH: registry,
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_WRITE_LOGS: 'false',
  });
  const { unstable_startWorker } = await import('wrangler');
  const upstream = await startContractUpstream();
  const worker = await unstable_startWorker({
    config: CONFIG,
    bindings: { CONTRACT_UPSTREAM: { type: 'plain_text', value: upstream.origin } },
    dev: {
      inspector: false,
      logLevel: 'error',
      persist: false,
      remote: false,
      server: { hostname: '127.0.0.1', port: 0 },
      watch: false,
    },
  });
  await worker.ready;
  return {
    url: String(await worker.url),
    close: async () => {
      await worker.dispose();
      await upstream.close();
      await rm(registry, { recursive: true, force: true });
    },
  };
}
