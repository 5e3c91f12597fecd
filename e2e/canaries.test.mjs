/** Sixty secrets and more, each put where people put it; then everything that we wrote, said or sent is searched for them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Canaries } from './canaries/canaries.mjs';
import { Story, useMistakes, useTokens, useUpstreams } from './canaries/use.mjs';
import { identities } from './hostile/identities.mjs';
import { startUpstream } from './upstream/upstream.mjs';
import { startWorker } from './worker.mjs';

const canaries = new Canaries();
let upstreams;
let vouching;
let receiver;
let worker;

before(async () => {
  upstreams = await Promise.all([
    startUpstream({ auth: { type: 'basic', username: 'reader', password: canaries.fresh('a password of an upstream', 'a request to upstream 0') } }),
    startUpstream({ auth: { type: 'bearer', token: canaries.fresh('a bearer of an upstream', 'a request to upstream 1') } }),
    startUpstream({ auth: { type: 'header', name: 'X-Repo-Key', value: canaries.fresh('a header of an upstream', 'a request to upstream 2') } }),
  ]);
  vouching = await identities();
  receiver = await startReceiver();
  const key = (name) => canaries.add(name, randomBytes(32).toString('base64'));
  worker = await startWorker({
    upstreams: [...upstreams, vouching, receiver],
    secrets: { SETUP_SECRET: canaries.fresh('the setup secret'), ENCRYPTION_KEYS: JSON.stringify({ k1: key('the key k1'), k2: key('the key k2') }), AUDIT_SIGNING_KEY: key('the key of the log') },
    vars: {
      AUTH_FAILURES_PER_MINUTE: '1000000', AUDIT_WEBHOOK_URL: `${receiver.origin}/hook`, AUDIT_WEBHOOK_SECRET: canaries.fresh('the secret of the webhook'), AUDIT_ANCHOR_URL: `${receiver.origin}/anchor`,
      AUDIT_ARCHIVE_DAYS: '0', ACCESS_TEAM: 'acme', ACCESS_AUD: 'a'.repeat(64), ACCESS_ROLES: '*=viewer',
    },
  });
  await worker.setup();
});
after(async () => {
  await worker?.close();
  await Promise.all([...upstreams.map((upstream) => upstream.close()), vouching?.close()]);
  receiver?.server.closeAllConnections();
  receiver?.server.close();
});

it('a secret is found in its place and nowhere else', async () => {
  canaries.add('the first token', worker.admin);
  const story = new Story(worker, canaries);
  for (const [i, upstream] of upstreams.entries()) await worker.addUpstream(upstream, { name: `upstream-${i}`, patterns: [['acme/*'], ['second/*'], ['third/*']][i] });
  await vouching.rule({ worker });
  await useTokens(story, vouching, { origin: worker.url });
  await useMistakes(story);
  await useUpstreams(story, upstreams);
  await worker.work();
  for (const path of ['/api/audit?limit=200', '/api/tokens', '/api/upstreams', '/api/alerts', '/api/jobs', '/api/settings', '/api/people', '/api/oidc-rules', '/api/health', '/api/health/details', '/api/packages', '/api/packages/acme/plain', '/list.json', '/api/audit/checkpoints']) {
    await story.expect(200, 'GET', path);
  }
  await story.expect(200, 'GET', '/api/audit/export', { place: 'the log' });
  await story.expect(200, 'GET', '/api/audit/export?format=csv', { place: 'the log' });

  const places = await placesOf(story);
  const found = places.flatMap(([place, bytes]) => canaries.foundIn(place, bytes));
  const size = places.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  console.log(`canaries: ${canaries.count} secrets, ${found.length} found outside their place in ${places.length} texts of ${Math.round(size / 1000)} KB: answers, console, tables, objects, exports, what was sent to others`);
  assert.deepEqual(found, []);
  assert.ok(canaries.count >= 60);
});

it('the search finds what is there', async () => {
  const secret = canaries.fresh('the control');
  for (const text of [secret, Buffer.from(`a:${secret}:b`).toString('base64'), Buffer.from(`ab${secret}`).toString('base64url'), encodeURIComponent(secret)]) assert.equal(canaries.foundIn('here', text).length > 0, true, text);
});

/** Everything that the instance has written, said or sent: `[place, bytes]` each. */
async function placesOf(story) {
  const places = [...story.answers, ...worker.logs().map(({ message }) => ['the console', message])];
  for (const { name } of await worker.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'")) {
    places.push([`the table ${name}`, JSON.stringify(await worker.sql(`SELECT * FROM "${name}"`))]);
  }
  const bucket = await worker.bucket();
  for (const key of await worker.objects('')) {
    const bytes = Buffer.from(await (await bucket.get(key)).arrayBuffer());
    places.push([`an object of ${key.split('/')[0]}/`, key.endsWith('.gz') ? gunzipSync(bytes) : bytes], ['a key of the bucket', key]);
  }
  assert.ok(receiver.requests.length > 0, 'expected the webhook to be called');
  for (const request of receiver.requests) places.push(['what was sent to the receiver of the log', request]);
  for (const [i, upstream] of upstreams.entries()) {
    for (const { path, headers, body } of upstream.requests) places.push([`a request to upstream ${i}`, `${path} ${decoded(headers)} ${body}`]);
  }
  return places;
}

function decoded({ authorization = '', ...headers }) {
  return `${authorization} ${Buffer.from(authorization.replace(/^Basic /, ''), 'base64')} ${JSON.stringify(headers)}`;
}

/** Keeps what the log is sent to. */
async function startReceiver() {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request);
    requests.push(`${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(chunks)}`);
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, requests, origin: `http://127.0.0.1:${server.address().port}` };
}
