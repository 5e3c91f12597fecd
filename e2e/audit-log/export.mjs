/** The whole log of an instance, as an auditor takes it away and checks it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program of the project and returns `{ code, output }`. */
export async function run(file, ...args) {
  const child = spawn(file, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

/** Exports the whole log into a folder, in as many parts as it takes, and returns `{ files, lines, key }`. */
export async function exportLog(instance, folder, name) {
  const files = [];
  const lines = [];
  for (let next = 0; next !== null; ) {
    const response = await fetch(`${instance.url}/api/audit/export?${next === 0 ? '' : `after=${next}`}`, { headers: { authorization: `Bearer ${instance.admin}` } });
    assert.equal(response.status, 200);
    const text = await response.text();
    files.push(join(folder, `${name}-${files.length}.ndjson`));
    await writeFile(files.at(-1), text);
    const part = text.trimEnd().split('\n').map(JSON.parse);
    lines.push(...part);
    ({ next } = part.at(-1));
  }
  const { body } = await instance.api('GET', '/api/audit/key');
  return { files, lines, key: body.key };
}

/** Has the independent verifier look at an export; `more` are further arguments. */
export function verifyExport({ files, key }, ...more) {
  return run('scripts/verify-audit', ...files, '--key', key, ...more);
}
