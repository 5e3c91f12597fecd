/** The catalogue of hostile inputs that the tests of the core read, too: what somebody may send, and what has to come of it. */
import { readFileSync } from 'node:fs';

const FILE = new URL('../../worker-core/src/test/resources/hostile-inputs.json', import.meta.url);

/** Every case as it stands in the file, with its `input` written out; `bytes` where it is no text. */
export const CASES = JSON.parse(readFileSync(FILE, 'utf8')).map((each) => ({ ...each, ...written(each) }));

/** Returns the cases of a group. */
export function group(name) {
  return CASES.filter((each) => each.group === name);
}

/** Returns the statuses that an outcome allows. */
export function statuses({ outcome }) {
  return outcome.split(' ').map(Number);
}

function written({ input, parts, base64, list, count }) {
  if (base64 !== undefined) return { bytes: Buffer.from(base64, 'base64') };
  if (parts !== undefined) return { input: parts.map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.count))).join('') };
  if (list !== undefined) return { input: Array.from({ length: count }, (_, i) => list.replace('{i}', i)) };
  return { input };
}
