/** A CI job in the real runtime: an identity token signed with RS256, exchanged once, and Composer that installs with what it got. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { expectInstalled } from './expect.mjs';
import { startUpstream } from './upstream/upstream.mjs';
import { startWorker } from './worker.mjs';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

let issuer;
let upstream;
let worker;
let hello;
before(async () => {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/oauth/discovery/keys' ? JSON.stringify({ keys: [jwk] }) : '{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = { server, url: `http://127.0.0.1:${server.address().port}` };
  upstream = await startUpstream({ auth: 'bearer' });
  // The issuer stands on loopback, so it has to be allowed as the upstream is.
  worker = await startWorker({ upstreams: [upstream, { origin: issuer.url }] });
  await worker.setup();
  await worker.addUpstream(upstream, { name: 'private' });
  hello = upstream.publish({ name: 'acme/hello', version: '1.0.0' });
  const rule = { name: 'widgets', provider: 'gitlab', issuer: issuer.url, repository_id: '42', owner_id: '7', ref: 'refs/heads/main', kind: 'read', patterns: ['acme/*'] };
  assert.equal((await worker.api('POST', '/api/oidc-rules', rule)).status, 201);
});
after(async () => {
  await worker?.close();
  await upstream?.close();
  issuer?.server.closeAllConnections();
  issuer?.server.close();
});

function identity(claims) {
  const now = Math.floor(Date.now() / 1000);
  const body = {
    iss: issuer.url, aud: worker.url, jti: Math.random().toString(36), iat: now, nbf: now, exp: now + 300,
    project_id: '42', namespace_id: '7', ref: 'main', ref_path: 'refs/heads/main', pipeline_source: 'push', ...claims,
  };
  const signed = `${part({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${part(body)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

const exchange = (token) => worker.api('POST', '/oidc/token', { token }, 'none');

describe('a CI job', () => {
  it('installs with the token that its identity is exchanged for', async () => {
    const { status, body } = await exchange(identity());
    assert.equal(status, 201);
    assert.match(body.token, /^pkbc_/);
    const client = await worker.project({ token: body.token, require: { 'acme/hello': '^1.0' } });
    await client.succeed('update');
    await expectInstalled(client, hello);
  });

  it('is refused if its identity was changed, is for another or from another branch', async () => {
    const good = identity();
    const [head, , signature] = good.split('.');
    const forged = `${head}.${part({ ...JSON.parse(Buffer.from(good.split('.')[1], 'base64url')), project_id: '43' })}.${signature}`;
    for (const token of [forged, identity({ aud: 'https://other.example.org' }), identity({ ref_path: 'refs/heads/main-evil' }), identity({ namespace_id: '8' })]) {
      const { status, body } = await exchange(token);
      assert.equal(status, 401);
      assert.equal(body.code, 'identity_refused');
    }
  });

  it('is refused in the same words if what it shows is no base64, or not even ASCII', async () => {
    const [head, claims, signature] = identity().split('.');
    for (const token of ['é.é.é', `${head}é.${claims}.${signature}`, `${head}.${claims}é.${signature}`, `${head}.${claims}.${signature}é`, `${head}.${claims}.+/+/`]) {
      const { status, body } = await exchange(token);
      assert.deepEqual([status, body.code], [401, 'identity_refused'], token);
    }
  });

  it('gets one token for one identity, however many ask at a time', async () => {
    const token = identity();
    const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(token)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(answers.filter(({ status }) => status === 401).length, 49);
  });
});

describe('a session', () => {
  it('reads and changes with its cookie from a page of ours only', async () => {
    const opened = await worker.api('POST', '/api/session', {});
    const cookie = opened.headers.get('set-cookie').split(';')[0];
    const send = (headers) => fetch(`${worker.url}/api/tokens`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name: 'x', kind: 'read', patterns: ['*'] }),
    });
    assert.equal((await fetch(`${worker.url}/api/tokens`, { headers: { cookie } })).status, 200);
    assert.equal((await send({})).status, 403);
    assert.equal((await send({ origin: 'https://evil.example.net' })).status, 403);
    assert.equal((await send({ origin: worker.url })).status, 201);
  });
});
