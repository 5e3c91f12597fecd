import { Api } from './api.mjs';
import { checkBackup, makeBackup } from './backup.mjs';
import { chosen, command, needed, say } from './options.mjs';

const options = { url: { type: 'string' }, verify: { type: 'boolean', default: false }, snapshot: { type: 'string' } };

await command('backup', options, async (values, folder) => {
  if (values.verify) return verify(folder, await chosen(folder, values.snapshot));
  const url = values.url ?? needed('PACKAGE_BROKER_URL', 'the address of the instance, or give --url');
  const api = new Api(url, needed('PACKAGE_BROKER_TOKEN', 'a token with the right backup'));
  const { snapshot, digest, fetched, bytes, missing, seconds } = await makeBackup({ api, folder, say });
  console.log(`${fetched} of them are new, ${bytes} bytes. Snapshot ${snapshot}, digest ${digest}, took ${seconds} s.`);
  for (const { key, why } of missing) console.log(`not in the backup: ${key}: ${why}`);
  return missing.length === 0 ? 0 : 2;
});

async function verify(folder, snapshot) {
  const { end, problems } = await checkBackup({ folder, snapshot, say });
  for (const { key, why } of end.missing) console.log(`not in the backup: ${key}: ${why}`);
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? `Snapshot ${snapshot} is whole, digest ${end.digest}.` : `Snapshot ${snapshot}: ${problems.length} problems.`);
  return problems.length > 0 ? 1 : end.missing.length > 0 ? 2 : 0;
}
