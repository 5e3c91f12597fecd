import { chosen, command, needed, sampleOf, say } from './options.mjs';
import { checkChain, restoreBackup } from './restore.mjs';

const options = {
  url: { type: 'string' },
  'base-url': { type: 'string' },
  snapshot: { type: 'string' },
  verify: { type: 'boolean', default: false },
  sample: { type: 'string', default: '100' },
  'audit-key': { type: 'string', multiple: true, default: [] },
};

await command('restore', options, async (values, folder) => {
  const url = values.url ?? needed('PACKAGE_BROKER_URL', 'the address of the empty instance, or give --url');
  const setupSecret = needed('SETUP_SECRET', 'the setup secret of the empty instance');
  const snapshot = await chosen(folder, values.snapshot);
  const sample = values.verify ? sampleOf(values.sample) : 0;
  const restored = await restoreBackup({ folder, snapshot, url, setupSecret, baseUrl: values['base-url'] ?? url, sample, say });
  console.log(`Restored ${snapshot} in ${restored.seconds.toFixed(1)} s: ${restored.rows} rows, digest ${restored.digest}, ${restored.objects} objects.`);
  for (const key of restored.refused) console.log(`not restored: ${key} is larger than the way to the instance takes in one request`);
  if (!values.verify) return restored.refused.length === 0 ? 0 : 2;
  console.log(`Rows and digest are those of the backup; ${restored.checked} objects were read again and are, too.`);
  const token = needed('PACKAGE_BROKER_TOKEN', 'a token of the backed-up instance with the right read_audit; the instance is open, its audit log was not checked');
  const chain = await checkChain({ url, token, head: restored.head, checkpoint: restored.checkpoint, keys: values['audit-key'] });
  console.log(chain.output);
  return !chain.ok ? 1 : restored.refused.length === 0 ? 0 : 2;
});
