/** Packages that are published here: by curl, by a CI job without a secret; installed by Composer; twice at a time; killed on the way; yanked. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { good, NAME, zip as rawZip } from './hostile/archives.mjs';
import { identities } from './hostile/identities.mjs';
import { MARKER } from './upstream/release.mjs';
import { zip } from './upstream/archive.mjs';
import { startWorker } from './worker.mjs';
import { devServer } from './wrangler-dev.mjs';

const run = promisify(execFile);
const MINUTES = 8;

/** Returns the archive of a version of acme/tool, whose words are its own. */
function archive(word) {
  const composerJson = { name: 'acme/tool', description: word, require: { php: '>=7.4' }, autoload: { 'psr-4': { [`Acme\\${word}\\`]: 'src/' } }, extra: { word }, scripts: { test: 'no' } };
  return zip({ 'composer.json': JSON.stringify(composerJson), [`src/Tool.php`]: `<?php\n\nnamespace Acme\\${word};\n\nfinal class Tool {}\n`, [MARKER]: JSON.stringify({ word }) });
}

const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');

describe('what is published', () => {
  let worker;
  let issuer;
  let folder;
  let reader;
  before(async () => {
    issuer = await identities();
    folder = await mkdtemp(join(tmpdir(), 'publish-'));
    worker = await startWorker({ upstreams: [{ origin: issuer.origin }] });
    await worker.setup();
    ({ token: reader } = await worker.createToken());
    const rule = { name: 'tool', provider: 'gitlab', issuer: issuer.origin, repository_id: '42', owner_id: '7', ref: 'refs/heads/main', kind: 'publish', patterns: ['acme/*'] };
    assert.equal((await worker.api('POST', '/api/oidc-rules', rule)).status, 201);
  });
  after(async () => {
    await worker?.close();
    await issuer?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = async (version, body, token = worker.admin, name = 'acme/tool') => {
    const response = await fetch(`${worker.url}/api/packages/${name}/${version}`, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  const expectInstalled = async (client, version, word) => {
    const installed = await client.installed('acme/tool');
    assert.deepEqual([installed.version, installed.reference, installed.marker], [version, sha1(archive(word)), { word }]);
    assert.deepEqual(installed.metadata.require, { php: '>=7.4' });
    assert.deepEqual(installed.metadata.autoload, { 'psr-4': { [`Acme\\${word}\\`]: 'src/' } });
    assert.equal(installed.metadata.scripts, undefined);
    assert.equal((await client.lockText()).includes('published.invalid'), false);
  };

  const install = async (constraint, version, word, options = {}) => {
    const client = await worker.project({ token: reader, require: { 'acme/tool': constraint }, ...options });
    await client.succeed('update');
    await expectInstalled(client, version, word);
    return client;
  };

  it('with curl is installed by Composer', async () => {
    const { token } = await worker.createToken({ kind: 'publish', patterns: ['acme/*'] });
    const file = join(folder, 'tool.zip');
    await writeFile(file, archive('One'));
    const { stdout } = await run('curl', ['-sSf', '-H', `Authorization: Bearer ${token}`, '-T', file, `${worker.url}/api/packages/acme/tool/1.0.0`]);
    assert.equal(JSON.parse(stdout).reference, sha1(archive('One')));
    await install('^1.0', '1.0.0', 'One');
  });

  it('by a CI job without a stored secret is installed, as a pre-release and as a branch', async () => {
    const job = await worker.api('POST', '/oidc/token', { token: issuer.token({ origin: worker.url }) }, 'none');
    assert.equal(job.status, 201, JSON.stringify(job.body));
    assert.equal((await put('1.1.0-beta1', archive('Beta'), job.body.token)).status, 201);
    assert.equal((await put('dev-main', archive('Main'), job.body.token)).status, 201);
    assert.equal((await put('1.0.0', good(), job.body.token, 'globex/tool')).status, 404);
    await install('^1.1@beta', '1.1.0-beta1', 'Beta');
    await install('dev-main', 'dev-main', 'Main');
    await install('^1.0', '1.0.0', 'One');
  });

  it('as a branch moves, and a lock keeps what it had', async () => {
    const client = await install('dev-main', 'dev-main', 'Main');
    assert.equal((await put('dev-main', archive('Moved'))).status, 201);
    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, 'dev-main', 'Main');
    await client.succeed('update');
    await expectInstalled(client, 'dev-main', 'Moved');
  });

  it('twice at a time is there once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(['Left', 'Right'].map((word) => put(`3.${round}.0`, archive(word))));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
      const same = await Promise.all([1, 2, 3].map(() => put(`4.${round}.0`, archive('Same'))));
      assert.deepEqual(same.map(({ status }) => status).sort(), [200, 200, 201]);
    }
    const objects = await worker.objects('artifact/');
    const named = await worker.sql('SELECT artifact FROM version');
    assert.deepEqual(objects.sort(), named.map(({ artifact }) => artifact).sort());
  });

  it('and yanked is offered no more, and a lock installs', async () => {
    assert.equal((await put('5.0.0', archive('Five'))).status, 201);
    const client = await install('>=5.0', '5.0.0', 'Five');
    assert.equal((await worker.api('POST', '/api/packages/acme/tool/5.0.0/yank', {})).status, 204);
    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, '5.0.0', 'Five');
    assert.match(await (await worker.project({ token: reader, require: { 'acme/tool': '>=5.0' } })).fail('update'), /acme\/tool/);
    assert.equal((await worker.api('DELETE', '/api/packages/acme/tool/5.0.0/yank')).status, 204);
    await install('>=5.0', '5.0.0', 'Five');
  });

  it('and deleted is gone for good, with its bytes if they are purged', async () => {
    const { body: { url } } = await put('6.0.0', archive('Six'));
    await (await worker.get('/p2/acme/tool.json', reader)).arrayBuffer();
    assert.equal((await worker.api('DELETE', '/api/packages/acme/tool/6.0.0')).status, 204);
    assert.equal((await worker.get(url, reader)).status, 200);
    assert.equal((await put('6.0.0', archive('Six'))).status, 409);
    assert.equal((await worker.api('DELETE', '/api/packages/acme/tool/6.0.0?purge=true')).status, 204);
    assert.equal((await worker.get(url, reader)).status, 410);
    await worker.work();
    assert.equal((await worker.get(url, reader)).status, 410);
  });

  it('may come from whatever tool makes zips', async () => {
    const work = join(folder, 'work');
    await run('mkdir', ['-p', join(work, 'src')]);
    await writeFile(join(work, 'composer.json'), JSON.stringify({ name: 'acme/made' }));
    await writeFile(join(work, 'src/Übung.php'), '<?php\n');
    await writeFile(join(work, 'src/empty'), '');
    await writeFile(join(work, 'large.bin'), randomBytes(300_000));
    const git = (...args) => run('git', ['-C', work, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-qm', 'x');
    const to = (name) => join(folder, `${name}.zip`);
    const php = `$z = new ZipArchive; $z->open($argv[1], ZipArchive::CREATE); $z->addEmptyDir('src'); foreach (['composer.json', 'src/Übung.php', 'src/empty', 'large.bin'] as $f) $z->addFile($f, $f); $z->close();`;
    const made = {
      git: () => git('archive', '--format=zip', '-o', to('git'), 'HEAD'),
      'git-streamed': () => git('-c', 'core.bigFileThreshold=1k', 'archive', '--format=zip', '--prefix=made-1.0/', '-o', to('git-streamed'), 'HEAD'),
      composer: () => run('composer', ['archive', '--format=zip', `--dir=${folder}`, '--file=composer', '--no-interaction'], { cwd: work, env: { ...process.env, COMPOSER_ALLOW_SUPERUSER: '1', COMPOSER_HOME: join(folder, 'home') } }),
      python: () => run('python3', ['-c', `import shutil; shutil.make_archive('${join(folder, 'python')}', 'zip', '${work}')`]),
      php: () => run('php', ['-r', php, to('php')], { cwd: work }),
    };
    for (const [i, [tool, make]] of Object.entries(made).entries()) {
      await make();
      const { status, body } = await put(`1.${i}.0`, await readFile(to(tool)), worker.admin, 'acme/made');
      assert.equal(status, 201, `${tool}: ${JSON.stringify(body)}`);
    }
  });

  it('in parts is what was sent', async () => {
    const large = rawZip([{ name: 'composer.json', content: JSON.stringify({ name: NAME }) }, { name: 'noise', content: randomBytes(12 << 20), method: 0 }]);
    const { status, body } = await put('1.0.0', large, worker.admin, NAME);
    assert.equal(status, 201);
    assert.equal(sha1(Buffer.from(await (await worker.get(body.url, reader)).arrayBuffer())), sha1(large));
    assert.deepEqual(await worker.sql('SELECT * FROM upload'), []);
  });
});

describe('an upload in parts whose Worker is killed', () => {
  let server;
  before(async () => {
    server = await devServer({ upstreams: [] });
    await server.start();
    await server.setup();
  });
  after(() => server?.close());

  /** Returns what a statement finds in the files of the simulators. */
  const rows = async (kind, statement) => {
    const folder = join(dirname(dirname(await server.databaseFile())), kind === 'd1' ? '.' : `../${kind}`);
    for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.sqlite') && !name.includes('metadata'))) {
      const database = new DatabaseSync(join(folder, file));
      try {
        return database.prepare(statement).all();
      } catch (error) {
        if (!/no such table/.test(error.message)) throw error;
      } finally {
        database.close();
      }
    }
    throw new Error(`expected a table for ${statement} in ${folder}`);
  };

  it('is nowhere to be seen, and swept', async () => {
    const archiveBytes = rawZip([{ name: 'composer.json', content: JSON.stringify({ name: NAME }) }, { name: 'noise', content: randomBytes(20 << 20), method: 0 }]);
    const target = `${server.url}/api/packages/${NAME}/1.0.0`;
    const half = request(target, { method: 'PUT', headers: { authorization: `Bearer ${server.admin}`, 'content-length': archiveBytes.length } });
    half.on('error', () => {}); // It is cut off.
    half.write(archiveBytes.subarray(0, 12 << 20));
    for (let i = 0; (await rows('d1', 'SELECT * FROM upload')).length === 0; i += 1) {
      assert.ok(i < 100, 'expected an upload to have begun');
      await sleep(100);
    }
    await sleep(500);
    await server.kill();
    half.destroy();

    // A day later.
    await rows('d1', 'UPDATE upload SET started_at = started_at - 90000000 RETURNING object');
    await server.start();
    for (const table of ['published', 'version', 'release', 'package']) assert.deepEqual(await rows('d1', `SELECT * FROM ${table}`), [], table);
    assert.equal((await server.api('GET', `/p2/${NAME}.json`)).status, 404);
    for (let minute = 0; minute < MINUTES; minute += 1) await server.scheduled();
    assert.deepEqual(await rows('d1', 'SELECT * FROM upload'), []);
    assert.deepEqual(await rows('r2', "SELECT key FROM _mf_objects WHERE key LIKE 'artifact/%'"), []);
    assert.deepEqual(await rows('r2', 'SELECT * FROM _mf_multipart_parts'), []);

    const again = await fetch(target, { method: 'PUT', headers: { authorization: `Bearer ${server.admin}` }, body: archiveBytes });
    assert.equal(again.status, 201, await again.text());
  });
});
