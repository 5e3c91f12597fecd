/** What backup, restore and drill are told on the command line and in the environment; secrets only in the latter, or in files. */
import { parseArgs } from 'node:util';
import { Folder } from './folder.mjs';
import { backupKey } from './sealed.mjs';

/** Runs a command; a failure is one sentence and an exit code of 1. */
export async function command(name, options, run) {
  try {
    const { values, positionals } = parseArgs({ options: { 'key-file': { type: 'string' }, ...options }, allowPositionals: true });
    if (positionals.length !== 1) throw new Error('expected one folder of backups');
    process.exitCode = await run(values, new Folder(positionals[0], backupKey(values['key-file'])));
  } catch (error) {
    console.error(`scripts/${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

/** Returns a variable of the environment; throws with what it is for. */
export function needed(variable, purpose) {
  const value = process.env[variable];
  if (value === undefined || value === '') throw new Error(`${variable} is missing: set it to ${purpose}`);
  return value;
}

/** Returns the snapshot that was asked for, or the newest one. */
export async function chosen(folder, name) {
  const snapshots = await folder.snapshots();
  const found = name === undefined ? snapshots.at(-1) : snapshots.find((each) => each === name);
  if (found === undefined) throw new Error(name === undefined ? 'the folder has no snapshot' : `the folder has no snapshot ${name}: it has ${snapshots.join(', ')}`);
  return found;
}

/** Returns how many objects are to be read again. */
export function sampleOf(text) {
  if (text === 'all') return Number.MAX_SAFE_INTEGER;
  if (!/^\d+$/.test(text)) throw new Error('expected a number or all after --sample');
  return Number(text);
}

/** Tells what happens while it does. */
export function say(line) {
  console.log(line);
}
