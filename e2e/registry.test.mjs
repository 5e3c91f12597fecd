/** What a client does beside updating and installing: it searches, lists, asks who provides a name, and reports what it installed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectError, expectInstalled, expectOnlyOurUrls } from './expect.mjs';
import { eventually } from './instance.mjs';
import { startMirror } from './mirror.mjs';

const DAY = 86_400_000;

describe('finding packages', () => {
  let mirror;
  let client;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ name: 'private' }] });
    const publish = (description) => mirror.upstream.publish(description);
    publish({ name: 'acme/hello', version: '1.0.0', extraKeys: { description: 'Greets people politely' } });
    publish({ name: 'acme/hello', version: 'dev-main' });
    publish({ name: 'acme/old', version: '1.0.0', extraKeys: { description: 'Greets people no more', abandoned: 'acme/hello' } });
    publish({ name: 'acme/log', version: '1.0.0', extraKeys: { provide: { 'acme/log-implementation': '1.0' } } });
    publish({ name: 'acme/tool', version: '1.0.0', extraKeys: { type: 'composer-plugin', description: 'A plugin that greets' } });
    publish({ name: 'globex/secret', version: '1.0.0', extraKeys: { description: 'Greets nobody but us' } });
    for (const name of ['acme/hello', 'acme/hello~dev', 'acme/old', 'acme/log', 'acme/tool', 'globex/secret']) {
      assert.equal((await mirror.get(`/p2/${name}.json`)).status, 200);
    }
    client = await mirror.project({ require: {} });
  });
  after(() => mirror?.close());

  it('searches words', async () => {
    const output = await client.succeed('search', 'greets', 'people');
    assert.match(output, /acme\/hello .*Greets people politely/);
    assert.match(output, /acme\/old .*Abandoned/i);
    assert.doesNotMatch(output, /acme\/log|globex/);
  });

  it('searches a type', async () => {
    const output = await client.succeed('search', '--type=composer-plugin', 'greets');
    assert.match(output, /acme\/tool/);
    assert.doesNotMatch(output, /acme\/hello/);
  });

  it('searches names and vendors', async () => {
    assert.match(await client.succeed('search', '--only-name', 'hel'), /acme\/hello/);
    const vendors = await client.succeed('search', '--only-vendor', 'glob');
    assert.match(vendors, /globex/);
    assert.doesNotMatch(vendors, /acme/);
  });

  it('lists what is there', async () => {
    const all = await client.succeed('show', '--all', '--name-only');
    for (const name of ['acme/hello', 'acme/log', 'acme/old', 'acme/tool', 'globex/secret']) assert.ok(all.includes(name), all);
    const some = await client.succeed('show', '--all', 'acme/*');
    assert.match(some, /acme\/tool/);
    assert.doesNotMatch(some, /globex/);
  });

  it('shows one package', async () => {
    const output = await client.succeed('show', '--all', 'acme/hello');
    assert.match(output, /Greets people politely/);
    assert.match(output, /versions : .*1\.0\.0/);
  });

  it('hints at what a misspelt name may have meant', async () => {
    assert.match(await client.fail('require', 'acme/helo'), /acme\/hello/);
  });

  it('names the packages that provide what does not exist', async () => {
    const project = await mirror.project({ require: { 'acme/log-implementation': '*' } });
    assert.match(await project.fail('update'), /acme\/log/);
  });

  it('finds only what the token may see', async () => {
    const { token } = await mirror.worker.createToken({ patterns: ['acme/*'] });
    const reader = await mirror.project({ token, require: {} });
    assert.doesNotMatch(await reader.succeed('search', 'greets'), /globex/);
    assert.doesNotMatch(await reader.succeed('show', '--all', '--name-only'), /globex/);
    assert.equal((await mirror.worker.get('/providers/globex/secret.json', token)).status, 404);
  });

  it('tells no upstream what somebody looks for', async () => {
    const asked = mirror.upstream.requests.length;
    for (const path of ['/list.json?filter=hidden/*', '/search.json?q=hidden&type=', '/providers/hidden/project.json']) {
      await mirror.get(path);
    }
    assert.equal(mirror.upstream.requests.length, asked);
  });

  it('answers or refuses a query of any length', async () => {
    assert.deepEqual(await (await mirror.get(`/search.json?q=${'x'.repeat(200)}`)).json(), { results: [], total: 0 });
    await expectError(await mirror.get(`/search.json?q=${'x'.repeat(2000)}`), 400);
    assert.deepEqual(await (await mirror.get(`/list.json?filter=*${'x'.repeat(49)}`)).json(), { packageNames: [] });
    await expectError(await mirror.get(`/list.json?filter=*${'x'.repeat(150)}`), 400);
  });
});

describe('counting', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}] });
  });
  after(() => mirror?.close());

  const stats = async (name) => {
    await mirror.worker.work();
    return (await mirror.worker.api('GET', `/api/packages/${name}/stats`)).body;
  };

  it('counts an install wherever the bytes come from, and a download only when we hand it out', async () => {
    mirror.upstream.publish({ name: 'acme/counted', version: '1.2.0' });
    const client = await mirror.project({ require: { 'acme/counted': '^1.0' } });
    await client.succeed('update');
    await client.removeVendor();
    await client.succeed('install');

    await eventually(async () => {
      const { installs, downloads, by_day: byDay, by_version: byVersion } = await stats('acme/counted');
      assert.deepEqual({ installs, downloads }, { installs: 2, downloads: 1 });
      assert.deepEqual(byVersion, [{ version: '1.2.0.0', installs: 2, downloads: 1 }]);
      assert.equal(byDay.reduce((sum, { day }) => sum + (day % DAY), 0), 0);
    });
    const { packages } = await client.lock();
    assert.equal(packages[0]['notification-url'], `${mirror.url}/downloads`);
  });

  it('takes a report of names that nobody knows, at once and without a redirect', async () => {
    const downloads = Array.from({ length: 3000 }, (_, i) => ({ name: `acme/unknown-${i}`, version: '1.0.0.0' }));
    const began = Date.now();
    const { status, body } = await mirror.worker.api('POST', '/downloads', { downloads }, mirror.reader);
    assert.deepEqual({ status, body }, { status: 200, body: { status: 'success' } });
    assert.ok(Date.now() - began < 6000);
    assert.equal((await stats('acme/unknown-1')).code, 'not_found');
  });
});

describe('an instance below a path of its host', () => {
  let mirror;
  let host;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}] });
    host = mirror.url;
    const { status } = await mirror.worker.api('PATCH', '/api/settings', { base_url: `${host}/some/org` });
    assert.equal(status, 200);
    mirror.worker.url = `${host}/some/org`;
  });
  after(() => mirror?.close());

  it('serves a client there', async () => {
    const hello = mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
    await expectInstalled(client, hello);
    await expectOnlyOurUrls(client, mirror);
    assert.match(await client.succeed('search', 'hello'), /acme\/hello/);
    assert.match(await client.succeed('show', '--all', '--name-only'), /acme\/hello/);
  });

  it('has its root with and without the name of the file', async () => {
    const root = await (await mirror.worker.get(`${mirror.url}/packages.json`, mirror.reader)).text();
    assert.ok(root.includes(`"metadata-url":"${mirror.url}/p2/%package%.json"`), root);
    for (const path of ['', '/']) assert.equal(await (await mirror.worker.get(mirror.url + path, mirror.reader)).text(), root);
  });

  it('answers nowhere else', async () => {
    for (const path of ['/packages.json', '/org/packages.json', '/some/packages.json', '/some/org/more/packages.json', '/some//org/packages.json']) {
      assert.equal((await mirror.worker.get(host + path, undefined)).status, 401, path);
      await expectError(await mirror.worker.get(host + path, mirror.reader), 404);
    }
  });
});
