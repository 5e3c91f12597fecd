/** Who is asked for what: a name belongs to somebody, and nobody else hears of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectError, expectInstalled } from '../expect.mjs';
import { startMirror } from '../mirror.mjs';
import { faults, startUpstream } from '../upstream/upstream.mjs';
import { startWorker } from '../worker.mjs';
import { bytes, grown, startScene } from './scene.mjs';

describe('a name', () => {
  let mirror;
  before(async () => {
    // Both may have every name: what keeps them apart is order and ownership alone.
    mirror = await startMirror({ upstreams: [{ auth: 'basic', priority: 10, exclusive: false }, { priority: 20, exclusive: false }] });
  });
  after(() => mirror?.close());

  it('R1: a name whose owner fails is stale or an error, never the next one to have it', async () => {
    for (const upstream of mirror.upstreams) upstream.publish({ name: 'both/known', version: upstream === mirror.upstream ? '1.0.0' : '9.0.0' });
    for (const upstream of mirror.upstreams) upstream.publish({ name: 'both/unseen', version: upstream === mirror.upstream ? '1.0.0' : '9.0.0' });
    const known = await mirror.versions('both/known');
    for (const fault of [faults.status(500), faults.reset(), faults.truncate()]) {
      const heal = mirror.upstream.fault('/p2/', fault);
      assert.deepEqual(await mirror.versions('both/known'), known);
      const answer = await mirror.get('/p2/both/unseen.json');
      assert.ok([502, 503].includes(answer.status), `${answer.status}`);
      await answer.text();
      heal();
    }
    assert.deepEqual(mirror.upstreams[1].asked('both/'), []);
  });

  it('R2: a name has versions of one source, and what came from a wrong one can be found and removed', async () => {
    mirror.upstreams[1].publish({ name: 'both/late', version: '9.0.0' });
    assert.deepEqual((await mirror.versions('both/late')).map(({ version }) => version), ['9.0.0']);
    mirror.upstream.publish({ name: 'both/late', version: '1.0.0' });
    assert.deepEqual((await mirror.versions('both/late')).map(({ version }) => version), ['9.0.0']);
    await bytes(await mirror.get((await mirror.versions('both/late'))[0].dist.url));
    const { body: shown } = await mirror.worker.api('GET', '/api/packages/both/late');
    assert.equal(shown.upstream_name, 'upstream-1');
    const removed = await mirror.worker.api('DELETE', '/api/packages/both/late?purge=true');
    assert.equal(removed.status, 204, JSON.stringify(removed.body));
    const versions = await mirror.versions('both/late');
    assert.deepEqual(versions.map(({ version }) => version), ['1.0.0']);
  });

  it('R5: a name that nobody has is asked of each upstream once', async () => {
    const before = mirror.upstreams.map(({ requests }) => requests.length);
    await expectError(await mirror.get('/p2/both/nowhere.json'), 404);
    for (const [i, upstream] of mirror.upstreams.entries()) {
      const asked = upstream.requests.slice(before[i]).map(({ path }) => path);
      assert.equal(asked.filter((path) => path.includes('nowhere')).length, 1, asked.join(' '));
    }
  });
});

describe('an instance as it is deployed', () => {
  let mirror;
  before(async () => {
    mirror = await startScene({ vars: { AUTH_CACHE_SECONDS: '60', META_CACHE_SECONDS: '10', FRESH_SECONDS: '300' } });
  });
  after(() => mirror?.close());

  it('R3: an unknown name is remembered as such: no upstream, no database write, no decryption', async () => {
    for (const path of ['/p2/acme/unknown.json', '/p2/open/unknown.json']) {
      await expectError(await mirror.get(path), 404);
      await sleep(1200); // until what the first request noted is written
      const asked = mirror.upstreams.map(({ requests }) => requests.length);
      const cost = await grown(mirror.worker, async () => {
        for (let i = 0; i < 20; i++) await expectError(await mirror.get(path), 404);
      });
      assert.deepEqual(mirror.upstreams.map(({ requests }) => requests.length), asked);
      assert.equal(cost.upstream_requests, 0);
      assert.equal(cost.d1_rows_written, 0, JSON.stringify(cost));
    }
  });

  it('R4: a private name is told to nobody else, whatever is asked for', async () => {
    mirror.upstream.publish({ name: 'acme/private', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/private': '^9.0', 'open/x': '*' }, minimumStability: 'dev' });
    for (const args of [['update'], ['require', 'acme/privat'], ['show', '-a', 'acme/private'], ['search', 'private'], ['audit'], ['why-not', 'acme/private', '9.0']]) await client.composer(...args);
    for (const path of ['/p2/acme/private~dev.json', '/p2/acme/typo.json', '/list.json?filter=acme/*', '/search.json?q=acme&type=', '/providers/acme/virtual.json', '/dist/acme/private/9.0.0.0/raa.zip']) {
      await (await mirror.get(path)).arrayBuffer();
    }
    await mirror.worker.api('GET', '/api/packages/acme/private');
    await mirror.worker.work();
    const told = mirror.upstreams[1].requests.map(({ path, body }) => decodeURIComponent(`${path} ${body}`)).filter((text) => text.includes('acme'));
    assert.deepEqual(told, []);
  });
});

describe('an upstream', () => {
  for (const form of ['metadata-url', 'metadata-url-subpath', 'metadata-url-absolute']) {
    it(`R6: an upstream that has a metadata-url only is enough, at a sub-path and with absolute addresses, or another instance of ours: ${form}`, async () => {
      const mirror = await startMirror({ upstreams: [{ form }] });
      try {
        const release = mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
        const client = await mirror.project({ require: { 'acme/hello': '^1.0' } });
        await client.succeed('update');
        await expectInstalled(client, release);
      } finally {
        await mirror.close();
      }
    });
  }

  it('R6: an upstream may be another instance of ours', async () => {
    const origin = await startUpstream({ auth: 'basic' });
    const release = origin.publish({ name: 'acme/hello', version: '1.0.0' });
    const inner = await startWorker({ upstreams: [origin] });
    let outer;
    try {
      await inner.setup();
      await inner.addUpstream(origin, { name: 'origin' });
      const { token } = await inner.createToken();
      outer = await startWorker({ upstreams: [{ origin: inner.url }] });
      await outer.setup();
      await outer.addUpstream({ url: inner.url, auth: { type: 'bearer', token } }, { name: 'inner' });
      const { token: reader } = await outer.createToken();
      const client = await outer.project({ token: reader, require: { 'acme/hello': '^1.0' } });
      await client.succeed('update');
      await expectInstalled(client, release);
      const { dist } = await client.locked('acme/hello');
      assert.ok(dist.url.startsWith(`${outer.url}/dist/`));
      assert.ok(!(await client.lockText()).includes(inner.host));
    } finally {
      await outer?.close();
      await inner.close();
      await origin.close();
    }
  });

  it('R7: an upstream has a deadline and a limit, is left alone for a while if it keeps failing, and what we have of it is served', async () => {
    const mirror = await startMirror({ upstreams: [{}], vars: { MAX_DOCUMENT_BYTES: '100000', NEGATIVE_SECONDS: '0' } });
    try {
      mirror.upstream.publish({ name: 'acme/known', version: '1.0.0' });
      const known = await mirror.versions('acme/known');
      const large = mirror.upstream.fault('/p2/acme/large', faults.instead(JSON.stringify({ padding: 'x'.repeat(200_000) })));
      assert.equal((await expectError(await mirror.get('/p2/acme/large.json'), 503)).code, 'over_limit');
      large();
      mirror.upstream.fault('/p2/', faults.stall());
      mirror.upstream.publish({ name: 'acme/slow', version: '1.0.0' });
      const began = Date.now();
      await expectError(await mirror.get('/p2/acme/slow.json'), 504);
      assert.ok(Date.now() - began < 26_000);
      mirror.upstream.fault(() => true, faults.status(500));
      for (let i = 0; i < 8; i++) await expectError(await mirror.get(`/p2/acme/f${i}.json`), 503);
      const asked = mirror.upstream.requests.length;
      for (let i = 0; i < 8; i++) await expectError(await mirror.get(`/p2/acme/g${i}.json`), 503);
      assert.equal(mirror.upstream.requests.length, asked);
      assert.deepEqual(await mirror.versions('acme/known'), known);
    } finally {
      await mirror.close();
    }
  });
});
