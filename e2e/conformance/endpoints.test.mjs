/** The smaller addresses: lists, search, providers, installs, changes; and how a client says who it is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectError } from '../expect.mjs';
import { json, post, startScene } from './scene.mjs';

const TICKS = 10_000; // of a change feed, a second
const NAMES = ['acme/hello', 'acme/tool', 'acme/tool-kit', 'open/hello'];

let mirror;
let root;
before(async () => {
  mirror = await startScene();
  mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0', extraKeys: { description: 'Says hello to whoever comes', provide: { 'psr/greeting-implementation': '1.0' } } });
  mirror.upstream.publish({ name: 'acme/tool', version: '1.0.0', extraKeys: { abandoned: 'acme/tool-kit', type: 'composer-plugin', description: 'Drills holes' } });
  mirror.upstream.publish({ name: 'acme/tool-kit', version: '1.0.0', extraKeys: { replace: { 'acme/old-kit': '*' } } });
  mirror.upstreams[1].publish({ name: 'open/hello', version: '1.0.0', extraKeys: { description: 'Says hello in public' } });
  for (const name of NAMES) await mirror.versions(name);
  root = await json(await mirror.get('/packages.json'));
});
after(() => mirror?.close());

const listed = async (query, token = mirror.reader) => (await json(await mirror.worker.get(root.list + query, token))).packageNames.toSorted();

function found(words, type = '', token = mirror.reader) {
  return mirror.worker.get(root.search.replace('%query%', encodeURIComponent(words)).replace('%type%', type), token).then(json);
}

describe('what helps to find packages', () => {
  it('P70: the list may be asked for by filter and by vendor, and shows what the token may see', async () => {
    assert.deepEqual(await listed(''), NAMES);
    assert.deepEqual(await listed('?filter=acme/*'), NAMES.slice(0, 3));
    assert.deepEqual(await listed('?filter=acme%2F*'), NAMES.slice(0, 3));
    assert.deepEqual(await listed('?vendor=acme&filter=acme/tool*'), ['acme/tool', 'acme/tool-kit']);
    assert.deepEqual(await listed('?vendor=nobody'), []);
    const { token } = await mirror.worker.createToken({ patterns: ['open/*'] });
    assert.deepEqual(await listed('', token), ['open/hello']);
    assert.deepEqual(await listed('?vendor=acme', token), []);
  });

  it('P71: a search answers with results, an empty list if there are none, and says what is abandoned', async () => {
    assert.deepEqual((await found('hello')).results.map(({ name }) => name).toSorted(), ['acme/hello', 'open/hello']);
    assert.deepEqual((await found('nothing-like-it')).results, []);
    const { results } = await found('drills', 'composer-plugin');
    assert.deepEqual(results.map(({ name, abandoned, description }) => [name, abandoned, description]), [['acme/tool', 'acme/tool-kit', 'Drills holes']]);
    assert.deepEqual((await found('drills', 'library')).results, []);
    const { token } = await mirror.worker.createToken({ patterns: ['open/*'] });
    assert.deepEqual((await found('hello', '', token)).results.map(({ name }) => name), ['open/hello']);
  });

  it('P72: providers of a name are listed, or it is 404', async () => {
    const url = (name) => root['providers-api'].replace('%package%', name);
    for (const [virtual, real] of [['psr/greeting-implementation', 'acme/hello'], ['acme/old-kit', 'acme/tool-kit']]) {
      const { providers } = await json(await mirror.get(url(virtual)));
      assert.deepEqual(providers.map(({ name }) => name), [real]);
      for (const key of ['description', 'type']) assert.equal(typeof providers[0][key], 'string', key);
    }
    const none = await mirror.get(url('nobody/provides'));
    if (none.status === 200) assert.deepEqual((await none.json()).providers, []);
    else await expectError(none, 404);
  });
});

describe('what clients report', () => {
  const report = (downloads, options) => post(mirror, root['notify-batch'], JSON.stringify({ downloads }), options);

  it('P73: a report of installs is taken at once, whatever names are in it', async () => {
    const began = Date.now();
    for (const downloads of [[{ name: 'acme/hello', version: '1.0.0.0' }], [{ name: 'nobody/knows', version: '9.9.9.9' }], []]) {
      const answer = await report(downloads);
      assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status}`);
      await answer.arrayBuffer();
    }
    assert.ok(Date.now() - began < 6000);
    const denied = await report([], { token: 'nonsense' });
    await expectError(denied, 401);
  });

  it('P74: installs are counted once for each package of a run, and a few thousand in one report are no trouble', async () => {
    const before = await installs('acme/tool');
    const many = Array.from({ length: 3000 }, (_, i) => ({ name: `open/p${i}`, version: '1.0.0.0' }));
    const answer = await report([...many, { name: 'acme/tool', version: '1.0.0.0' }, { name: 'acme/tool', version: '1.0.0.0' }]);
    assert.ok(answer.ok, `${answer.status}`);
    await answer.arrayBuffer();
    assert.equal((await installs('acme/tool')) - before, 1);
  });

  async function installs(name) {
    await mirror.worker.work(); // that is when they are added up
    const { status, body } = await mirror.worker.api('GET', `/api/packages/${name}/stats`);
    assert.equal(status, 200);
    return body.installs;
  }
});

describe('what others read of us', () => {
  it('P75: changes come in order of time, since a time in ten-thousandths of a second, and a resync if that is too long ago', async () => {
    const feed = (since) => mirror.get(`${root['metadata-changes-url']}?since=${since}`).then(json);
    const now = () => Math.floor(Date.now() / 1000) * TICKS;
    const { timestamp } = await feed(now());
    // It may lie back a little, so that nothing is missed that became visible late.
    assert.ok(Number.isSafeInteger(timestamp) && timestamp <= now() + TICKS && timestamp > now() - 120 * TICKS, `${timestamp}`);
    await sleep(4000); // the upstreams have only just been made, and until then anything may have changed
    const since = now();
    for (const name of ['acme/hello', 'acme/tool']) {
      mirror.upstream.publish({ name, version: '1.1.0' });
      await mirror.versions(name);
    }
    const { actions, timestamp: later } = await feed(since);
    const updates = actions.filter(({ type }) => type === 'update').map((each) => each.package);
    for (const name of ['acme/hello', 'acme/tool']) assert.ok(updates.includes(name), `${name} in ${JSON.stringify(actions)}`);
    assert.deepEqual(actions.map(({ time }) => time), actions.map(({ time }) => time).toSorted((a, b) => a - b));
    assert.ok(later >= timestamp);
    const { actions: old } = await feed(now() - 40 * 86_400 * TICKS);
    assert.deepEqual(old.map(({ type }) => type), ['resync']);
    const { token } = await mirror.worker.createToken({ patterns: ['open/*'] });
    const seen = await json(await mirror.worker.get(`${root['metadata-changes-url']}?since=${since}`, token));
    assert.deepEqual(seen.actions.filter((each) => each.package.startsWith('acme/')), []);
  });

  it('P82: addresses of the first protocol are 404 in JSON', async () => {
    for (const path of ['/p/acme/hello$0123456789abcdef.json', '/p/acme/hello%240123456789abcdef.json', '/p/provider-latest$00.json', '/p/acme/hello.json', '/packages/acme/hello.json']) {
      await expectError(await mirror.get(path), 404);
    }
  });
});

describe('who asks', () => {
  const authorized = (authorization) => fetch(`${mirror.url}/packages.json`, { headers: { authorization } });
  const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  it('P76: a token may come as the password of Basic, or as Bearer', async () => {
    for (const authorization of [basic('token', mirror.reader), `Bearer ${mirror.reader}`, `bearer ${mirror.reader}`]) {
      assert.equal((await authorized(authorization)).status, 200, authorization.slice(0, 6));
    }
  });

  it('P77: the user name does not matter, an empty password does', async () => {
    for (const user of ['token', 'ada@example.com', '', 'ü', 'x'.repeat(200)]) assert.equal((await authorized(basic(user, mirror.reader))).status, 200, user);
    for (const authorization of [basic('token', ''), basic(mirror.reader, ''), basic('', ''), 'Basic', 'Bearer ']) await expectError(await authorized(authorization), 401);
  });

  it('P79: a 401 has a warning that Composer prints', async () => {
    const { token } = await mirror.worker.createToken({ expires_at: Date.now() + 1100 });
    await sleep(1300);
    for (const [presented, expected] of [[token, /expired/], [undefined, /token/]]) {
      const answer = await mirror.worker.get('/packages.json', presented);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('content-type'), 'application/json');
      assert.match((await answer.json()).warning, expected);
    }
  });
});
