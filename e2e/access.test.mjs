/** Who may read what, and what the others are told. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectClearError, expectError, expectInstalled } from './expect.mjs';
import { startMirror } from './mirror.mjs';

const NOT_FOUND = /could not be found in any version/;
const NOT_AUTHENTICATED = /authenticat|invalid credentials|\b401\b/i;

let mirror;
let hello;
let archives;

before(async () => {
  mirror = await startMirror({ upstreams: [{ auth: 'bearer' }] });
  hello = mirror.upstream.publish({ name: 'acme/hello', version: '1.0.0' });
  mirror.upstream.publish({ name: 'other/secret', version: '1.0.0' });
  const [ofHello] = await mirror.versions('acme/hello');
  const [ofSecret] = await mirror.versions('other/secret');
  archives = { hello: ofHello.dist.url, secret: ofSecret.dist.url };
});
after(() => mirror?.close());

/** Tokens that open nothing, each made when it is needed. */
const strangers = {
  'no token': () => undefined,
  'a token that never was': () => 'not-a-token',
  'a token with one character changed': () => mirror.reader.slice(0, -1) + (mirror.reader.endsWith('a') ? 'b' : 'a'),
  'an expired token': async () => {
    const { token } = await mirror.worker.createToken({ expires_at: Date.now() + 1500 });
    assert.equal((await mirror.worker.get('/packages.json', token)).status, 200);
    await sleep(2000);
    return token;
  },
  'a revoked token': async () => {
    const { id, token } = await mirror.worker.createToken();
    assert.equal((await mirror.worker.get('/packages.json', token)).status, 200);
    await mirror.worker.revokeToken(id);
    return token;
  },
};

describe('a client without access', () => {
  for (const [name, find] of Object.entries(strangers)) {
    it(`gets nothing, and is told why: ${name}`, async () => {
      const token = await find();
      const asked = mirror.upstream.requests.length;
      for (const path of ['/packages.json', '/p2/acme/hello.json', '/p2/acme/unknown.json', archives.hello]) {
        await expectError(await mirror.worker.get(path, token), 401);
      }
      const client = await mirror.worker.project({ token, require: { 'acme/hello': '^1.0' } });
      expectClearError(await client.fail('update'), NOT_AUTHENTICATED);
      assert.equal(mirror.upstream.requests.length, asked);
    });
  }

  it('cannot install from a lock either', async () => {
    const { id, token } = await mirror.worker.createToken();
    const client = await mirror.worker.project({ token, require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
    const colleague = await client.checkout();
    await mirror.worker.revokeToken(id);

    expectClearError(await colleague.fail('install'), NOT_AUTHENTICATED);

    colleague.authenticate(mirror.worker.composerAuth(mirror.reader));
    await colleague.succeed('install');
    await expectInstalled(colleague, hello);
  });
});

describe('a token for acme/*', () => {
  let token;
  before(async () => {
    ({ token } = await mirror.worker.createToken({ patterns: ['acme/*'] }));
  });

  it('installs from acme', async () => {
    const client = await mirror.worker.project({ token, require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
    await expectInstalled(client, hello);
  });

  it('cannot tell the package of another vendor from one that is not there', async () => {
    const client = await mirror.worker.project({ token, require: { 'other/secret': '^1.0' } });
    expectClearError(await client.fail('update'), NOT_FOUND);

    for (const file of ['secret.json', 'secret~dev.json']) {
      const hidden = await expectError(await mirror.worker.get(`/p2/other/${file}`, token), 404);
      const absent = await expectError(await mirror.worker.get(`/p2/other/un${file}`, token), 404);
      assert.deepEqual(withoutNames(hidden), withoutNames(absent));
    }
  });

  it('cannot load an archive of another vendor', async () => {
    await expectError(await mirror.worker.get(archives.secret, token), 404);
    assert.equal((await mirror.get(archives.secret)).status, 200);
  });
});

describe('a reading token', () => {
  const writes = [
    ['POST', '/api/upstreams', { name: 'mine', url: 'https://example.com', priority: 1, patterns: ['*'], exclusive: false, auth: { type: 'none' } }],
    ['POST', '/api/tokens', { name: 'mine', kind: 'admin', patterns: ['*'] }],
    ['GET', '/api/upstreams/1', undefined],
  ];
  for (const [method, path, body] of writes) {
    it(`cannot administer: ${method} ${path}`, async () => {
      const { status } = await mirror.worker.api(method, path, body, mirror.reader);
      assert.ok([403, 404].includes(status), `expected 403 or 404 but found ${status}`);
    });
  }
});

describe('a package that nobody has', () => {
  it('is reported by Composer as usual', async () => {
    const client = await mirror.project({ require: { 'acme/unknown': '^1.0' } });
    expectClearError(await client.fail('update'), NOT_FOUND);
    await expectError(await mirror.get('/p2/acme/unknown.json'), 404);
    await expectError(await mirror.get('/p2/acme/unknown~dev.json'), 404);
  });
});

// The message may repeat the name that was asked for, and the request id differs anyway.
function withoutNames({ error, code }) {
  return { error: error.replace(/[\w-]+\/(un)?secret(~dev)?/g, 'the package'), code };
}
