/** The Node part of scripts/deploy. Secrets travel in a file that only its owner may read, never on a command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  CHECKS, advice, buildName, deployedUrl, isDatabaseMissing, isWorkerMissing, keyProblem, lacksSetup, missingSecrets, secretsProblem, steps,
} from './deploy-plan.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = join(PROJECT, '.state', 'deploy-secrets.json');
const values = options();
const { ENCRYPTION_KEYS, ACTIVE_KEY, AUDIT_SIGNING_KEY } = process.env;
const given = { ENCRYPTION_KEYS, ACTIVE_KEY, AUDIT_SIGNING_KEY };

if (ENCRYPTION_KEYS !== undefined || ACTIVE_KEY !== undefined) refuse(keyProblem(ENCRYPTION_KEYS, ACTIVE_KEY));
if (values.url !== undefined && !/^https:\/\/[^/]+\/?$/.test(values.url)) fail('--url has to be the https address of the instance, without a path');
await (values['dry-run'] ? rehearse() : deploy()).catch((error) => fail(`${error.message}: mend that and run scripts/deploy again`));

function options() {
  try {
    return parseArgs({ options: { 'dry-run': { type: 'boolean', default: false }, 'no-setup': { type: 'boolean', default: false }, url: { type: 'string' } } }).values;
  } catch (error) {
    return fail(`${error.message.split('. ')[0]}: use --dry-run, --no-setup, --url https://…, or none of them`);
  }
}

async function rehearse() {
  console.log('Each time it would look first:\n');
  show(Object.values(CHECKS));
  console.log('\nA first deployment would do this:\n');
  console.log('  make SETUP_SECRET, ENCRYPTION_KEYS, ACTIVE_KEY and AUDIT_SIGNING_KEY (generated), and keep a copy in .state/deploy-secrets.json');
  show(steps({ first: true, secrets: missingSecrets([]), secretsFile: '(generated)' }));
  console.log('  GET /api/health');
  if (!values['no-setup']) console.log('  POST /api/setup with the generated secret, once: it makes the first token');
  console.log('\nAn upgrade would do this:\n');
  show(steps({ first: false, secrets: {}, secretsFile: '' }));
  console.log('  GET /api/health');
  console.log('\nThe build, for real:\n');
  const { code, output } = await run(['wrangler', 'deploy', '--dry-run', '--outdir', 'build/out']);
  console.log(output.trimEnd());
  if (code !== 0) fail('the Worker does not build (above): fix what it names and try again');
  console.log('\nThis was a dry run: nothing was deployed.');
}

function show(list) {
  for (const { title, command } of list) console.log(`  ${command.join(' ')}\n      ${title}`);
}

async function deploy() {
  await requireLogin();
  const present = await presentSecrets();
  const first = present === null || (await lacksDatabase());
  if (first) await must(CHECKS.bucket.command);
  const kept = await keptSecrets();
  const secrets = missingSecrets(present ?? [], given, kept);
  refuse(secretsProblem(present ?? [], kept, secrets));
  if (ENCRYPTION_KEYS !== undefined && !('ENCRYPTION_KEYS' in secrets)) {
    console.log('The Worker has ENCRYPTION_KEYS already, and they stay as they are: see docs/operations.md for how to add a key.');
  }
  const secretsFile = join(scratch(), 'secrets.json');
  await writeFile(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
  await keep(kept, secrets);
  let output = '';
  for (const { title, command } of steps({ first, secrets, secretsFile, build: await built() })) {
    console.log(`${title}…`);
    output += await must(command);
  }
  const url = (values.url ?? deployedUrl(output) ?? fail('wrangler did not say where it deployed to: run again with --url https://…')).replace(/\/$/, '');
  const { body: health } = await answered(`${url}/api/health`);
  // Also after an attempt that broke off before it.
  if (values['no-setup'] && lacksSetup(health)) {
    console.log(`\n${url} is deployed and not set up: now run scripts/restore with the SETUP_SECRET of .state/deploy-secrets.json.`);
    return;
  }
  await (lacksSetup(health) ? setUp(url, { ...kept, ...secrets }.SETUP_SECRET) : upgraded(url, health));
}

/** Builds, and returns what the code is called. */
async function built() {
  await must(['scripts/build']);
  const git = async (...words) => (await run(['git', ...words]).catch(() => ({ stdout: '' }))).stdout.trim(); // there may be none
  const bundle = await readFile(join(PROJECT, 'build', 'worker', 'worker.js'));
  return buildName(await git('rev-parse', 'HEAD'), (await git('status', '--porcelain')) !== '', bundle);
}

