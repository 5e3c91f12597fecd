/** The planted faults: their table in docs/security.md, and what each changes in the sources. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(PROJECT, 'scripts/lib/mutants');
const JVM_TESTS = 'worker-core/src/test/java';

/** Returns the rows of the table: `{ number, title, where, seenBy }`, the last one the names of tests. */
export function listed() {
  const lines = readFileSync(join(PROJECT, 'docs/security.md'), 'utf8').split('\n');
  const rows = [];
  for (let at = lines.findIndex((line) => line.startsWith('| # |')) + 2; lines[at]?.startsWith('|'); at++) {
    const [number, title, where, , seenBy] = lines[at].slice(1, -1).split('|').map((cell) => cell.trim().replaceAll('`', ''));
    rows.push({ number: Number(number), title, where, seenBy: seenBy.split(', ') });
  }
  return rows;
}

/** Returns the name of the file that holds a fault: its number and title. */
export function fileOf({ number, title }) {
  return `${String(number).padStart(2, '0')}-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.diff`;
}

/** Returns the names of all files with faults. */
export function files() {
  return readdirSync(FOLDER).sort();
}

/** Returns a fault of the table with what it changes: the `path` of a source, and `hunks` of lines that go and lines that come. */
export function planted(row) {
  const [head, ...rest] = readFileSync(join(FOLDER, fileOf(row)), 'utf8').trimEnd().split('\n');
  const hunks = rest.join('\n').split(/^@@\n/m).slice(1).map((hunk) => {
    const lines = hunk.trimEnd().split('\n');
    const of = (sign) => lines.filter((line) => line.startsWith(sign)).map((line) => `${line.slice(1)}\n`).join('');
    return { goes: of('-'), comes: of('+') };
  });
  return { ...row, path: head.replace(/^\+\+\+ /, ''), hunks };
}

/** Returns a source with the fault; each place that it changes has to be there, and once. */
export function withFault({ path, hunks }, source) {
  return hunks.reduce((text, { goes, comes }) => {
    const places = goes === '' ? 0 : text.split(`\n${goes}`).length - 1;
    if (places !== 1) throw new Error(`expected once, but found ${places} times in ${path}:\n${goes}`);
    return text.replace(`\n${goes}`, () => `\n${comes}`);
  }, source);
}

/** Returns where the tests of some names are: `{ name, path, jvm }`, without a path if there are none of that name. */
export function testsOf(names) {
  const classes = readdirSync(join(PROJECT, JVM_TESTS), { recursive: true });
  return names.map((name) => {
    if (name.includes('/')) return { name, path: existsSync(join(PROJECT, name)) ? name : undefined, jvm: false };
    const file = classes.find((path) => basename(path) === `${name}.java`);
    return { name, path: file && join(JVM_TESTS, file), jvm: true };
  });
}
