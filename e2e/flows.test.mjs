/**
 * What people do with Composer, each command as they type it, against an instance of ours. A spy sees what the client asked for.
 *
 * The client is Debian's, or COMPOSER_BINARY's. What only newer clients do is asked as they would ask it (§1 of the protocol), and
 * by themselves if one of them is given.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clientVersion, project } from './composer.mjs';
import { expectNoLeak, expectOnlyOurUrls } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { byKind } from './updates.mjs';

const ADVISORY = {
  advisoryId: 'PKSA-aaaa-bbbb-cccc', packageName: 'acme/weak', affectedVersions: '<2.0', title: 'It opens the door', cve: 'CVE-2026-0001',
  link: 'https://example.com/advisory', reportedAt: '2026-05-01 10:00:00', severity: 'high', sources: [{ name: 'GitHub', remoteId: 'GHSA-1' }], composerRepository: 'https://example.com',
};
const version = await clientVersion();
const isFrom = (major, minor) => version[0] > major || (version[0] === major && version[1] >= minor);

let mirror;
before(async () => {
  mirror = await startMirror({
    spied: true,
    vars: { FRESH_SECONDS: '300' },
    upstreams: [{ auth: 'basic', root: { 'security-advisories': { metadata: true, 'api-url': '/advisories' } } }],
  });
  const { upstream } = mirror;
  upstream.respond('/advisories', (body) => ({ advisories: Object.fromEntries([...new URLSearchParams(body).values()].map((name) => [name, name === 'acme/weak' ? [ADVISORY] : []])) }));
  for (const number of ['1.0.0', '1.1.0', '1.2.0']) upstream.publish({ name: 'acme/greeting', version: number, source: true, extraKeys: { description: 'Greets whoever comes' } });
  upstream.publish({ name: 'acme/greeting', version: '2.0.0', require: { php: '>=99' }, extraKeys: { description: 'Greets whoever comes' } });
  for (const number of ['1.0.0', '1.1.0']) upstream.publish({ name: 'acme/hello', version: number, require: { 'acme/greeting': '^1.0' }, extraKeys: { description: 'Says hello' } });
  upstream.publish({ name: 'acme/hello', version: 'dev-main', require: { 'acme/greeting': '^1.0' }, defaultBranch: true });
  upstream.publish({ name: 'acme/weak', version: '1.0.0' });
  upstream.publish({ name: 'acme/skeleton', version: '1.0.0', require: { 'acme/hello': '^1.0' }, extraKeys: { type: 'project' }, files: { 'composer.json': skeleton() } });
  // Whatever somebody has asked for once can be listed and found.
  for (const name of ['acme/greeting', 'acme/hello', 'acme/weak', 'acme/skeleton']) await mirror.versions(name);
  await mirror.worker.work();
});
after(() => mirror?.close());

function skeleton() {
  const repositories = [{ type: 'composer', url: mirror.url }, { 'packagist.org': false }];
  return JSON.stringify({ name: 'acme/skeleton', type: 'project', require: { 'acme/hello': '^1.0' }, repositories, config: { 'secure-http': false } });
}

/** What a client asked since the last look, in a word each, sorted. */
function asked() {
  return mirror.spy.take().filter(({ path }) => !path.startsWith('/api/'));
}

/** How many requests there were of each kind, but for what newer clients ask to block what is weak or harmful: each once at most. */
function kinds(requests) {
  const { filter = 0, 'security-advisories': advisories = 0, ...usual } = byKind(requests);
  assert.ok(filter <= (isFrom(2, 10) ? 2 : 0) && advisories <= (isFrom(2, 9) ? 1 : 0), JSON.stringify({ filter, advisories }));
  return usual;
}

/** What was asked about the packages themselves. */
const ofPackages = ({ path }) => !path.startsWith('/filter') && !path.startsWith('/security-advisories');

async function updated(options = {}) {
  const client = await mirror.project({ require: { 'acme/hello': '^1.0' }, ...options });
  await client.succeed('update', ...auditOff());
  asked();
  return client;
}

/** A client that audits by itself would blur what is counted. */
function auditOff() {
  return isFrom(2, 4) ? ['--no-audit'] : [];
}

