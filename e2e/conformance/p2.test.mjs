/** What a package's files hold: every version, whole, and nothing that a client chokes on. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectError } from '../expect.mjs';
import { expand, minify } from '../upstream/minify.mjs';
import { faults } from '../upstream/upstream.mjs';
import { bytes, json, startScene } from './scene.mjs';

/** From composer/semver's documented rules; each pair is what an author writes and what Composer compares. */
const NORMALIZED = {
  '1.0': '1.0.0.0',
  '1.2.3': '1.2.3.0',
  'v1.2.4': '1.2.4.0',
  '1.2.3.5': '1.2.3.5',
  '1.3.0-alpha1': '1.3.0.0-alpha1',
  '1.3.0-BETA.2': '1.3.0.0-beta2',
  '1.3.0-rc': '1.3.0.0-RC',
  '1.3.0RC3': '1.3.0.0-RC3',
  '1.4.0-p4': '1.4.0.0-patch4',
  '1.4.0-pl3': '1.4.0.0-patch3',
  '1.5.0-stable': '1.5.0.0',
  '1.6.0+build.7': '1.6.0.0',
  '2024.01.31': '2024.01.31.0',
  '20240131': '20240131',
  '20240131.4': '20240131.4',
  '2024-02-01': '2024.02.01',
};
const BRANCHES = { 'dev-main': 'dev-main', 'dev-feature/X': 'dev-feature/X', '1.x-dev': '1.9999999.9999999.9999999-dev', '2.1.x-dev': '2.1.9999999.9999999-dev', '3-dev': '3.0.0.0-dev' };
const KEYS = {
  abandoned: 'acme/heir',
  replace: { 'acme/old': 'self.version' },
  provide: { 'psr/log-implementation': '1.0' },
  conflict: { 'acme/enemy': '<2' },
  'require-dev': { 'acme/check': '^1' },
  suggest: { 'ext-intl': 'for "names": ü ☂ 𝒳' },
  bin: ['bin/tool'],
  extra: { 'branch-alias': { 'dev-main': '2.x-dev' }, empty: {}, none: [], deep: { a: [{ b: null }] } },
  'php-ext': { 'extension-name': 'tool', 'support-zts': false },
  'include-path': ['lib/'],
  'target-dir': 'Acme/Tool',
  support: { issues: 'https://example.com/issues' },
  funding: [{ type: 'github', url: 'https://github.com/sponsors/ada' }],
  time: '2020-02-29T12:00:00+01:00',
  'notification-url': 'https://packagist.example/downloads/',
};

