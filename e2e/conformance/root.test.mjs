/** packages.json: what Composer reads first. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectError } from '../expect.mjs';
import { startMirror } from '../mirror.mjs';
import { bytes, dateOf, grown, json, sha1, startScene } from './scene.mjs';

const COMPOSER_1 = 'Composer/1.10.27 (Linux; 6.1.0; PHP 7.4.33; cURL 7.88.1)';
const FILTERS = { metadata: true, lists: { malware: { enabled: true }, advisories: { enabled: true }, 'ignore-me': { enabled: true } }, 'summary-url': '/summary.json' };
const RESERVED = /^(advisories|abandoned|ignore.*|packages?|licen[sc]es?|support|maintenance|security|minimum-release-age)$/;

describe('packages.json', () => {
  let mirror;
  let root;
  before(async () => {
    mirror = await startScene({ all: { root: { filter: FILTERS, 'security-advisories': { metadata: true, 'api-url': '/advisories' } } } });
    mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
    await mirror.versions('acme/hello');
    root = await json(await mirror.get('/packages.json'));
  });
  after(() => mirror?.close());

  const urls = () => ({
    'metadata-url': root['metadata-url'],
    list: root.list,
    search: root.search,
    'providers-api': root['providers-api'],
    'notify-batch': root['notify-batch'],
    'metadata-changes-url': root['metadata-changes-url'],
    'security-advisories': root['security-advisories']['api-url'],
    'filter summary': root.filter['summary-url'],
    'filter api': root.filter['api-url'],
  });

  it('P1: packages.json is an object with a date, and 304 without a body to who has it', async () => {
    const first = await mirror.get('/packages.json');
    assert.equal(first.headers.get('content-type'), 'application/json');
    const date = first.headers.get('last-modified');
    assert.ok(Date.parse(date) > 0, `expected a date but found ${date}`);
    assert.equal(Object.prototype.toString.call(await json(first)), '[object Object]');
    const again = await mirror.get('/packages.json', { 'if-modified-since': date });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
    assert.equal(again.headers.get('last-modified'), date);
  });

  it('P2: metadata-url holds %package% and is absolute or begins with a slash', () => {
    assert.match(root['metadata-url'], /^(https?:\/\/|\/(?!\/)).*%package%/);
  });

  it('P3: every address begins with a slash or a scheme, and none is relative to a protocol', () => {
    for (const [key, url] of Object.entries(urls())) assert.match(String(url), /^(https?:\/\/[^/]|\/(?!\/))/, key);
  });

  it('P5: packages of packages.json is empty', () => {
    assert.equal(Object.keys(root.packages).length, 0);
  });

  it('P6: advisories have an address of their own', () => {
    assert.equal(typeof root['security-advisories']['api-url'], 'string');
  });

  it('P7: security-advisories is an object', () => {
    assert.ok(!Array.isArray(root['security-advisories']) && typeof root['security-advisories'].metadata === 'boolean');
  });

  it('P8: filter has metadata: true and lists that are enabled', () => {
    assert.equal(root.filter.metadata, true);
    assert.ok(!Array.isArray(root.filter.lists) && 'malware' in root.filter.lists, JSON.stringify(root.filter));
    for (const list of Object.values(root.filter.lists)) assert.equal(list.enabled, true);
  });

  it('P9: no filter list has a name that Composer reserves, whatever an upstream calls its lists', async () => {
    // What an upstream offers is learnt in the background.
    await mirror.worker.work();
    const { filter } = await json(await mirror.get('/packages.json'));
    assert.deepEqual(Object.keys(filter.lists).filter((name) => RESERVED.test(name)), []);
  });

  it('P10: the list has no query of its own', () => assert.ok(!root.list.includes('?'), root.list));

  it('P11: search has places for words and type', () => {
    assert.ok(root.search.includes('%query%') && root.search.includes('%type%'), root.search);
  });

  it('P12: providers-api has a place for the package', () => assert.ok(root['providers-api'].includes('%package%')));

  it('P14: with an upstream for every name, no list keeps clients from asking', () => {
    assert.equal(root['available-packages'], undefined);
    assert.equal(root['available-package-patterns'], undefined);
  });

  it('P15: without a good token packages.json is 401 in JSON, each time', async () => {
    for (const token of [undefined, 'nonsense', `${mirror.reader.slice(0, -1)}?`]) {
      for (let i = 0; i < 2; i++) await expectError(await mirror.worker.get('/packages.json', token), 401);
    }
  });

  it('P16: Composer 1 is told what to do', async () => {
    const answer = await json(await mirror.get('/packages.json', { 'user-agent': COMPOSER_1 }));
    assert.equal(answer['warning-versions'], '<1.999');
    assert.match(answer.warning, /Composer 2/);
  });

  it('P18: packages.json is the same for every token', async () => {
    const { token } = await mirror.worker.createToken({ patterns: ['other/*'] });
    assert.equal(sha1(await bytes(await mirror.worker.get('/packages.json', token))), sha1(await bytes(await mirror.get('/packages.json'))));
  });
});

describe('packages.json of private packages alone', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{ patterns: ['acme/*', 'other/tool-*'] }], vars: { AUTH_CACHE_SECONDS: '60', META_CACHE_SECONDS: '10' } });
  });
  after(() => mirror?.close());

  it('P13: packages.json of private packages alone names what may be asked for, in lower case, and a client asks for nothing else', async () => {
    const root = await json(await mirror.get('/packages.json'));
    assert.deepEqual(root['available-package-patterns'].toSorted(), ['acme/*', 'other/tool-*']);
    mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0', require: { 'foreign/name': '*' } });
    const client = await mirror.project({ require: { 'acme/hello': '*' } });
    await client.fail('update');
    assert.deepEqual(mirror.upstream.asked('foreign'), []);
  });

  it('P17: packages.json is small, and costs no storage when it is asked for again', async () => {
    const body = await bytes(await mirror.get('/packages.json'));
    assert.ok(body.length < 4096, `expected less than 4 KB but found ${body.length} bytes`);
    const cost = await grown(mirror.worker, async () => {
      for (let i = 0; i < 20; i++) await bytes(await mirror.get('/packages.json'));
    });
    // Audit segments of the reads are counted apart; asking for the counters is a request, too.
    assert.ok(cost.d1_round_trips <= 1 && cost.r2_gets === 0 && cost.upstream_requests === 0, JSON.stringify(cost));
  });
});

describe('packages.json below a path', () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}], basePath: '/org' });
    mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
  });
  after(() => mirror?.close());

  it('P4: below a path, all addresses have that path, and lead to something', async () => {
    const root = await json(await mirror.get('/org/packages.json'));
    for (const key of ['metadata-url', 'list', 'search', 'providers-api', 'notify-batch']) assert.match(root[key], /^https?:\/\/[^/]+\/org\/|^\/org\//, key);
    const { packages } = await json(await mirror.get(new URL(root['metadata-url'].replace('%package%', 'acme/hello'), mirror.origin)));
    const [{ dist }] = packages['acme/hello'];
    assert.ok(dist.url.startsWith(`${mirror.url}/dist/`), dist.url);
    await bytes(await mirror.get(dist.url));
    const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
  });

  it('P83: tools that resolve addresses by themselves find their way: the root with and without its file name', async () => {
    const named = await json(await mirror.get('/org/packages.json'));
    assert.deepEqual(await json(await mirror.get('/org')), named);
    assert.deepEqual(await json(await mirror.get('/org/')), named);
    // Renovate joins a relative metadata-url with the repository's URL, others with the host: an absolute one is right for both.
    const url = named['metadata-url'].replace('%package%', 'acme/hello');
    await json(await mirror.get(new URL(url, `${mirror.url}/`)));
    assert.ok(dateOf(await mirror.get('/org/packages.json')) > 0);
  });
});