describe(`composer ${version.join('.')}`, () => {
  it('update: reads the root, each needed package once, loads archives, reports what it installed', async () => {
    const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
    asked();
    await client.succeed('update', ...auditOff());
    const requests = asked();
    assert.deepEqual(kinds(requests), { 'packages.json': 1, p2: 2, dist: 2, downloads: 1 });
    assert.ok(requests.every(({ status }) => status < 300), JSON.stringify(requests.map(({ path, status }) => [path, status])));
    const { downloads } = JSON.parse(requests.find(({ path }) => path === '/downloads').body);
    assert.deepEqual(downloads.map(({ name, version: number }) => [name, number]).toSorted(), [['acme/greeting', '1.2.0.0'], ['acme/hello', '1.1.0.0']]);
    await expectOnlyOurUrls(client, mirror);
  });

  it('update, again: is told that nothing has changed', async () => {
    const client = await updated();
    await client.succeed('update', ...auditOff());
    const requests = asked();
    assert.deepEqual(kinds(requests), { 'packages.json': 1, p2: 2 });
    assert.ok(requests.filter(ofPackages).every(({ status }) => status === 304));
  });

  it('install from a lock, on a new machine: loads the archives', async () => {
    const client = await updated();
    const colleague = await client.checkout();
    await colleague.succeed('install');
    const { 'packages.json': root, ...usual } = kinds(asked());
    assert.deepEqual(usual, { dist: 2, downloads: 1 });
    // From 2.10 on it looks for filter lists.
    assert.equal(root, isFrom(2, 10) ? 1 : undefined);
    const [hello] = await mirror.versions('acme/hello');
    assert.equal((await colleague.installed('acme/hello')).reference, hello.dist.reference);
  });

  it('install from a lock, again on the same machine: loads nothing, and still reports', async () => {
    const client = await updated();
    await client.removeVendor();
    await client.succeed('install');
    const { 'packages.json': root, ...usual } = kinds(asked());
    assert.deepEqual(usual, { downloads: 1 });
  });

  it('require: finds the version to require', async () => {
    const client = await mirror.project({ require: {} });
    await client.succeed('require', 'acme/hello');
    assert.equal(JSON.parse(await readFile(join(client.path, 'composer.json'), 'utf8')).require['acme/hello'], '^1.1');
    await client.succeed('require', 'acme/greeting:1.0.*');
    assert.equal((await client.locked('acme/greeting')).version, '1.0.0');
    await client.succeed('remove', 'acme/hello', 'acme/greeting');
    assert.deepEqual((await client.lock()).packages, []);
  });

  it('require, with a typo: says what there is instead of breaking', async () => {
    const client = await mirror.project({ require: {} });
    asked();
    const output = await client.fail('require', 'acme/helo');
    assert.match(output, /could not find|acme\/hello/i);
    assert.ok(asked().every(({ status }) => status < 500));
  });

  it('update mirrors: moves a lock that was made directly to us', async () => {
    const { upstream } = mirror;
    const directly = await project({ repositories: [upstream.repository], auth: upstream.composerAuth, require: { 'acme/hello': '^1.0' } });
    await directly.succeed('update', '--no-install', ...auditOff());
    const through = await mirror.project({ require: { 'acme/hello': '^1.0' }, lock: await directly.lock() });
    await through.succeed('update', 'mirrors', ...auditOff());
    await expectOnlyOurUrls(through, mirror);
    const versions = async (client) => (await client.lock()).packages.map(({ name, version: number, dist }) => [name, number, dist.reference, dist.shasum]);
    assert.deepEqual(await versions(through), await versions(directly));
    await through.removeVendor();
    await through.succeed('install');
  });

  if (isFrom(2, 4)) it('audit: names the advisories of an upstream', async () => {
    const client = await mirror.project({ require: { 'acme/weak': '*', 'acme/hello': '*' }, config: isFrom(2, 9) ? { audit: { 'block-insecure': false } } : {} });
    await client.succeed('update', ...auditOff());
    asked();
    const { code, output } = await client.composer('audit', '--format=json');
    assert.notEqual(code, 0);
    const { advisories } = JSON.parse(output.slice(output.indexOf('{')));
    assert.deepEqual(Object.values(advisories['acme/weak']).map(({ advisoryId, cve }) => [advisoryId, cve]), [[ADVISORY.advisoryId, ADVISORY.cve]]);
    assert.equal(advisories['acme/hello'], undefined);
    assert.ok(asked().some(({ method, path, status }) => method === 'POST' && path.startsWith('/security-advisories') && status === 200));
  });

  it('outdated: knows what is newer', async () => {
    const client = await mirror.project({ require: { 'acme/hello': '1.0.*' } });
    await client.succeed('update', ...auditOff());
    const output = await client.succeed('outdated', '--format=json');
    const { installed } = JSON.parse(output.slice(output.indexOf('{')));
    const hello = installed.find(({ name }) => name === 'acme/hello');
    assert.deepEqual([hello.version, hello.latest], ['1.0.0', '1.1.0']);
  });

  it('show -a: shows all versions of a package, and all packages', async () => {
    const client = await updated();
    const one = await client.succeed('show', '-a', 'acme/hello');
    for (const word of ['1.1.0', '1.0.0', 'dev-main', 'Says hello']) assert.ok(one.includes(word), `${word} in ${one}`);
    asked();
    const all = await client.succeed('show', '-a');
    for (const name of ['acme/greeting', 'acme/hello', 'acme/weak', 'acme/skeleton']) assert.ok(all.includes(name), name);
    assert.ok(asked().some(({ path, status }) => path.startsWith('/list.json') && status === 200));
  });

  it('search: finds by word, by name alone, and by vendor', async () => {
    const client = await mirror.project({ require: {} });
    asked();
    assert.match(await client.succeed('search', 'greets'), /acme\/greeting.*Greets whoever comes/);
    assert.ok(asked().some(({ path, status }) => path.startsWith('/search.json?q=greets') && status === 200));
    assert.match(await client.succeed('search', '--only-name', 'hello'), /acme\/hello/);
    if (isFrom(2, 1)) assert.match(await client.succeed('search', '--only-vendor', 'acm'), /acme/);
  });

  // Before 2.3 it asks packagist.org whether the project wants that or not.
  if (isFrom(2, 3)) it('why-not: explains', async () => {
    const client = await updated();
    const { output } = await client.composer('why-not', 'acme/greeting', '2.0');
    assert.match(output, /acme\/hello.*requires.*acme\/greeting.*\^1\.0/s);
  });

  it('create-project: starts from a skeleton of ours', async () => {
    const client = await mirror.project({ require: {} });
    await client.succeed('create-project', 'acme/skeleton', 'made', `--repository=${JSON.stringify({ type: 'composer', url: mirror.url })}`, '--no-secure-http', ...auditOff());
    const lock = JSON.parse(await readFile(join(client.path, 'made', 'composer.lock'), 'utf8'));
    assert.deepEqual(lock.packages.map(({ name }) => name).toSorted(), ['acme/greeting', 'acme/hello']);
    await access(join(client.path, 'made', 'vendor', 'acme', 'hello', 'composer.json'));
  });

  it('--prefer-source: takes our archive where we show no source', async () => {
    const client = await mirror.project({ require: { 'acme/greeting': '1.0.0' } });
    await client.succeed('update', '--prefer-source', ...auditOff());
    assert.equal((await client.installed('acme/greeting')).version, '1.0.0');
    await expectOnlyOurUrls(client, mirror);
    expectNoLeak(mirror);
  });

  it('--prefer-lowest: takes the oldest, and then the newest again', async () => {
    const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
    await client.succeed('update', '--prefer-lowest', ...auditOff());
    for (const name of ['acme/hello', 'acme/greeting']) assert.equal((await client.locked(name)).version, '1.0.0', name);
    await client.succeed('update', ...auditOff());
    assert.equal((await client.locked('acme/hello')).version, '1.1.0');
  });

  if (isFrom(2, 4)) it('completes names in a shell', async () => {
    const client = await mirror.project({ require: {} });
    asked();
    const { output } = await client.composer('_complete', '-sbash', '-c2', '-icomposer', '-irequire', '-iacme/');
    for (const name of ['acme/greeting', 'acme/hello']) assert.ok(output.includes(name), output);
    const lists = asked().filter(({ path }) => path.startsWith('/list.json'));
    assert.ok(lists.length > 0 && lists.every(({ status }) => status === 200));
  });

  it('diagnose: finds nothing wrong with us', async () => {
    const client = await mirror.project({ require: {} });
    asked();
    const { output } = await client.composer('diagnose');
    const requests = asked();
    assert.ok(requests.every(({ status }) => status === 200 || status === 304), JSON.stringify(requests.map(({ path, status }) => [path, status])));
    assert.doesNotMatch(output, new RegExp(`${mirror.worker.host}.*(FAIL|error)`, 'i'));
  });
});

