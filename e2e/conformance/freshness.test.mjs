/** Dates, encodings, outages and bursts: what makes metadata cheap and never wrong. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { expectError } from '../expect.mjs';
import { basic } from '../instance.mjs';
import { faults } from '../upstream/upstream.mjs';
import { bytes, dateOf, json, startScene } from './scene.mjs';

let mirror;
before(async () => {
  mirror = await startScene({ vars: { NEGATIVE_SECONDS: '0' } });
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);
const since = (path, response) => mirror.get(path, { 'if-modified-since': response.headers.get('last-modified') });

describe('a date', () => {
  it('P37: every file has a Last-Modified in whole seconds, and is 304 without a body to who has it', async () => {
    publish({ name: 'acme/dated', version: '1.0.0' });
    publish({ name: 'acme/dated', version: 'dev-main' });
    for (const path of ['/packages.json', '/p2/acme/dated.json', '/p2/acme/dated~dev.json']) {
      const first = await mirror.get(path);
      await bytes(first);
      assert.match(first.headers.get('last-modified'), /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
      for (let i = 0; i < 2; i++) {
        const again = await since(path, first);
        assert.equal(again.status, 304, path);
        assert.equal(await again.text(), '');
      }
    }
  });

  it('P38: Last-Modified rises with every change: of versions, of what is known of an archive, of the base URL', async () => {
    const path = '/p2/acme/rising.json';
    let before = 0;
    for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) {
      publish({ name: 'acme/rising', version, shasum: 'none' });
      const answer = await mirror.get(path);
      const { packages } = await json(answer);
      assert.equal(packages['acme/rising'][0].version, version);
      assert.ok(dateOf(answer) > before);
      before = dateOf(answer);
    }
    const [{ dist }] = await mirror.versions('acme/rising');
    await bytes(await mirror.get(dist.url));
    publish({ name: 'acme/rising', version: '1.4.0' });
    const withShasum = await mirror.get(path);
    assert.ok(dateOf(withShasum) > before);
    await bytes(withShasum);
    const moved = await (async () => {
      await mirror.worker.api('PATCH', '/api/settings', { base_url: mirror.url.replace('127.0.0.1', 'localhost') });
      const answer = await fetch(`${mirror.url.replace('127.0.0.1', 'localhost')}${path}`, { headers: { authorization: basic(mirror.reader) } });
      await mirror.worker.api('PATCH', '/api/settings', { base_url: mirror.url });
      return answer;
    })();
    assert.ok((await bytes(moved)).includes('http://localhost:'));
    assert.ok(dateOf(moved) > dateOf(withShasum));
  });

  it('P39: nobody is told 304 who would see less now', async () => {
    publish({ name: 'acme/shrinking', version: '1.0.0' });
    publish({ name: 'acme/shrinking', version: '2.0.0' });
    const path = '/p2/acme/shrinking.json';
    const { id, token } = await mirror.worker.createToken({ patterns: ['acme/*'] });
    const seen = await mirror.worker.get(path, token);
    await bytes(seen);
    const date = { 'if-modified-since': seen.headers.get('last-modified') };
    const { token: narrow } = await mirror.worker.createToken({ patterns: ['acme/other'] });
    await expectError(await mirror.worker.get(path, narrow, date), 404);
    mirror.upstream.remove('acme/shrinking', '2.0.0');
    const after = await mirror.worker.get(path, token, date);
    assert.deepEqual((await mirror.expanded(after, 'acme/shrinking')).map(({ version }) => version), ['1.0.0']);
    assert.ok(dateOf(after) > dateOf(seen));
    await mirror.worker.revokeToken(id);
    await expectError(await mirror.worker.get(path, token, { 'if-modified-since': after.headers.get('last-modified') }), 401);
  });
});

describe('a request in another dress', () => {
  it('P40: HEAD and Range do no harm', async () => {
    publish({ name: 'acme/plain', version: '1.0.0' });
    const [{ dist }] = await mirror.versions('acme/plain');
    for (const path of ['/packages.json', '/p2/acme/plain.json', new URL(dist.url).pathname]) {
      const whole = await bytes(await mirror.get(path));
      const head = await fetch(mirror.url + path, { method: 'HEAD', headers: { authorization: basic(mirror.reader) } });
      assert.equal(head.status, 200);
      assert.equal(await head.text(), '');
      const range = await mirror.get(path, { range: 'bytes=0-9' });
      const part = Buffer.from(await range.arrayBuffer());
      assert.ok((range.status === 200 && part.equals(whole)) || (range.status === 206 && part.equals(whole.subarray(0, 10))), `${path}: ${range.status}`);
    }
  });

  it('P41: every encoding has the same bytes, no shared cache may keep them, and caches tell apart who asks', async () => {
    publish({ name: 'acme/packed', version: '1.0.0', extraKeys: { description: 'long '.repeat(500) } });
    const path = '/p2/acme/packed.json';
    const plain = await raw(path, 'identity');
    assert.equal(plain.headers['content-encoding'], undefined);
    for (const accepted of ['gzip', 'deflate, gzip, br, zstd', '']) {
      const answer = await raw(path, accepted);
      const encoding = answer.headers['content-encoding'];
      assert.ok(encoding === undefined || encoding === 'gzip', `expected gzip or nothing but found ${encoding}`);
      assert.deepEqual(encoding === 'gzip' ? gunzipSync(answer.body) : answer.body, plain.body);
      assert.match(answer.headers['cache-control'], /private|no-store/);
      assert.doesNotMatch(answer.headers['cache-control'], /public/);
      const vary = (answer.headers.vary ?? '').toLowerCase();
      assert.ok(vary.includes('authorization') && vary.includes('accept-encoding'), `expected Vary over both but found "${vary}"`);
    }
  });

  it('P81: names in another case are the same package', async () => {
    publish({ name: 'acme/lower', version: '1.0.0' });
    const lower = await bytes(await mirror.get('/p2/acme/lower.json'));
    assert.deepEqual(await bytes(await mirror.get('/p2/Acme/Lower.json')), lower);
    assert.ok(mirror.upstream.asked('Lower').length === 0);
  });
});

describe('an upstream that is away', () => {
  it('P43: a failing upstream is 502, 503 or 504 for what we do not have, and never "not here"', async () => {
    for (const [i, fault] of [faults.status(500), faults.status(404), faults.reset(), faults.html()].entries()) {
      mirror.upstream.publish({ name: `acme/away-${i}`, version: '1.0.0' });
      // Its root is away: what it has nobody can know.
      const heal = mirror.upstream.fault('/packages.json', fault);
      for (const file of ['', '~dev']) {
        const answer = await mirror.get(`/p2/acme/away-${i}${file}.json`);
        assert.ok([502, 503, 504].includes(answer.status), `${answer.status}`);
        await answer.text();
      }
      heal();
    }
  });

  it('P44: while an upstream fails, what we have is served with the date that it had', async () => {
    publish({ name: 'acme/stale', version: '1.0.0' });
    const good = await mirror.get('/p2/acme/stale.json');
    const body = await bytes(good);
    const heal = mirror.upstream.fault('acme/stale', faults.status(503));
    const stale = await mirror.get('/p2/acme/stale.json');
    assert.deepEqual(await bytes(stale), body);
    assert.equal(dateOf(stale), dateOf(good));
    assert.equal((await since('/p2/acme/stale.json', good)).status, 304);
    heal();
  });
});

describe('a burst', () => {
  let busy;
  before(async () => {
    // As it is deployed: with what an isolate remembers.
    busy = await startScene({ vars: { AUTH_CACHE_SECONDS: '60', META_CACHE_SECONDS: '10', FRESH_SECONDS: '300' } });
  });
  after(() => busy?.close());

  it('P45: requests come twelve at a time, a thousand of them, and nobody is told to slow down', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `acme/burst-${i}`);
    busy.upstream.publishAll(names.map((name) => ({ name, version: '1.0.0' })));
    const statuses = new Set();
    let left = 1000;
    const client = async () => {
      while (left-- > 0) {
        const path = `/p2/${names[left % names.length]}${left % 3 === 0 ? '~dev' : ''}.json`;
        const answer = await busy.get(path, { 'user-agent': 'Composer/2.8.12 (Linux; 6.1.0; PHP 8.3.1; cURL 8.5.0; CI)' });
        await answer.arrayBuffer();
        statuses.add(answer.status);
      }
    };
    await Promise.all(Array.from({ length: 12 }, client));
    assert.deepEqual([...statuses].toSorted(), [200, 404]);
  });
});

/** What comes over the wire, before anybody unpacks it. */
function raw(path, encoding) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: basic(mirror.reader), 'accept-encoding': encoding };
    request(mirror.url + path, { headers }, async (response) => {
      const chunks = await Array.fromAsync(response);
      resolve({ headers: response.headers, body: Buffer.concat(chunks) });
    })
      .on('error', reject)
      .end();
  });
}
