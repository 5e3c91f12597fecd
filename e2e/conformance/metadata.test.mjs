/** What brokers have got wrong with metadata: each seen in one, each shown not to be so here. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { project } from '../composer.mjs';
import { expectError, expectInstalled } from '../expect.mjs';
import { basic } from '../instance.mjs';
import { faults } from '../upstream/upstream.mjs';
import { bytes, json, startScene } from './scene.mjs';

const WORDS = { abandoned: true, support: { issues: 'https://example.com' }, funding: [{ type: 'x', url: 'https://example.com' }], 'not-known-yet': { a: [] } };

let mirror;
before(async () => {
  mirror = await startScene({ vars: { NEGATIVE_SECONDS: '0' } });
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);

describe('metadata', () => {
  it('R26: require and autoload of every version survive, not only of the newest', async () => {
    const releases = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'].map((version, i) =>
      publish({ name: 'acme/kept', version, require: { php: `>=7.${i}` }, extraKeys: { autoload: i === 2 ? undefined : { files: [`f${i % 2}.php`] } }, files: { 'f0.php': '<?php', 'f1.php': '<?php' } }),
    );
    for (const { metadata } of releases) {
      const served = (await mirror.versions('acme/kept')).find(({ version }) => version === metadata.version);
      for (const key of ['require', 'autoload', 'type']) assert.deepEqual(served[key], metadata[key], `${key} of ${metadata.version}`);
    }
    const client = await mirror.project({ require: { 'acme/kept': '1.0.0' } });
    await client.succeed('update');
    await expectInstalled(client, releases[0]);
  });

  it('R27: all versions are served, however many there are', async () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => `1.${Math.floor(i / 100)}.${i % 100}`);
    mirror.upstream.publishAll(numbers.map((version) => ({ name: 'acme/many', version })));
    assert.equal((await mirror.versions('acme/many')).length, 1000);
    const client = await mirror.project({ require: { 'acme/many': '1.2.0' } });
    await client.succeed('update');
    assert.equal((await client.locked('acme/many')).version, '1.2.0');
  });

  it('R28: the first answer and later ones are the same', async () => {
    publish({ name: 'acme/same', version: '1.0.0', extraKeys: WORDS });
    publish({ name: 'acme/same', version: 'dev-main', defaultBranch: true, extraKeys: WORDS });
    for (const file of ['', '~dev']) {
      const answers = [];
      for (let i = 0; i < 3; i++) answers.push((await bytes(await mirror.get(`/p2/acme/same${file}.json`))).toString());
      assert.equal(answers[1], answers[0]);
      assert.equal(answers[2], answers[0]);
      for (const key of Object.keys(WORDS)) assert.ok(answers[0].includes(`"${key}"`), key);
    }
  });

  it('R29: branches are in one file and releases in the other, wherever the upstream has them', async () => {
    for (const form of ['', '~dev']) {
      publish({ name: 'acme/split', version: '1.0.0' });
      publish({ name: 'acme/split', version: 'dev-main' });
      const all = ['1.0.0', '2.0.0-beta1', 'dev-main', '1.x-dev'].map((version) => ({ name: 'acme/split', version, dist: { type: 'zip', url: 'https://example.com/x.zip', reference: 'aa' } }));
      mirror.upstream.fault(`/p2/acme/split${form}.json`, faults.instead(JSON.stringify({ packages: { 'acme/split': all } })));
    }
    assert.deepEqual((await mirror.versions('acme/split')).map(({ version }) => version), ['2.0.0-beta1', '1.0.0']);
    assert.deepEqual((await mirror.versions('acme/split~dev')).map(({ version }) => version).toSorted(), ['1.x-dev', 'dev-main']);
  });

  it('R30: stored metadata is looked at again', async () => {
    publish({ name: 'acme/renewed', version: '1.0.0' });
    assert.equal((await mirror.versions('acme/renewed')).length, 1);
    publish({ name: 'acme/renewed', version: '1.1.0' });
    assert.equal((await mirror.versions('acme/renewed')).length, 2);
  });

  it('R31: a date that comes back is a 304', async () => {
    publish({ name: 'acme/dated', version: '1.0.0' });
    const first = await mirror.get('/p2/acme/dated.json');
    await bytes(first);
    const again = await mirror.get('/p2/acme/dated.json', { 'if-modified-since': first.headers.get('last-modified') });
    assert.equal(again.status, 304);
  });

  it('R32: what wants a token is never for shared caches, errors included', async () => {
    publish({ name: 'acme/secret', version: '1.0.0' });
    const [{ dist }] = await mirror.versions('acme/secret');
    for (const path of ['/packages.json', '/p2/acme/secret.json', dist.url, '/p2/acme/none.json', '/list.json', '/search.json?q=secret&type=']) {
      for (const token of [mirror.reader, undefined]) {
        const answer = await mirror.worker.get(path, token);
        await answer.arrayBuffer();
        const control = answer.headers.get('cache-control') ?? '';
        assert.ok(/private|no-store/.test(control) && !control.includes('public'), `${answer.status} of ${path}: ${control}`);
      }
    }
  });

  it('R33: addresses come of the base URL, and a forged Host changes nothing, for nobody', async () => {
    publish({ name: 'acme/hosted', version: '1.0.0' });
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' };
    for (const path of ['/packages.json', '/p2/acme/hosted.json']) {
      const first = await withHeaders(path, forged);
      assert.ok(first.status === 404 && !first.body.includes('evil.example'), first.body);
      const { host, ...others } = forged;
      for (const headers of [others, {}]) {
        const { status, body } = await withHeaders(path, headers);
        assert.equal(status, 200);
        assert.ok(body.includes(mirror.url) && !body.includes('evil.example'));
      }
    }
  });

  it('R34: a change of the upstreams is in packages.json at once', async () => {
    const patterns = async (date) => {
      const answer = await mirror.get('/packages.json', date === undefined ? {} : { 'if-modified-since': date });
      const root = await json(answer);
      return { patterns: root['available-package-patterns'], date: answer.headers.get('last-modified') };
    };
    const { body } = await mirror.worker.api('GET', '/api/upstreams');
    const { id } = body.upstreams.find(({ patterns: all }) => all.includes('*'));
    const before = await patterns();
    assert.equal(before.patterns, undefined);
    await mirror.worker.api('PATCH', `/api/upstreams/${id}`, { patterns: ['open/*'] });
    const narrowed = await patterns(before.date);
    assert.deepEqual(narrowed.patterns.toSorted(), ['acme/*', 'open/*']);
    await mirror.worker.api('PATCH', `/api/upstreams/${id}`, { enabled: false });
    const disabled = await patterns(narrowed.date);
    assert.deepEqual(disabled.patterns, ['acme/*']);
    await mirror.worker.api('PATCH', `/api/upstreams/${id}`, { enabled: true, patterns: ['*'] });
    assert.equal((await patterns(disabled.date)).patterns, undefined);
  });

  it('R36: Composer 1 is told what is wrong', async () => {
    const root = await json(await mirror.get('/packages.json', { 'user-agent': 'Composer/1.10.27 (Linux; 6.1; PHP 7.4)' }));
    assert.match(root.warning, /Composer 2/);
    await expectError(await mirror.get('/p/acme/x$00.json'), 404);
  });

  it('R37: a refusal is a real 401, 403 or 404 with a body', async () => {
    publish({ name: 'acme/stable-only', version: '1.0.0' });
    await mirror.versions('acme/stable-only');
    await expectError(await mirror.get('/p2/acme/unknown~dev.json'), 404);
    await expectError(await mirror.worker.get('/p2/acme/stable-only.json'), 401);
    await expectError(await mirror.worker.get('/api/tokens', mirror.reader), 403);
    const { token } = await mirror.worker.createToken({ patterns: ['other/*'] });
    await expectError(await mirror.worker.get('/p2/acme/stable-only~dev.json', token), 404);
  });
});

describe('what is not metadata', () => {
  const advisory = {
    advisoryId: 'PKSA-aaaa-bbbb-cccc', packageName: 'open/weak', affectedVersions: '<2.0', title: 'It opens the door', cve: 'CVE-2026-0001',
    link: 'https://example.com/advisory', reportedAt: '2026-05-01 10:00:00', severity: 'high', sources: [{ name: 'GitHub', remoteId: 'GHSA-1' }], composerRepository: 'https://example.com',
  };
  let other;
  before(async () => {
    // Older clients want this address to be absolute.
    other = await startScene({ all: { root: (origin) => ({ 'security-advisories': { metadata: true, 'api-url': `${origin}/advisories` } }) } });
    const open = other.upstreams[1];
    open.respond('/advisories', (body) => ({ advisories: Object.fromEntries([...new URLSearchParams(body).values()].map((name) => [name, name === 'open/weak' ? [advisory] : []])) }));
    open.publish({ name: 'open/weak', version: '1.0.0' });
    open.publish({ name: 'open/clean', version: '1.0.0' });
    await other.worker.work();
  });
  after(() => other?.close());

  it('R38: advisories, filter lists, notify-batch, search, list and providers are there, and composer audit says through us what it says directly', async () => {
    const root = await json(await other.get('/packages.json'));
    for (const key of ['security-advisories', 'filter', 'notify-batch', 'search', 'list', 'providers-api']) assert.ok(key in root, key);
    const require = { 'open/weak': '*', 'open/clean': '*' };
    // Since 2.9 an update would not take what is known to be weak.
    const config = { audit: { 'block-insecure': false } };
    const through = await other.project({ require, config });
    const directly = await project({ repositories: [other.upstreams[1].repository], require, config });
    const reports = [];
    for (const client of [through, directly]) {
      await client.succeed('update', '--no-audit');
      const { code, output } = await client.composer('audit', '--format=json');
      assert.match(output, /\{/, `${client === through ? 'through us' : 'directly'}: ${output}`);
      const { advisories } = JSON.parse(output.slice(output.indexOf('{')));
      reports.push({ code, advisories });
    }
    assert.notEqual(reports[0].code, 0);
    assert.deepEqual(reports[0], reports[1]);
  });
});

describe('an upstream that is deleted', () => {
  it('R35: deleting an upstream takes its metadata out of every cache, and with purge its bytes out of the store', async () => {
    const gone = await startScene();
    try {
      gone.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
      const [{ dist }] = await gone.versions('acme/hello');
      await bytes(await gone.get(dist.url));
      assert.equal((await gone.worker.objects('artifact/')).length, 1);
      const { body } = await gone.worker.api('GET', '/api/upstreams');
      const { id } = body.upstreams.find(({ patterns }) => patterns.includes('acme/*'));
      const deleted = await gone.worker.api('DELETE', `/api/upstreams/${id}?purge=true`);
      assert.ok([202, 204].includes(deleted.status), JSON.stringify(deleted.body));
      await expectError(await gone.get('/p2/acme/hello.json'), 404);
      // In the background, among what else is due.
      for (let i = 0; i < 12 && (await gone.worker.objects('artifact/')).length > 0; i++) await gone.worker.scheduled();
      await expectError(await gone.get(dist.url), 404);
      assert.deepEqual(await gone.worker.objects('artifact/'), []);
      assert.deepEqual((await json(await gone.get('/list.json'))).packageNames, []);
      assert.equal(gone.upstreams[1].asked('acme/').length, 0);
    } finally {
      await gone.close();
    }
  });
});

/** A GET with whatever headers, Host included. */
function withHeaders(path, headers) {
  return new Promise((resolve, reject) => {
    request(mirror.url + path, { headers: { authorization: basic(mirror.reader), ...headers } }, async (response) => {
      const chunks = await Array.fromAsync(response);
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
    })
      .on('error', reject)
      .end();
  });
}