describe('a repository whose upstream keeps its sources', () => {
  let folder;
  let open;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'source-'));
    const git = (...args) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main', ...args], { cwd: folder, encoding: 'utf8' }).trim();
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    const reference = git('rev-parse', 'HEAD');
    open = await startMirror({ upstreams: [{}] });
    const { body } = await open.worker.api('GET', '/api/upstreams');
    const { status } = await open.worker.api('PATCH', `/api/upstreams/${body.upstreams[0].id}`, { mode: 'mirror' });
    assert.equal(status, 200);
    open.upstream.publish({ name: 'open/sourced', version: '1.0.0', reference, extraKeys: { source: { type: 'git', url: `file://${folder}`, reference } } });
  });
  after(async () => {
    await open?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('--prefer-source: clones', async () => {
    const client = await open.project({ require: { 'open/sourced': '*' } });
    await client.succeed('update', '--prefer-source', ...auditOff());
    const { source } = await client.locked('open/sourced');
    assert.equal(source.url, `file://${folder}`);
    await access(join(client.path, 'vendor/open/sourced/.git'));
  });

  it('installs from us first, and from the upstream when we are away', async () => {
    const client = await open.project({ require: { 'open/sourced': '*' } });
    await client.succeed('update', ...auditOff());
    const { dist } = await client.locked('open/sourced');
    assert.ok(dist.url.startsWith(open.upstream.url), dist.url);
    assert.ok(dist.mirrors.some(({ url, preferred }) => preferred && url.startsWith(open.url)), JSON.stringify(dist.mirrors));
    assert.equal(open.upstream.asked('/dist/').length, 1);
    const colleague = await client.checkout();
    await colleague.succeed('install');
    assert.equal(open.upstream.asked('/dist/').length, 1);
  });
});

