/** The Node part of scripts/run: state, first token, what to paste, and the demonstration. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newSecrets } from '../../e2e/instance.mjs';
import { devServerOver, freePort, needFree } from '../../e2e/wrangler-dev.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const options = { demo: { type: 'boolean', default: false }, 'no-setup': { type: 'boolean', default: false }, port: { type: 'string' } };

const { values } = parseArgs({ options });
await (values.demo ? demonstrate() : run(Number(values.port ?? 8787)));

/** Runs until it is told to stop; its data and its secrets stay in .state/. */
async function run(port) {
  await needFree(port).catch(() => {
    console.error(`scripts/run: port ${port} is in use: stop what listens there, or choose another with --port`);
    process.exit(1);
  });
  const folder = join(PROJECT, '.state');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const server = await devServerOver(folder, port, await secrets(join(folder, 'secrets.json')));
  await server.start();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.stop().then(() => process.exit(0)));
  if (values['no-setup']) {
    console.log(`\nPACKAGE.broker runs at ${server.url}. If it is empty, run scripts/restore with the SETUP_SECRET of .state/secrets.json.`);
  } else {
    show(server, await kept(join(folder, 'admin-token.json'), () => server.setup()));
  }
  console.log('\nRunning; Ctrl-C stops it, and its data stays in .state/.');
  const code = await server.ended();
  console.error(server.output);
  process.exit(code ?? 1);
}

/** Returns what a file holds, or makes it and keeps it for next time, for nobody else to read. */
async function kept(file, make) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    const made = await make();
    await writeFile(file, JSON.stringify(made), { mode: 0o600 });
    return made;
  }
}

/** Returns the secrets that a file holds, with new ones for those that it does not know yet. */
async function secrets(file) {
  const before = await kept(file, newSecrets);
  const all = { ...newSecrets(), ...before };
  await writeFile(file, JSON.stringify(all), { mode: 0o600 });
  return all;
}

function show(server, token) {
  console.log(`
PACKAGE.broker runs at   ${server.url}
Your admin token         ${token}

Paste this in your project (the first line allows plain HTTP, for this machine only):

  composer config secure-http false && composer config repositories.package-broker composer ${server.url}
  composer config --auth http-basic.${server.host} token ${token}`);
}

/** Starts everything anew, installs through it with the real client, and clears away. */
async function demonstrate() {
  const folder = await mkdtemp(join(tmpdir(), 'package-broker-demo-'));
  const sample = spawn(process.execPath, [join(PROJECT, 'e2e/upstream/demo.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  let server;
  try {
    const [line] = await once(createInterface(sample.stdout), 'line');
    const upstream = JSON.parse(line);
    console.log(`A sample upstream runs at ${upstream.url} and wants a password.`);
    const settings = { ...newSecrets(), UPSTREAM_ALLOW: new URL(upstream.url).origin, PACKAGIST_URL: 'off' };
    server = await devServerOver(folder, await freePort(), settings);
    await server.start();
    const token = await server.setup();
    show(server, token);
    await server.api('POST', '/api/upstreams', {
      name: 'sample',
      url: upstream.url,
      patterns: ['acme/*'],
      auth: { type: 'basic', username: upstream.username, password: upstream.password },
    });
    await install(server);
  } finally {
    await server?.stop();
    sample.stdin.end();
    await once(sample, 'close');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function install(server) {
  const { token } = await server.createToken({ name: 'demo', patterns: ['acme/*'] });
  const project = await server.project({ token, require: {} });
  await step(project, 'require', 'acme/hello');
  console.log('\nEvery URL in composer.lock is ours:');
  for (const { name, version, dist } of (await project.lock()).packages) console.log(`  ${name} ${version}  ${dist.url}`);
  const elsewhere = await project.checkout();
  console.log('\nThe same lock on a machine that has seen nothing yet:');
  await step(elsewhere, 'install');
  const { body } = await server.api('GET', '/api/packages/acme/hello');
  console.log(`\nWhat we know of acme/hello:\n${JSON.stringify(body, null, 2)}`);
  console.log('\nThe demonstration succeeded. Now run scripts/run without --demo, and add an upstream of yours.');
}

async function step(project, ...command) {
  console.log(`\n$ composer ${command.join(' ')}`);
  const output = await project.succeed(...command);
  console.log(output.trimEnd());
}
