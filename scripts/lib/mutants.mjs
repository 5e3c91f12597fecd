/** The Node part of scripts/mutants: plants a fault, compiles what it touches, and expects the tests that are named for it to fail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { listed, planted, testsOf, withFault } from './planted-faults.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const LONGEST_MILLIS = 600_000;
const { values: options } = parseArgs({ options: { only: { type: 'string' }, keep: { type: 'boolean' } } });
const only = options.only?.split(',').map(Number);
const began = Date.now();
const faults = listed()
  .filter(({ number }) => only?.includes(number) ?? true)
  .map((row) => ({ ...planted(row), tests: testsOf(row.seenBy) }));
if (faults.length !== (only?.length ?? faults.length)) throw new Error('expected numbers of docs/security.md after --only');

const tree = mkdtempSync(join(tmpdir(), 'mutants-'));
const core = join(tree, 'worker-core/target');
const sound = join(tree, 'sound'); // the core's classes without a fault
let classpath = '';
process.on('exit', () => {
  if (options.keep) console.log(`The copy is ${tree}`);
  else rmSync(tree, { recursive: true, force: true });
});
process.on('SIGINT', () => process.exit(130));
process.exit(await run());

async function run() {
  await copy();
  const onJvm = faults.filter(({ tests }) => tests.every(({ jvm }) => jvm));
  const inWorkerd = faults.filter((fault) => !onJvm.includes(fault));
  const caught = [];
  for (const [group, prepare] of [[onJvm, compile], [inWorkerd, build]]) {
    if (group.length === 0) continue;
    const problem = await prepare(group.flatMap(({ tests }) => tests));
    if (problem !== null) {
      console.log(`The tests do not pass without a fault:\n${problem}`);
      return 2;
    }
    for (const fault of group) if (await isCaught(fault)) caught.push(fault);
  }
  console.log(`${caught.length}/${faults.length} in ${seconds(began)} s`);
  return caught.length === faults.length ? 0 : 1;
}

/** Copies what Git knows of, and what is new, and takes from the copy what only judges style. */
async function copy() {
  const { output } = await command('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], PROJECT);
  for (const file of output.split('\0').filter((name) => name !== '')) cpSync(join(PROJECT, file), join(tree, file));
  symlinkSync(join(PROJECT, 'node_modules'), join(tree, 'node_modules'));
  utimesSync(join(tree, 'package-lock.json'), 0, 0); // older than what is installed, or scripts/build would install it anew, through the link
  const pom = readFileSync(join(tree, 'pom.xml'), 'utf8');
  writeFileSync(join(tree, 'pom.xml'), pom.replaceAll(/<arg>-Xplugin:ErrorProne.*?<\/arg>/g, '').replace('<failOnWarning>true', '<failOnWarning>false'));
}

/** Compiles the core and runs tests without a fault; returns what is wrong, or null. */
async function compile(tests) {
  const { code, output } = await command('mvn', ['-q', '-pl', 'worker-core', 'test', ...chosen(tests)]);
  if (code !== 0) return output;
  cpSync(join(core, 'classes'), sound, { recursive: true });
  const [report] = reports();
  classpath = /name="surefire\.(?:real|test)\.class\.path" value="([^"]*)"/.exec(readFileSync(report, 'utf8'))[1];
  return null;
}

/** Builds the Workers and runs tests in them without a fault; returns what is wrong, or null. */
async function build(tests) {
  const { code, output } = await bundle();
  if (code !== 0) return output;
  for (const path of new Set(tests.map((test) => test.path))) {
    const { code, output } = await inNode(path);
    if (code !== 0) return output;
  }
  return null;
}

async function bundle() {
  const built = await command('scripts/build', []);
  return built.code !== 0 ? built : command('wrangler', ['deploy', '--dry-run', '--outdir', 'build/out']);
}

/** Plants a fault, tells what came of it, and takes it out again. */
async function isCaught(fault) {
  const start = Date.now();
  const file = join(tree, fault.path);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, withFault(fault, source));
  try {
    const { problem, failed } = await (fault.tests.every(({ jvm }) => jvm) ? onTheJvm(fault) : inTheWorker(fault));
    const word = problem !== undefined ? 'broken' : failed.length > 0 ? 'caught' : 'MISSED';
    const others = failed?.length > 1 ? ` and ${failed.length - 1} more` : '';
    const end = problem ?? (failed.length > 0 ? `by ${failed[0]}${others}` : `by ${fault.seenBy.join(', ')}`);
    console.log(`${word}  ${String(fault.number).padStart(2, '0')} ${fault.title}  ${end} (${seconds(start)} s)`);
    return word === 'caught';
  } finally {
    writeFileSync(file, source);
  }
}

/** Compiles the core, all of it since constants are copied into other classes, and runs the tests on them; returns what they assert in vain. */
async function onTheJvm({ tests }) {
  const classes = join(core, 'classes');
  try {
    const compiled = await command('javac', ['-proc:none', '-nowarn', '--release', '17', '-cp', [classes, classpath].join(delimiter), '-d', classes, ...sources()]);
    if (compiled.code !== 0) return { problem: `it does not compile:\n${compiled.output}` };
    for (const report of reports()) rmSync(report);
    const { output } = await command('mvn', ['-q', '-o', '-pl', 'worker-core', 'surefire:test', ...chosen(tests)]);
    const ran = reports();
    return ran.length === 0 ? { problem: `no test ran:\n${output}` } : { failed: ran.flatMap((report) => failures(readFileSync(report, 'utf8'))) };
  } finally {
    rmSync(classes, { recursive: true });
    cpSync(sound, classes, { recursive: true });
  }
}

/** Builds the Workers anew if they are touched, and runs the tests in them. */
async function inTheWorker({ path, tests }) {
  const built = path.startsWith('worker-') ? await bundle() : { code: 0 };
  if (built.code !== 0) return { problem: `it does not compile:\n${built.output}` };
  const failed = [];
  for (const test of tests) failed.push(...failures((await inNode(test.path)).output).map((name) => `${test.path}: ${name}`));
  return { failed };
}

function inNode(path) {
  return command('node', ['--test', '--test-reporter=junit', path]);
}

function sources() {
  const folder = join(tree, 'worker-core/src/main/java');
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.java')).map((file) => join(folder, file));
}

function chosen(tests) {
  return [`-Dtest=${[...new Set(tests.map(({ name }) => name))].join(',')}`, '-Dsurefire.failIfNoSpecifiedTests=true'];
}

function reports() {
  const folder = join(core, 'surefire-reports');
  return readdirSync(folder).filter((file) => file.endsWith('.xml')).map((file) => join(folder, file));
}

/** Returns the tests of a report that failed because what they assert is not so; an exception that nobody expected is no assertion. */
function failures(report) {
  const found = [];
  for (const [, attributes, body] of report.matchAll(/<testcase\b([^>]*[^/])>(.*?)<\/testcase>/gs)) {
    const failure = /<failure\b.*?<\/failure>/s.exec(body)?.[0];
    const attribute = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    const asserted = failure !== undefined && (/AssertionError|AssertionFailedError|MultipleFailuresError/.test(failure) || failure.includes('ERR_ASSERTION'));
    const room = attribute('classname').includes('.') ? `${attribute('classname').split('.').at(-1)}.` : '';
    if (asserted) found.push(`${room}${attribute('name')}`);
  }
  return found;
}

async function command(file, args, folder = tree) {
  const child = spawn(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_MILLIS });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

function seconds(start) {
  return Math.round((Date.now() - start) / 1000);
}