function refuse(problem) {
  if (problem !== null) fail(`${problem}. Nothing was deployed.`);
}

async function requireLogin() {
  const { code, stdout, output } = await run(CHECKS.login.command);
  if (code === 0) return;
  if (!stdout.includes('"loggedIn":false')) {
    console.error(output);
    fail(advice(output));
  }
  fail('wrangler is not logged in: run npx wrangler login, or set CLOUDFLARE_API_TOKEN, and try again');
}

/** Returns the names of the deployed Worker's secrets, or null if there is no Worker yet. */
async function presentSecrets() {
  const { code, stdout, output } = await run(CHECKS.secrets.command);
  if (code === 0) return JSON.parse(stdout.slice(stdout.indexOf('['))).map(({ name }) => name);
  if (isWorkerMissing(output)) return null;
  console.error(output);
  fail(advice(output));
}

/** Tells whether the database is still to be made, as after a first deployment that was cut off. */
async function lacksDatabase() {
  const { code, output } = await run(CHECKS.database.command);
  if (code === 0 || isDatabaseMissing(output)) return code !== 0;
  console.error(output);
  return fail(advice(output));
}

/** Returns a folder that is gone when this process is, however it ends. */
function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'package-broker-deploy-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  return folder;
}

/** Keeps a copy for the operator: without the keys, sealed credentials are lost. */
async function keep(before, secrets) {
  if (Object.keys(secrets).length === 0) return;
  await mkdir(join(PROJECT, '.state'), { recursive: true, mode: 0o700 });
  await writeFile(KEPT, JSON.stringify({ ...before, ...secrets }, null, 2), { mode: 0o600 });
  await chmod(KEPT, 0o600); // the mode above is for a new file only
  console.log('The secrets of this deployment are in .state/deploy-secrets.json: put them into a safe place, they exist nowhere else.');
}

async function keptSecrets() {
  try {
    return JSON.parse(await readFile(KEPT, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    fail(`.state/deploy-secrets.json cannot be read (${error.message}): mend it or move it away, and try again`);
  }
}

async function setUp(url, secret) {
  if (secret === undefined) {
    fail('the instance is not set up, and .state/deploy-secrets.json does not hold its SETUP_SECRET: put the one there that it was deployed with');
  }
  const { status, body } = await answered(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, base_url: url }),
  });
  if (status === 401) fail('the instance does not take the SETUP_SECRET of .state/deploy-secrets.json: put the one there that it was deployed with');
  if (status !== 201) fail(`the setup answered ${status} (${body.error}): see docs/troubleshooting.md and run scripts/deploy again`);
  console.log(`
PACKAGE.broker runs at   ${url}
Your admin token         ${body.token}   (shown once)
Your break-glass token   ${body.break_glass.token}   (shown once: keep it in a safe; its use raises an alert)

Paste this in your project:

  composer config repositories.package-broker composer ${url}
  composer config --auth http-basic.${new URL(url).host} token ${body.token}`);
}

function upgraded(url, health) {
  console.log(`\nUpgraded ${url}; its health is ${health.status}.`);
  if (health.status !== 'ok') fail(`the instance is not well (database: ${health.database}; keys: ${health.keys}): see docs/troubleshooting.md`);
}

/** Returns the instance's answer, `{ status, body }`: a new address takes a moment until it answers everywhere. */
async function answered(address, request) {
  let problem;
  for (let tries = 1; tries <= 10; tries += 1) {
    if (tries > 1) await sleep(3_000);
    try {
      const answer = await fetch(address, { ...request, signal: AbortSignal.timeout(30_000) });
      if (answer.headers.get('content-type')?.startsWith('application/json')) return { status: answer.status, body: await answer.json() };
      problem = `status ${answer.status} and no JSON`;
    } catch (error) {
      problem = error.cause?.message ?? error.message;
    }
  }
  return fail(`the instance does not answer at ${address} (${problem}): wait a minute and run scripts/deploy again, with --url if it has a domain of its own`);
}

async function must(command) {
  const { code, output } = await run(command);
  if (code === 0) return output;
  console.error(output);
  return fail(advice(output));
}

async function run([file, ...args]) {
  const child = spawn(file, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, stdout, output };
}

function fail(sentence) {
  console.error(`scripts/deploy: ${sentence}`);
  process.exit(1);
}
