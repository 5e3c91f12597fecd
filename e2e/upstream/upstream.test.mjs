/** What the tests rely on in their upstream, and `direct.test.mjs` does not show. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { tar, tarGz, zip } from './archive.mjs';
import { expand, minify } from './minify.mjs';
import { faults, startUpstream } from './upstream.mjs';

const HELLO = '/p2/acme/hello.json';

describe('the upstream of the tests', () => {
  let upstream;
  before(async () => {
    upstream = await startUpstream({ packages: [{ name: 'acme/hello', version: '1.0.0', reference: 'aa' }] });
  });
  after(() => upstream.close());

  const get = (path, options = {}) => fetch(new URL(path, upstream.url), { signal: AbortSignal.timeout(5000), ...options });

  it('answers 304 to who has the current document, by either validator', async () => {
    const { headers } = await get(HELLO);
    for (const condition of [{ 'if-modified-since': headers.get('last-modified') }, { 'if-none-match': headers.get('etag') }]) {
      const again = await get(HELLO, { headers: condition });
      assert.equal(again.status, 304);
      assert.equal(await again.text(), '');
    }
  });

  it('moves Last-Modified by whole seconds when a document changes, and only then', async () => {
    const before = await Promise.all([get(HELLO), get('/packages.json')]);
    upstream.publish({ name: 'acme/hello', version: '1.1.0' });
    const after = await Promise.all([get(HELLO), get('/packages.json')]);
    const [hello, root] = after.map((response, i) => lastModified(response) - lastModified(before[i]));
    assert.ok(hello >= 1000, `expected the package's file to be newer but it moved by ${hello} ms`);
    assert.equal(root, 0);
  });

  it('keeps the archive of the old reference, and replaces it under the same one', async () => {
    const first = upstream.publish({ name: 'acme/moving', version: 'dev-main', reference: 'aa' });
    const moved = upstream.publish({ name: 'acme/moving', version: 'dev-main', reference: 'bb' });
    const changed = upstream.publish({ name: 'acme/moving', version: 'dev-main', reference: 'bb' });
    assert.equal(changed.metadata.dist.url, moved.metadata.dist.url);
    assert.notEqual(changed.sha1, moved.sha1);
    assert.equal((await get(first.metadata.dist.url)).status, 200);
    upstream.removeArchives('acme/moving');
    assert.equal((await get(first.metadata.dist.url)).status, 404);
  });

  it('sends an archive of 200 MB without holding it', async () => {
    const big = upstream.publish({ name: 'acme/big', version: '1.0.0', size: 200e6 });
    const response = await get(big.metadata.dist.url, { signal: AbortSignal.timeout(60_000) });
    let length = 0;
    for await (const chunk of response.body) length += chunk.length;
    assert.equal(length, Number(response.headers.get('content-length')));
    assert.ok(length > 200e6);
    upstream.remove('acme/big');
    upstream.removeArchives('acme/big');
  });

  it('fails as often as it is told and then recovers', async () => {
    upstream.fault(HELLO, faults.status(503), { times: 2 });
    const statuses = [await get(HELLO), await get(HELLO), await get(HELLO)].map(({ status }) => status);
    assert.deepEqual(statuses, [503, 503, 200]);
  });

  for (const kind of ['hang', 'stall', 'truncate', 'reset']) {
    it(`never sends a whole body: ${kind}`, async () => {
      const heal = upstream.fault(HELLO, faults[kind]());
      await assert.rejects(async () => (await get(HELLO, { signal: AbortSignal.timeout(500) })).text());
      heal();
    });
  }

  it('changes bodies', async () => {
    const right = await (await get(HELLO)).text();
    const body = async (act) => {
      const heal = upstream.fault(HELLO, act);
      const answer = await (await get(HELLO)).text();
      heal();
      return answer;
    };
    assert.equal(await body(faults.gzip()), right);
    assert.equal(await body(faults.drip(200, 1)), right);
    assert.deepEqual(Object.keys(JSON.parse(await body(faults.wrongName())).packages), ['evil/imposter']);
    assert.equal(JSON.parse(await body(faults.bigBody(1e6))).padding.length, 1e6);
    assert.notEqual(await body(faults.corrupt()), right);
    const broken = await body(faults.wrongJson());
    assert.throws(() => JSON.parse(broken), SyntaxError);
  });
});

describe('archives', () => {
  it('have the same bytes for the same contents', () => {
    const files = { 'b.txt': 'two', 'a.txt': 'one' };
    const reordered = { 'a.txt': 'one', 'b.txt': 'two' };
    for (const write of [zip, tar, tarGz]) assert.deepEqual(write(files), write(reordered));
  });
});

describe('minify', () => {
  it('tells what was taken away, and counts null as absent', () => {
    const versions = [
      { name: 'a/b', version: '3', autoload: { files: ['x'] }, extra: null },
      { name: 'a/b', version: '2', extra: null },
      { name: 'a/b', version: '1', autoload: { files: ['x'] } },
    ];
    // As composer/metadata-minifier 1.0 puts it.
    assert.deepEqual(minify(versions), [
      versions[0],
      { version: '2', extra: '__unset', autoload: '__unset' },
      { version: '1', autoload: { files: ['x'] } },
    ]);
    assert.deepEqual(expand(minify(versions)).at(-1), versions.at(-1));
  });
});

function lastModified(response) {
  return Date.parse(response.headers.get('last-modified'));
}
