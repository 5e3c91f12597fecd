/** The Node part of scripts/test: runs each suite, shows what fails, and adds up the counts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
// These wait more than they work: for deadlines, and for each other's clients.
const MATRICES = ['graph', 'confusion', 'faults', 'retag', 'tls', 'rotation', 'rotate-key', 'kill'].map((name) => `e2e/${name}.test.mjs`);
const began = Date.now();
const counts = [];

await jvm('JVM: gates and tests', process.env.JAVA_HOME);
if (process.env.JAVA_HOME_25) await jvm('JVM 25: gates and tests', process.env.JAVA_HOME_25);
await must('Worker: build', 'scripts/build', []);
await must('Worker: bundle', 'wrangler', ['deploy', '--dry-run', '--outdir', 'build/out']);
await node('Planted faults: their list and the sources', tests('scripts/lib'));
await node('Bundling step', tests('worker-entry/bundle'));
await node('Bridge to the runtime', tests('worker-entry/src/test/worker'));
await node('Port contracts inside workerd', ['e2e/contracts.test.mjs'], { counts: /^contracts in workerd: (\d+) passed, (\d+) failed$/m });
await node('Sample upstreams, with the real client directly', tests('e2e/upstream'));
await node('End to end, with the real client through workerd', tests('e2e').filter((file) => !file.endsWith('contracts.test.mjs') && !MATRICES.includes(file)));
await node('Matrices: graphs, confusion, faults, retags, rotations, kills', MATRICES, { atOnce: 2 });
await node('Conformance', tests('e2e/conformance'), { reporter: 'scripts/lib/conformance.mjs', into: 'build/conformance.md' });
isUpToDate('Conformance table', 'docs/conformance.md', 'build/conformance.md', 'scripts/conformance');

for (const { name, passed, failed, seconds } of counts) console.log(`${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
console.log(`All of it took ${seconds(began)} s.`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') === 0 ? 0 : 1);

function tests(folder) {
  const files = readdirSync(join(PROJECT, folder)).filter((file) => file.endsWith('.test.mjs'));
  return files.map((file) => join(folder, file));
}

/** Runs Maven; a gate that refuses counts as one failure. */
async function jvm(name, home) {
  const environment = home === undefined ? {} : { JAVA_HOME: home };
  const result = await command('mvn', ['-B', '-ntp', 'verify'], environment);
  const totals = [...result.output.matchAll(/^\[(?:INFO|WARNING|ERROR)\].* Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: \d+\s*$/gm)];
  const run = totals.reduce((sum, [, all]) => sum + Number(all), 0);
  const broken = totals.reduce((sum, [, , failures, errors]) => sum + Number(failures) + Number(errors), 0);
  for (const line of result.output.match(/^contracts on the JVM: .*$/gm) ?? []) console.log(line);
  record(name, result, run - broken, broken);
}

/** Runs test files, `atOnce` of them; `counts` finds counts of their own in the output, `reporter` writes more of the run `into` a file. */
async function node(name, files, { atOnce = 1, counts: pattern, reporter, into } = {}) {
  const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const more = reporter === undefined ? [] : [`--test-reporter=./${reporter}`, `--test-reporter-destination=${into}`];
  const result = await command('node', ['--test', `--test-concurrency=${atOnce}`, ...spec, ...more, ...files]);
  const count = (word) => Number(result.output.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const inner = pattern === undefined ? null : result.output.match(pattern);
  if (inner !== null) console.log(inner[0]);
  record(name, result, count('pass') + Number(inner?.[1] ?? 0), count('fail') + count('cancelled') + Number(inner?.[2] ?? 0));
}

/** A file that is made of a run has to be what the run made. */
function isUpToDate(name, file, made, script) {
  const read = (path) => (existsSync(join(PROJECT, path)) ? readFileSync(join(PROJECT, path), 'utf8') : '');
  const same = read(file) === read(made);
  const output = `${file} is not what this run made of it (${made}): look at the difference, and run ${script}`;
  record(name, { code: same ? 0 : 1, output, took: 0 }, same ? 1 : 0, same ? 0 : 1);
}

/** Runs a step without which the rest makes no sense. */
async function must(name, file, args) {
  const result = await command(file, args);
  if (result.code === 0) return;
  record(name, result, 0, 1);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

function record(name, { code, output, took }, passed, failed) {
  const failures = code !== 0 && failed === 0 ? 1 : failed;
  counts.push({ name, passed, failed: failures, seconds: took });
  console.log(`${name}: ${passed} passed, ${failures} failed (${took} s)`);
  if (failures > 0) console.log(output.split('\n').slice(-400).join('\n'));
}

async function command(file, args, environment = {}) {
  console.log(`… ${file} ${args.join(' ')}`);
  const start = Date.now();
  const child = spawn(file, args, { cwd: PROJECT, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output, took: seconds(start) };
}

function seconds(start) {
  return Math.round((Date.now() - start) / 1000);
}
