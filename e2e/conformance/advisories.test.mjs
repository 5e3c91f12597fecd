/** Advisories and filter lists: who uses us is warned of what they would be warned of directly. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { json, post, startScene } from './scene.mjs';

const ADVISORY = {
  advisoryId: 'PKSA-aaaa-bbbb-cccc',
  packageName: 'open/weak',
  remoteId: 'CVE-2026-0001',
  affectedVersions: '>=1.0,<1.5|>=2.0,<2.1',
  title: 'It opens the door',
  cve: 'CVE-2026-0001',
  link: 'https://example.com/advisory',
  reportedAt: '2026-05-01 10:00:00',
  sources: [{ name: 'GitHub', remoteId: 'GHSA-0000-0000-0001' }],
  severity: 'high',
  composerRepository: 'https://repo.packagist.org',
};
const MALWARE = { package: 'open/evil', constraint: '1.0.0', url: 'https://example.com/evil', reason: 'steals', id: 'M-1', source: 'test' };
const FORM = { type: 'application/x-www-form-urlencoded' };

let mirror;
let root;
before(async () => {
  mirror = await startScene({
    all: {
      root: {
        'security-advisories': { metadata: true, 'api-url': '/advisories' },
        filter: { metadata: true, lists: { malware: { enabled: true } }, 'summary-url': '/summary.json', 'api-url': '/entries' },
      },
    },
  });
  const open = mirror.upstreams[1];
  const asked = (body) => [...new URLSearchParams(body).values()];
  open.respond('/advisories', (body) => ({ advisories: Object.fromEntries(asked(body).filter((name) => name.startsWith('open/')).map((name) => [name, name === 'open/weak' ? [ADVISORY] : []])) }));
  open.respond('/summary.json', () => ({ filter: { malware: { 'open/evil': '1.0.0' } } }));
  open.respond('/entries', () => ({ filter: { malware: [MALWARE] } }));
  for (const name of ['open/weak', 'open/clean', 'open/evil']) open.publish({ name, version: '1.0.0' });
  mirror.upstream.publish({ name: 'acme/own', version: '1.0.0' });
  for (const name of ['open/weak', 'open/clean', 'open/evil', 'acme/own']) await mirror.versions(name);
  await mirror.worker.work();
  root = await json(await mirror.get('/packages.json'));
});
after(() => mirror?.close());

async function advisories(names, options = {}) {
  const body = names.map((name, i) => `packages%5B${i}%5D=${encodeURIComponent(name)}`).join('&');
  return (await json(await post(mirror, root['security-advisories']['api-url'], body, { ...FORM, ...options }))).advisories;
}

describe('advisories', () => {
  it('P63: names may come as packages[] and as packages[0], a thousand of them, in less than 10 s', async () => {
    const url = root['security-advisories']['api-url'];
    for (const key of ['packages[]', 'packages%5B%5D', 'packages[0]', 'packages%5B0%5D', 'packages%5B7%5D']) {
      const answer = await json(await post(mirror, url, `${key}=open%2Fweak`, FORM));
      assert.equal(answer.advisories['open/weak'].length, 1, key);
    }
    const began = Date.now();
    const many = await advisories([...Array.from({ length: 1000 }, (_, i) => `open/p${i}`), 'open/weak']);
    assert.equal(many['open/weak'].length, 1);
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
  });

  it('P64: the answer has the names that were asked for, lists that begin at 0, and [] for what is known to be clean', async () => {
    const answer = await advisories(['open/weak', 'open/clean', 'acme/unknown']);
    assert.deepEqual(Object.keys(answer).filter((name) => !['open/weak', 'open/clean', 'acme/unknown'].includes(name)), []);
    assert.ok(Array.isArray(answer['open/weak']));
    assert.deepEqual(answer['open/clean'], []);
    assert.ok(answer['acme/unknown'] === undefined || Array.isArray(answer['acme/unknown']));
  });

  it('P65: an advisory has all that Composer reads: versions, a time, sources', async () => {
    const { 'open/weak': [advisory] } = await advisories(['open/weak']);
    for (const key of ['advisoryId', 'packageName', 'affectedVersions', 'title', 'cve', 'link', 'severity']) assert.equal(advisory[key], ADVISORY[key], key);
    assert.ok(Date.parse(`${advisory.reportedAt}Z`) > 0 || Date.parse(advisory.reportedAt) > 0);
    assert.deepEqual(advisory.sources, ADVISORY.sources);
  });

  it('P69: a token learns of packages only that it may see, and private names are told to nobody', async () => {
    const made = await mirror.worker.api('POST', '/api/advisories', {
      packageName: 'acme/own',
      affectedVersions: '<2.0',
      title: 'A secret of ours',
      severity: 'high',
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal((await advisories(['acme/own']))['acme/own'].length, 1);
    const { token } = await mirror.worker.createToken({ patterns: ['open/*'] });
    const seen = await advisories(['acme/own', 'open/weak'], { token });
    assert.equal(seen['acme/own'], undefined);
    assert.equal(seen['open/weak'].length, 1);
    const told = mirror.upstreams[1].requests.map(({ path, body }) => decodeURIComponent(`${path} ${body}`)).filter((text) => text.includes('acme/'));
    assert.deepEqual(told, []);
  });
});

describe('filter lists', () => {
  it('P66: the summary is there even when it is empty, and 304 to who has it', async () => {
    const answer = await mirror.get(root.filter['summary-url']);
    const date = answer.headers.get('last-modified');
    assert.ok(!Array.isArray((await json(answer)).filter));
    assert.ok(Date.parse(date) > 0, `expected a date but found ${date}`);
    const again = await mirror.get(root.filter['summary-url'], { 'if-modified-since': date });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
  });

  it('P67: entries are asked for by purl, with two slashes or none', async () => {
    for (const purl of ['pkg://composer/open/evil', 'pkg:composer/open/evil']) {
      const { filter } = await json(await post(mirror, root.filter['api-url'], JSON.stringify({ packages: [purl], lists: ['malware'] })));
      assert.deepEqual(filter.malware.map(({ package: name, constraint }) => [name, constraint]), [['open/evil', '1.0.0']], purl);
    }
  });

  it('P68: entries come of the lists that were asked for, and of no other', async () => {
    const { filter } = await json(await post(mirror, root.filter['api-url'], JSON.stringify({ packages: ['pkg://composer/open/evil'], lists: ['policy'] })));
    assert.deepEqual(Object.values(filter).flat(), []);
    const both = await json(await post(mirror, root.filter['api-url'], JSON.stringify({ packages: ['pkg://composer/open/clean'], lists: ['malware'] })));
    assert.deepEqual(Object.values(both.filter).flat().filter(({ package: name }) => name !== 'open/clean'), []);
  });
});

describe('an upstream without them', () => {
  let bare;
  before(async () => {
    bare = await startScene();
    bare.upstreams[1].publish({ name: 'open/plain', version: '1.0.0' });
  });
  after(() => bare?.close());

  it('gives an empty summary, not an error', async () => {
    const { filter } = await json(await bare.get('/filter/summary.json'));
    assert.ok(!Array.isArray(filter));
    assert.deepEqual(Object.values(filter).flatMap(Object.keys), []);
  });
});