let mirror;
before(async () => {
  mirror = await startScene({ vars: { NEGATIVE_SECONDS: '0' } });
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);

/** Lets the upstream answer for a package with this very text. */
function write(name, text, file = name) {
  mirror.upstream.publish({ name, version: '0.0.1' });
  mirror.upstream.publish({ name, version: 'dev-main' });
  mirror.upstream.fault(`/p2/${file}.json`, faults.instead(text));
}

function version(name, number, more = {}) {
  return { name, version: number, dist: { type: 'zip', url: `${mirror.upstream.url}/dist/x-${number}.zip`, reference: 'aa', shasum: '' }, ...more };
}

const withoutOurs = ({ dist, source, version_normalized: normalized, ...rest }) => rest;

describe('an unknown package', () => {
  it('P19: an unknown package is a small 404, and no redirect', async () => {
    for (const file of ['unknown.json', 'unknown~dev.json']) {
      const answer = await mirror.get(`/p2/acme/${file}`);
      const length = (await answer.clone().text()).length;
      await expectError(answer, 404);
      assert.ok(length < 300, `expected a small body but found ${length} bytes`);
    }
  });

  it('P20: an unknown package is never an empty list', async () => {
    mirror.upstream.fault('/p2/acme/nothing', faults.instead('{"packages":[]}'));
    mirror.upstream.fault('/p2/acme/nil', faults.instead('{"packages":{"acme/nil":[]}}'));
    for (const name of ['acme/unknown', 'acme/nothing']) await expectError(await mirror.get(`/p2/${name}.json`), 404);
    for (const name of ['acme/unknown~dev', 'acme/nothing~dev', 'acme/nil~dev']) await expectError(await mirror.get(`/p2/${name}.json`), 404);
  });

  it('P42: nothing that is not JSON is ever a 200', async () => {
    for (const path of ['/p2/acme/hello', '/p2/acme', '/p2/', '/p2/acme/hello.html', '/index.html', '/robots.txt', '/p2/acme/hello.json/x', '/login', '/%00']) {
      await expectError(await mirror.get(path), 404);
    }
  });

  it('P47: a name that Composer would not accept is 404 at once, and asked of nobody', async () => {
    const asked = mirror.upstreams.map(({ requests }) => requests.length);
    const names = ['a', 'Nul/x', 'acme/con', 'com1/tool', 'acme/aux.json', '-acme/tool', 'acme/tool-', 'acme/to--_ol', 'acme/tool%20x', 'acme/%2e%2e', 'acme/..%2fevil', 'acme/t%c3%b6ol', `acme/${'x'.repeat(300)}`];
    for (const name of names) await expectError(await mirror.get(`/p2/${name}.json`), 404);
    assert.deepEqual(mirror.upstreams.map(({ requests }) => requests.length), asked);
  });
});

describe('the files of a package', () => {
  it('P21: a package of branches alone has an empty list of releases, one of releases alone no branches', async () => {
    publish({ name: 'acme/branches', version: 'dev-main' });
    assert.deepEqual(await mirror.versions('acme/branches'), []);
    assert.deepEqual((await mirror.versions('acme/branches~dev')).map((each) => each.version), ['dev-main']);
    publish({ name: 'acme/releases', version: '1.0.0' });
    assert.equal((await mirror.versions('acme/releases')).length, 1);
    const dev = await mirror.get('/p2/acme/releases~dev.json');
    assert.ok(dev.status === 404 || (await json(dev)).packages['acme/releases'].length === 0);
  });

  it('P22: the tilde of ~dev may be written as %7E', async () => {
    publish({ name: 'acme/tilde', version: 'dev-main' });
    const plain = await bytes(await mirror.get('/p2/acme/tilde~dev.json'));
    for (const written of ['%7E', '%7e']) assert.deepEqual(await bytes(await mirror.get(`/p2/acme/tilde${written}dev.json`)), plain);
  });

  it('P23: the key is the lower-case name, however the upstream writes it', async () => {
    write('acme/cased', JSON.stringify({ packages: { 'Acme/Cased': [version('Acme/CASED', '1.0.0')] } }));
    const { packages } = await json(await mirror.get('/p2/acme/cased.json'));
    assert.deepEqual(Object.keys(packages), ['acme/cased']);
    assert.equal(packages['acme/cased'][0].name.toLowerCase(), 'acme/cased');
  });

  it('P24: a file holds versions of one package only', async () => {
    write('acme/alone', JSON.stringify({ packages: { 'acme/alone': [version('acme/alone', '1.0.0')], 'other/guest': [version('other/guest', '9.0.0')] } }));
    const { packages } = await json(await mirror.get('/p2/acme/alone.json'));
    assert.deepEqual(Object.keys(packages), ['acme/alone']);
    write('acme/mixed', JSON.stringify({ packages: { 'acme/mixed': [version('acme/mixed', '1.0.0'), version('other/guest', '9.0.0')] } }));
    await expectError(await mirror.get('/p2/acme/mixed.json'), 502);
  });

  it('P25: what is minified says so, and expands to what the upstream means', async () => {
    const [a, b, c, d] = ['4.0.0', '3.0.0', '2.0.0', '1.0.0'];
    const versions = [
      version('acme/mini', a, { require: { 'b/b': '1', 'a/a': '1' }, autoload: { files: ['x'] }, extra: null, list: [], map: {} }),
      version('acme/mini', b, { require: { 'a/a': '1', 'b/b': '1' }, extra: { x: 1 }, list: {}, map: [] }),
      version('acme/mini', c, { autoload: { files: ['x'] }, extra: {}, list: {} }),
      version('acme/mini', d, { require: {}, autoload: {} }),
    ];
    for (const [name, list, flag] of [['acme/mini', minify(versions), { minified: 'composer/2.0' }], ['acme/full', versions, {}]]) {
      const renamed = JSON.parse(JSON.stringify({ ...flag, packages: { [name]: list } }).replaceAll('acme/mini', name));
      write(name, JSON.stringify(renamed));
      const body = await json(await mirror.get(`/p2/${name}.json`));
      const served = body.minified === undefined ? body.packages[name] : expand(body.packages[name]);
      assert.ok(body.minified === 'composer/2.0' || !JSON.stringify(body).includes('__unset'));
      const wanted = expand(minify(versions)).map(withoutNull).map((each) => ({ ...each, name }));
      assert.deepEqual(served.map(withoutNull).map(withoutOurs), wanted.map(withoutOurs));
      // In a map of PHP's the order counts.
      assert.deepEqual(served.map(({ require }) => JSON.stringify(require)), wanted.map(({ require }) => JSON.stringify(require)));
    }
  });

  it('P26: the first of a minified list has the name', async () => {
    write('acme/nameless', JSON.stringify({ minified: 'composer/2.0', packages: { 'acme/nameless': [{ ...version('acme/nameless', '2.0.0'), name: undefined }, { version: '1.0.0' }] } }));
    const { packages } = await json(await mirror.get('/p2/acme/nameless.json'));
    assert.equal(packages['acme/nameless'][0].name, 'acme/nameless');
  });

  it('P27: empty lists and maps stay what they are, and so do full ones', async () => {
    const odd = '{"name":"acme/empty","version":"1.0.0","require":[],"autoload":{},"extra":{"a":{},"b":[],"c":{"0":"x","1":"y"},"d":["x","y"]},"dist":{"type":"zip","url":"https://example.com/x.zip","reference":"aa"}}';
    write('acme/empty', `{"packages":{"acme/empty":[${odd}]}}`);
    const text = (await bytes(await mirror.get('/p2/acme/empty.json'))).toString();
    for (const written of ['"require":[]', '"autoload":{}', '"extra":{"a":{},"b":[],"c":{"0":"x","1":"y"},"d":["x","y"]}']) assert.ok(text.includes(written), `expected ${written} in ${text}`);
  });

  it('P28: version_normalized is what Composer makes of each version, whatever the upstream says', async () => {
    for (const number of Object.keys(NORMALIZED)) publish({ name: 'acme/numbers', version: number, extraKeys: { version_normalized: '9.9.9.9' } });
    for (const number of Object.keys(BRANCHES)) publish({ name: 'acme/numbers', version: number });
    const served = [...(await mirror.versions('acme/numbers')), ...(await mirror.versions('acme/numbers~dev'))];
    assert.deepEqual(Object.fromEntries(served.map((each) => [each.version, each.version_normalized])), { ...NORMALIZED, ...BRANCHES });
  });

  it('P29: a version that Composer cannot normalise is left out, and spoils nothing', async () => {
    for (const number of ['1.0.0', 'latest', '1.0.0.0.0', 'not a version', '', '1.0-foo', 'x'.repeat(5000)]) publish({ name: 'acme/odd', version: number, reference: 'aa' });
    assert.deepEqual((await mirror.versions('acme/odd')).map((each) => each.version), ['1.0.0']);
    const client = await mirror.project({ require: { 'acme/odd': '^1.0' } });
    await client.succeed('update', '--no-install');
  });

  it('P30: versions come newest first, and the same each time', async () => {
    const versions = ['1.9.0', '1.10.0', '2.0.0-beta1', '1.10.1', '2.0.0', '0.1.0'].map((number) => version('acme/order', number));
    write('acme/order', JSON.stringify({ packages: { 'acme/order': versions } }));
    const order = (await mirror.versions('acme/order')).map((each) => each.version);
    assert.deepEqual(order, ['2.0.0', '2.0.0-beta1', '1.10.1', '1.10.0', '1.9.0', '0.1.0']);
    assert.deepEqual(await bytes(await mirror.get('/p2/acme/order.json')), await bytes(await mirror.get('/p2/acme/order.json')));
  });

  it('P31: every dist has a type and an absolute address', async () => {
    write('acme/dists', JSON.stringify({ packages: { 'acme/dists': [version('acme/dists', '3.0.0'), version('acme/dists', '2.0.0', { dist: { type: 'zip', url: 'relative.zip' } }), version('acme/dists', '1.0.0', { dist: { url: 'https://example.com/x.zip' } })] } }));
    const versions = await mirror.versions('acme/dists');
    assert.ok(versions.length >= 1);
    for (const { dist } of versions) {
      assert.equal(dist.type, 'zip');
      assert.ok(dist.url.startsWith(`${mirror.url}/dist/acme/dists/`), dist.url);
    }
  });

  it('P32: a source is whole or not there', async () => {
    publish({ name: 'acme/sourced', version: '1.0.0', source: true });
    for (const { source } of await mirror.versions('acme/sourced')) assert.equal(source, undefined);
    const { body: upstreams } = await mirror.worker.api('GET', '/api/upstreams');
    const id = upstreams.upstreams.find(({ url }) => url === mirror.upstreams[1].url).id;
    assert.equal((await mirror.worker.api('PATCH', `/api/upstreams/${id}`, { mode: 'mirror' })).status, 200);
    mirror.upstreams[1].publish({ name: 'open/sourced', version: '1.0.0', source: true });
    mirror.upstreams[1].publish({ name: 'open/sourced', version: '1.1.0' });
    const [newer, older] = await mirror.versions('open/sourced');
    assert.equal(newer.source, undefined);
    for (const key of ['type', 'url', 'reference']) assert.equal(typeof older.source[key], 'string', key);
  });

  it('P33: default-branch survives', async () => {
    publish({ name: 'acme/default', version: 'dev-trunk', defaultBranch: true });
    publish({ name: 'acme/default', version: 'dev-other' });
    const branches = await mirror.versions('acme/default~dev');
    assert.deepEqual(Object.fromEntries(branches.map((each) => [each.version, each['default-branch']])), { 'dev-trunk': true, 'dev-other': undefined });
  });

  it('P34: what a version says of itself survives', async () => {
    publish({ name: 'acme/words', version: '1.0.0', extraKeys: KEYS });
    publish({ name: 'acme/words', version: '1.1.0', extraKeys: { ...KEYS, abandoned: true, bin: undefined } });
    const [newer, older] = await mirror.versions('acme/words');
    for (const key of Object.keys(KEYS)) assert.deepEqual(older[key], KEYS[key], key);
    assert.deepEqual([newer.abandoned, newer.bin], [true, undefined]);
  });

  it('P35: keys that nobody knows yet survive', async () => {
    const unknown = { 'published-time': '2026-06-12T00:00:00Z', transparency: { log: ['a', { b: 1.50 }] }, $: '/', big: 12345678901234567890n.toString() };
    publish({ name: 'acme/future', version: '1.0.0', extraKeys: unknown });
    const [served] = await mirror.versions('acme/future');
    for (const key of Object.keys(unknown)) assert.deepEqual(served[key], unknown[key], key);
  });

  it('P36: advisories and filter lists in a file are passed on', async () => {
    publish({ name: 'acme/warned', version: '1.0.0' });
    const words = {
      'security-advisories': [{ advisoryId: 'PKSA-1', affectedVersions: '<1.1' }],
      filter: { malware: [{ constraint: '1.0.0', url: 'https://example.com', reason: 'steals', id: 'M-1', source: 'test' }] },
    };
    mirror.upstream.describe('acme/warned', words);
    const body = await json(await mirror.get('/p2/acme/warned.json'));
    for (const key of Object.keys(words)) assert.deepEqual(body[key], words[key], key);
  });

  it('P46: the versions of a private package are never filled up with those of somebody else', async () => {
    publish({ name: 'acme/private', version: '1.0.0' });
    mirror.upstreams[1].publish({ name: 'acme/private', version: '9.0.0' });
    const client = await mirror.project({ require: { 'acme/private': '^9.0' }, minimumStability: 'dev' });
    await client.fail('update');
    assert.deepEqual(mirror.upstreams[1].asked('acme/private'), []);
  });

  it('P48: a refused version is told of where the client prints it', async () => {
    publish({ name: 'acme/retagged', version: '1.0.0', reference: 'aa' });
    await mirror.versions('acme/retagged');
    publish({ name: 'acme/retagged', version: '1.0.0', reference: 'bb' });
    const client = await mirror.project({ require: { 'acme/retagged': '^1.0' } });
    assert.match(await client.succeed('update', '--no-install'), /acme\/retagged.*1\.0\.0/s);
    const { warnings, warning } = await json(await mirror.get('/p2/acme/retagged.json'));
    assert.match(JSON.stringify(warnings ?? warning), /1\.0\.0/);
  });
});

function withoutNull(version) {
  return Object.fromEntries(Object.entries(version).filter(([, value]) => value !== null));
}
