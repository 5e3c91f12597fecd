import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newSecrets } from '../../../e2e/instance.mjs';
import { startWorker } from '../../../e2e/worker.mjs';
import { Api } from './api.mjs';
import { makeBackup } from './backup.mjs';
import { chosen, command, needed, sampleOf, say } from './options.mjs';
import { checkChain, restoreBackup } from './restore.mjs';

const options = {
  url: { type: 'string' },
  backup: { type: 'boolean', default: false },
  record: { type: 'boolean', default: false },
  snapshot: { type: 'string' },
  sample: { type: 'string', default: '100' },
  'audit-key': { type: 'string', multiple: true, default: [] },
};

await command('drill', options, async (values, folder) => {
  const token = needed('PACKAGE_BROKER_TOKEN', 'a token with the rights backup and read_audit');
  const api = () => new Api(values.url ?? needed('PACKAGE_BROKER_URL', 'the address of the instance, or give --url'), token);
  if (values.backup) await makeBackup({ api: api(), folder, say });
  const snapshot = await chosen(folder, values.snapshot);
  const began = Date.now();
  const outcome = await exercise({ folder, snapshot, token, sample: sampleOf(values.sample), keys: values['audit-key'] });
  const rpo = Math.max(0, Math.round((began - outcome.head.made_at) / 1000));
  console.log(`RPO ${rpo} s (the age of the backup), RTO ${outcome.seconds.toFixed(1)} s (from an empty instance to one that answers)`);
  console.log(`rows ${outcome.rows}, objects ${outcome.objects}, of which ${outcome.checked} were read again, digests equal: y`);
  console.log(outcome.chain.output);
  const equal = outcome.chain.ok && outcome.refused.length === 0;
  if (values.record) {
    const { rows, objects, digest } = outcome;
    await api().json('POST', '/api/backup/drills', { snapshot, digest, rows, objects, seconds: Math.ceil(outcome.seconds), rpo_seconds: rpo, equal });
  }
  return equal ? 0 : 1;
});

/** Restores into an instance on this machine that is thrown away. */
async function exercise({ folder, snapshot, token, sample, keys }) {
  const state = await mkdtemp(join(tmpdir(), 'package-broker-drill-'));
  const secrets = newSecrets();
  const worker = await startWorker({ state, secrets });
  try {
    const restored = await restoreBackup({ folder, snapshot, url: worker.url, setupSecret: secrets.SETUP_SECRET, sample, say });
    const chain = await checkChain({ url: worker.url, token, head: restored.head, checkpoint: restored.checkpoint, keys });
    return { ...restored, chain };
  } finally {
    await worker.close();
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  }
}