describe('what newer clients ask, in their words', () => {
  const get = (path, headers = {}) => mirror.get(path, { 'user-agent': 'Composer/2.10.2 (Linux; 6.1.0; PHP 8.3.1; cURL 8.5.0; CI; cmd:install)', ...headers });

  it('2.10, install from a lock: the root, and the summary of filter lists', async () => {
    const root = await (await get('/packages.json')).json();
    assert.equal(root.filter.metadata, true);
    const summary = await get(root.filter['summary-url']);
    assert.equal(summary.status, 200);
    assert.ok(!Array.isArray((await summary.json()).filter));
    const again = await get(root.filter['summary-url'], { 'if-modified-since': summary.headers.get('last-modified') });
    assert.equal(again.status, 304);
  });

  it('2.9, update: advisories of what is in the pool', async () => {
    const root = await (await get('/packages.json')).json();
    const body = 'packages%5B0%5D=acme%2Fweak&packages%5B1%5D=acme%2Fhello';
    const answer = await fetch(root['security-advisories']['api-url'], {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${mirror.reader}`, 'user-agent': 'Composer/2.9.8 (Linux; PHP 8.3.1)' },
    });
    assert.equal(answer.status, 200);
    const { advisories } = await answer.json();
    assert.equal(advisories['acme/weak'][0].advisoryId, ADVISORY.advisoryId);
    assert.deepEqual(Object.keys(advisories).filter((name) => !['acme/weak', 'acme/hello'].includes(name)), []);
  });

  it('2.10, update: entries of the filter lists', async () => {
    const root = await (await get('/packages.json')).json();
    const answer = await fetch(root.filter['api-url'], {
      method: 'POST',
      body: JSON.stringify({ packages: ['pkg://composer/acme/hello', 'pkg://composer/acme/weak'], lists: Object.keys(root.filter.lists) }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${mirror.reader}` },
    });
    assert.equal(answer.status, 200);
    assert.ok(!Array.isArray((await answer.json()).filter));
  });

  it('completion in a shell: names of a vendor', async () => {
    for (const query of ['?vendor=acme&filter=acme%2Fhel*', '?filter=acme%2Fhel%2A']) {
      const answer = await get(`/list.json${query}`);
      assert.deepEqual((await answer.json()).packageNames, ['acme/hello'], query);
    }
  });
});
