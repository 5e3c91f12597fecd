/** scripts/deploy without an account: what it would do, what it refuses, what it decides. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  advice, buildName, deployedUrl, isDatabaseMissing, isWorkerMissing, keyProblem, lacksSetup, missingSecrets, secretsProblem, steps,
} from '../scripts/lib/deploy-plan.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const key = (bytes) => Buffer.alloc(bytes, 7).toString('base64');

describe('scripts/deploy without an account', () => {
  let home;
  before(async () => (home = await mkdtemp(join(tmpdir(), 'deploy-home-'))));
  after(() => rm(home, { recursive: true, force: true }));

  const run = async (command, args, environment = {}) => {
    const child = spawn(command, args, {
      cwd: PROJECT,
      env: { PATH: process.env.PATH, HOME: home, JAVA_HOME: process.env.JAVA_HOME ?? '', WRANGLER_SEND_METRICS: 'false', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    return { code, output };
  };

  it('shows every step in order, builds, and tells no secret', async () => {
    const { code, output } = await run('scripts/deploy', ['--dry-run']);
    assert.equal(code, 0, output);
    const order = [
      'wrangler whoami', 'wrangler secret list', 'wrangler d1 migrations list DB --remote', 'wrangler r2 bucket list',
      'A first deployment', 'make SETUP_SECRET', 'wrangler deploy --secrets-file (generated)', 'wrangler d1 migrations apply DB --remote',
      'GET /api/health', 'POST /api/setup',
      'An upgrade', 'wrangler d1 migrations apply DB --remote', 'wrangler deploy', 'GET /api/health',
      'The build, for real', 'gzip: ', '--dry-run: exiting now', 'nothing was deployed',
    ];
    let from = 0;
    for (const step of order) {
      const place = output.indexOf(step, from);
      assert.ok(place >= from, `expected ${step} next in:\n${output.slice(from)}`);
      from = place + step.length;
    }
    assert.doesNotMatch(output, /[0-9a-f]{64}|[A-Za-z0-9+/]{43}=/);
  });

  it('leaves out the setup where a backup is to be restored', async () => {
    const { code, output } = await run('scripts/deploy', ['--dry-run', '--no-setup']);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /api\/setup/);
  });

  it('refuses a key of 31 bytes before anything else', async () => {
    const { code, output } = await run('scripts/deploy', ['--dry-run'], { ENCRYPTION_KEYS: JSON.stringify({ k1: key(31) }), ACTIVE_KEY: 'k1' });
    assert.equal(code, 1);
    assert.match(output, /the key k1 has 31 bytes and not 32/);
    assert.doesNotMatch(output, /wrangler deploy/);
  });

  it('says how to log in, and makes no secret before', async () => {
    const kept = () => readFile(join(PROJECT, '.state/deploy-secrets.json'), 'utf8').catch(() => null);
    const before = await kept();
    const { code, output } = await run('scripts/deploy', []);
    assert.equal(code, 1, output);
    assert.match(output, /^scripts\/deploy: wrangler is not logged in: run npx wrangler login, or set CLOUDFLARE_API_TOKEN, and try again\n$/);
    assert.equal(await kept(), before);
  });

  it('refuses an address that is none', async () => {
    const { code, output } = await run('scripts/deploy', ['--dry-run', '--url', 'packages.example.com']);
    assert.equal(code, 1);
    assert.match(output, /--url has to be the https address/);
  });

  it('refuses an option that it does not know', async () => {
    const { code, output } = await run('scripts/deploy', ['--dry-rum']);
    assert.equal(code, 1);
    assert.match(output, /^scripts\/deploy: Unknown option '--dry-rum': use [^\n]+\n$/);
  });

  it('leaves plain npx wrangler deploy working', async () => {
    const { code, output } = await run('npx', ['wrangler', 'deploy', '--dry-run']);
    assert.equal(code, 0, output);
  });
});

describe('a deployment', () => {
  const rows = [
    [JSON.stringify({ k1: key(32) }), 'k1', null],
    [JSON.stringify({ k1: key(32), k2: key(32) }), 'k2', null],
    [JSON.stringify({ k1: key(33) }), 'k1', /33 bytes/],
    [JSON.stringify({ k1: key(32) }), 'k2', /ACTIVE_KEY/],
    [JSON.stringify({ k1: key(32) }), undefined, /ACTIVE_KEY/],
    [undefined, 'k1', /set both or neither/],
    [JSON.stringify({ k1: key(32).replace('=', '') }), 'k1', null],
    [JSON.stringify({ k1: `${key(32)}=` }), 'k1', /not base64/],
    [JSON.stringify({ k1: key(31) }), 'k1', /31 bytes/],
    [JSON.stringify({ k1: key(32), k2: key(31) }), 'k1', /the key k2 has 31 bytes/],
    [JSON.stringify({ k1: 'no base64!' }), 'k1', /not base64/],
    [JSON.stringify({ 'K 1': key(32) }), 'K 1', /key id/],
    ['{}', 'k1', /no key/],
    ['[]', 'k1', /no key/],
    ['null', 'k1', /no key/],
    ['k1', 'k1', /no JSON/],
  ];
  for (const [ring, active, problem] of rows) {
    it(`${problem === null ? 'takes' : 'refuses'} the key ring ${ring?.replace(/"[^"]{20,}"/g, '…')} with ${active}`, () => {
      const found = keyProblem(ring, active);
      if (problem === null) assert.equal(found, null);
      else assert.match(found, problem);
    });
  }

  it('makes sound secrets, different each time', () => {
    const [one, other] = [missingSecrets([]), missingSecrets([])];
    assert.equal(keyProblem(one.ENCRYPTION_KEYS, one.ACTIVE_KEY), null);
    assert.notEqual(one.ENCRYPTION_KEYS, other.ENCRYPTION_KEYS);
    assert.equal(Buffer.from(one.AUDIT_SIGNING_KEY, 'base64').length, 32);
    assert.ok(one.SETUP_SECRET.length >= 64 && one.SETUP_SECRET !== other.SETUP_SECRET);
  });

  it('never replaces keys that are there, and takes given ones', () => {
    assert.deepEqual(missingSecrets(['SETUP_SECRET', 'ENCRYPTION_KEYS', 'ACTIVE_KEY', 'AUDIT_SIGNING_KEY']), {});
    assert.deepEqual(Object.keys(missingSecrets(['ENCRYPTION_KEYS', 'ACTIVE_KEY'])), ['SETUP_SECRET', 'AUDIT_SIGNING_KEY']);
    assert.equal(missingSecrets([], { ENCRYPTION_KEYS: 'mine', ACTIVE_KEY: 'k9' }).ACTIVE_KEY, 'k9');
  });

  it('prefers the keys of an earlier deployment to new ones, and given ones to both', () => {
    const kept = { SETUP_SECRET: 'also kept', ENCRYPTION_KEYS: 'kept', ACTIVE_KEY: 'k3', AUDIT_SIGNING_KEY: 'kept, too' };
    assert.deepEqual(missingSecrets([], {}, kept), kept);
    assert.equal(missingSecrets([], { ENCRYPTION_KEYS: undefined }, kept).ENCRYPTION_KEYS, 'kept');
    assert.equal(missingSecrets([], { ENCRYPTION_KEYS: 'mine' }, kept).ENCRYPTION_KEYS, 'mine');
    assert.deepEqual(missingSecrets(['SETUP_SECRET', 'ENCRYPTION_KEYS', 'ACTIVE_KEY', 'AUDIT_SIGNING_KEY'], {}, kept), {});
  });

  it('takes keys and the id of the active one from the same place', () => {
    const kept = { ENCRYPTION_KEYS: 'kept', ACTIVE_KEY: 'k3' };
    assert.deepEqual(missingSecrets(['SETUP_SECRET', 'ACTIVE_KEY', 'AUDIT_SIGNING_KEY'], {}, kept), kept);
    assert.deepEqual(missingSecrets(['SETUP_SECRET', 'ENCRYPTION_KEYS', 'AUDIT_SIGNING_KEY'], {}, kept), {});
    const { ENCRYPTION_KEYS, ACTIVE_KEY } = missingSecrets([], {}, { ACTIVE_KEY: 'k3' });
    assert.equal(keyProblem(ENCRYPTION_KEYS, ACTIVE_KEY), null);
  });

  const [mine, other] = [1, 2].map((byte) => JSON.stringify({ k1: Buffer.alloc(32, byte).toString('base64') }));
  const refusals = [
    ['uploads keys for the first time', [], {}, { ENCRYPTION_KEYS: mine, ACTIVE_KEY: 'k1' }, null],
    ['uploads the kept keys again', [], { ENCRYPTION_KEYS: mine }, { ENCRYPTION_KEYS: mine, ACTIVE_KEY: 'k1' }, null],
    ['uploads nothing', ['ENCRYPTION_KEYS', 'ACTIVE_KEY'], { ENCRYPTION_KEYS: other }, {}, null],
    ['does not lose the only copy of other keys', [], { ENCRYPTION_KEYS: other }, { ENCRYPTION_KEYS: mine, ACTIVE_KEY: 'k1' }, /other ENCRYPTION_KEYS/],
    ['does not guess which key is active', ['ENCRYPTION_KEYS'], {}, {}, /secret put ACTIVE_KEY/],
    ['does not upload kept keys that are broken', [], { ENCRYPTION_KEYS: '{}' }, { ENCRYPTION_KEYS: '{}', ACTIVE_KEY: 'k1' }, /no key/],
  ];
  for (const [title, present, kept, secrets, problem] of refusals) {
    it(title, () => {
      const found = secretsProblem(present, kept, secrets);
      if (problem === null) assert.equal(found, null);
      else assert.match(found, problem);
    });
  }

  const advices = [
    ['Please enable R2 through the Cloudflare Dashboard. [code: 10042]', /R2 is not active/],
    ['✘ [ERROR] A database with that name already exists', /database_name .* bucket_name/],
    ['The bucket you tried to create already exists, and you own it. [code: 10004]', /database_name .* bucket_name/],
    ['More than one account available but unable to select one in non-interactive mode.', /CLOUDFLARE_ACCOUNT_ID/],
    ['You can either deploy your worker to one or more routes, or register a workers.dev subdomain here:', /register one/],
    ['A request to the Cloudflare API failed.\n  Authentication error [code: 10000]', /permission/],
    ['Your Worker exceeded the size limit of 3 MiB. [code: 10027]', /wrangler failed \(above\)/],
  ];
  for (const [output, sentence] of advices) it(`advises on: ${output.split('\n').at(-1)}`, () => assert.match(advice(output), sentence));

  it('takes only wrangler\'s own words for an absent Worker or database', () => {
    assert.ok(isWorkerMissing('✘ [ERROR] Worker "package-broker" not found.\n\nIf this is a new Worker, run `wrangler deploy` first to create it.'));
    assert.ok(isDatabaseMissing("Couldn't find an auto-provisioned D1 DB named 'package-broker-db' for binding 'DB'."));
    assert.ok(isDatabaseMissing("Couldn't find a D1 DB named 'package-broker-db' (bound as 'DB') in the API."));
    const others = ['Account not found', 'getaddrinfo ENOTFOUND api.cloudflare.com', 'the resource does not exist', 'A request failed. [code: 10000]'];
    for (const other of others) assert.ok(!isWorkerMissing(other) && !isDatabaseMissing(other), other);
  });

  it('migrates after the first upload, and before every later one', () => {
    const commands = (options) => steps(options).map(({ command }) => command.slice(0, 3).join(' '));
    assert.deepEqual(commands({ first: true, secrets: { A: '1' }, secretsFile: 'f' }), ['wrangler deploy --secrets-file', 'wrangler d1 migrations']);
    assert.deepEqual(commands({ first: false, secrets: {}, secretsFile: '' }), ['wrangler d1 migrations', 'wrangler deploy']);
  });

  it('tells the code what it is called', () => {
    const bundle = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(buildName('0123abc', false, 'abc'), `0123abc/${bundle}`);
    assert.equal(buildName('', true, 'abc'), `unknown+/${bundle}`);
    const [, deploy] = steps({ first: false, secrets: {}, secretsFile: '', build: 'x' });
    assert.deepEqual(deploy.command, ['wrangler', 'deploy', '--var', 'BUILD:x']);
  });

  it('finds its address in what wrangler prints', () => {
    assert.equal(deployedUrl('Deployed\n  https://package-broker.someone.workers.dev\n'), 'https://package-broker.someone.workers.dev');
    assert.equal(deployedUrl('Deployed\n  https://package-broker.someone.workers.dev\n  packages.example.com (custom domain)\n'), 'https://packages.example.com');
    assert.equal(deployedUrl('nothing'), null);
  });

  it('sets up what is not set up yet, and nothing else', () => {
    assert.ok(lacksSetup({ status: 'ok', database: 'ok, not set up yet' }));
    for (const database of ['ok', 'not migrated', 'unavailable', undefined]) assert.ok(!lacksSetup({ database }));
  });
});
