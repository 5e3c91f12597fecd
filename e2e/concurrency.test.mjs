/** Many clients at once: each gets its own answer, whole, and in time. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { basic } from './instance.mjs';
import { startMirror } from './mirror.mjs';

const CLIENTS = 64;
const ROUNDS = 30;
const DEADLINE = 30_000;

const SETTINGS = {
  'with nothing remembered': { AUTH_CACHE_SECONDS: '0', META_CACHE_SECONDS: '0', FRESH_SECONDS: '300' },
  'with everything remembered': { AUTH_CACHE_SECONDS: '60', META_CACHE_SECONDS: '10', FRESH_SECONDS: '300' },
  'with the upstream asked each time': { AUTH_CACHE_SECONDS: '0', META_CACHE_SECONDS: '0', FRESH_SECONDS: '0' },
};

for (const [name, vars] of Object.entries(SETTINGS)) {
  describe(`${CLIENTS} clients at once, ${name}`, () => {
    let mirror;
    let requests;
    before(async () => {
      mirror = await startMirror({ upstreams: [{ auth: 'basic' }], vars });
      requests = await prepare(mirror);
    });
    after(() => mirror?.close());

    it(`get the right answer ${CLIENTS * ROUNDS} times`, async () => {
      const clients = Array.from({ length: CLIENTS }, (_, i) => client(i, requests));
      const wrong = (await Promise.all(clients)).flat();
      assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} answers were wrong, the first of which are`);
    });
  });
}

/** Sends its requests one after the other, each client from another place in the list, and returns what went wrong. */
async function client(number, requests) {
  const wrong = [];
  for (let round = 0; round < ROUNDS; round++) {
    const request = requests[(number + round * 5) % requests.length];
    const answer = await ask(request).catch((error) => `${error.name}: ${error.message}`);
    if (!isSame(answer, request.expected)) wrong.push({ request: request.name, client: number, round, answer: shown(answer) });
  }
  return wrong;
}

/** Returns the requests, each with the answer that it got when it was alone. */
async function prepare({ upstream, worker, reader }) {
  for (const [i, size] of [0, 10_000, 300_000].entries()) {
    upstream.publish({ name: `acme/p${i}`, version: '1.0.0', size });
    upstream.publish({ name: `acme/p${i}`, version: '1.1.0', size });
  }
  upstream.publish({ name: 'other/secret', version: '1.0.0' });
  const { token: narrow } = await worker.createToken({ patterns: ['acme/*'] });
  const request = (name, path, token, headers = {}) => ({
    name,
    url: new URL(path, worker.url),
    headers: { ...headers, ...(token === undefined ? {} : { authorization: basic(token) }) },
  });

  const documents = ['/packages.json', '/p2/acme/p0.json', '/p2/acme/p1.json', '/p2/acme/p2.json', '/p2/other/secret.json'];
  const archives = [];
  for (const path of documents.slice(1)) archives.push(...(await distPaths(worker, path, reader)));
  const secretArchive = archives.at(-1);
  // Loading the archives first: a document may change once, when it learns the hash of what was stored.
  for (const path of archives) await ask(request('warm', path, reader));

  const requests = [
    ...documents.map((path) => request(`document ${path}`, path, reader)),
    ...archives.map((path) => request(`archive ${path}`, path, reader)),
    request('unknown package', '/p2/acme/unknown.json', reader),
    request('unknown archive', '/dist/acme/p0/9.9.9.0/raaaa.zip', reader),
    request('forged token, document', documents[1], 'no-such-token'),
    request('forged token, archive', archives[0], 'no-such-token'),
    request('no token', documents[0]),
    request('narrow token, own', documents[2], narrow),
    request('narrow token, own archive', archives[0], narrow),
    request('narrow token, foreign', documents[4], narrow),
    request('narrow token, foreign archive', secretArchive, narrow),
  ];
  for (const path of documents) {
    const { lastModified } = await ask(request('date', path, reader));
    requests.push(request(`unchanged ${path}`, path, reader, { 'if-modified-since': lastModified }));
  }
  for (const each of requests) each.expected = await ask(each);
  assertMixed(requests);
  return requests;
}

async function distPaths(worker, path, token) {
  const { packages } = await (await worker.get(path, token)).json();
  return Object.values(packages)
    .flat()
    .map(({ dist }) => new URL(dist.url).pathname);
}

// Guards the test itself: were all answers errors, they would be equal too.
function assertMixed(requests) {
  const statuses = requests.map(({ name, expected }) => [name.split(' ')[0], expected.status]);
  const rightStatus = { document: [200], archive: [200], unchanged: [304], unknown: [404], forged: [401], no: [401], narrow: [200, 404] };
  for (const [kind, status] of statuses) assert.ok(rightStatus[kind].includes(status), `expected ${rightStatus[kind]} for ${kind} but found ${status}`);
  assert.deepEqual(requests.filter(({ name }) => name.startsWith('narrow')).map(({ expected }) => expected.status), [200, 200, 404, 404]);
}

async function ask({ url, headers }) {
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(DEADLINE) });
  const body = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    lastModified: response.headers.get('last-modified'),
    body: response.status >= 400 ? withoutRequestId(body) : body,
  };
}

function withoutRequestId(body) {
  return Buffer.from(body.toString().replace(/"request_id":\s*"[^"]*"/, '"request_id":"…"'));
}

function isSame(answer, expected) {
  if (typeof answer === 'string') return false;
  const { body, ...head } = answer;
  return Object.entries(head).every(([key, value]) => value === expected[key]) && body.equals(expected.body);
}

function shown(answer) {
  return typeof answer === 'string' ? answer : { ...answer, body: answer.body.subarray(0, 200).toString() };
}
