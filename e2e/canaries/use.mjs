/** Puts each secret where people put it, rightly or by mistake: the story that the search for canaries follows. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { send } from '../hostile/raw.mjs';
import { strangersToken } from '../hostile/scene.mjs';
import { faults } from '../upstream/upstream.mjs';

const JSON_TYPE = ['Content-Type', 'application/json'];

/** What was answered, by the name of the place that an answer is. */
export class Story {
  answers = [];

  constructor(worker, canaries) {
    this.worker = worker;
    this.canaries = canaries;
  }

  /** Sends a request and keeps its answer. */
  async ask(method, target, { body, headers = [], token = this.worker.admin, place = 'an answer' } = {}) {
    const shown = token === null ? [] : [['Authorization', `Bearer ${token}`]];
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const typed = body === undefined || headers.some(([name]) => name === 'Content-Type') ? headers : [JSON_TYPE, ...headers];
    const answer = await send(this.worker.url, { method, target, headers: [...shown, ...typed], body: text });
    this.answers.push([place, `${JSON.stringify(answer.headers)}\n${answer.bytes.toString('latin1')}`]);
    return { status: answer.status, headers: answer.headers, text: answer.text, body: answer.headers['content-type'] === 'application/json' && answer.text !== '' ? JSON.parse(answer.text) : null };
  }

  async expect(status, ...request) {
    const answer = await this.ask(...request);
    assert.equal(answer.status, status, `${request[0]} ${request[1]}: ${answer.text.slice(0, 300)}`);
    return answer;
  }
}

/** Tokens in every state, sessions, and what CI jobs bring along. */
export async function useTokens(story, vouching, scene) {
  const { canaries } = story;
  const made = async (name, fields) => {
    const { body } = await story.expect(201, 'POST', '/api/tokens', { body: { name, patterns: ['*'], ...fields }, place: `the making of ${name}` });
    canaries.add(name, body.token, `the making of ${name}`);
    await story.ask('GET', '/packages.json', { token: body.token });
    return body;
  };
  const reader = await made('a reader', { kind: 'read' });
  await made('a publisher', { kind: 'publish' });
  await made('an auditor', { role: 'auditor' });
  await made('an owner', { role: 'owner' });
  await made('one for an address', { kind: 'read', ip_allow: ['192.0.2.0/24'] });
  await made('one for two uses', { kind: 'read', max_uses: 2 });
  await made('one for later', { kind: 'read', not_before: Date.now() + 3_600_000 });
  const revoked = await made('a revoked one', { kind: 'admin' });
  await story.expect(204, 'DELETE', `/api/tokens/${revoked.id}`);
  await story.expect(401, 'GET', '/packages.json', { token: revoked.token });
  const rotated = await made('one before it was rotated', { kind: 'read' });
  const { body: { token: after } } = await story.expect(201, 'POST', `/api/tokens/${rotated.id}/rotate`, { body: {}, place: 'the rotation' });
  canaries.add('one after it was rotated', after, 'the rotation');
  await story.expect(401, 'GET', '/packages.json', { token: rotated.token });
  await story.expect(200, 'GET', '/packages.json', { token: after });

  for (const [name, token] of [['a session of the owner', story.worker.admin], ['a session of a reader', reader.token], ['a session that was closed', reader.token]]) {
    const opened = await story.expect(201, 'POST', '/api/session', { token, body: {}, place: `the opening of ${name}` });
    const cookie = opened.headers['set-cookie'].split(';')[0];
    canaries.add(name, cookie.split('=')[1], `the opening of ${name}`);
    const page = [['Cookie', cookie], ['Origin', story.worker.url]];
    await story.expect(200, 'GET', '/api/session', { token: null, headers: page });
    if (name.includes('closed')) await story.expect(204, 'DELETE', '/api/session', { token: null, headers: page, body: {} });
    await story.ask('POST', '/api/tokens', { token: null, headers: [['Cookie', cookie], ['Origin', 'https://evil.example.net']], body: { name: 'x' } });
  }

  const identity = vouching.token(scene);
  canaries.add('an identity that was accepted', identity.split('.')[2]);
  const { body: { token: job } } = await story.expect(201, 'POST', '/oidc/token', { token: null, body: { token: identity }, place: 'the exchange' });
  canaries.add('a CI job', job, 'the exchange');
  await story.expect(401, 'POST', '/oidc/token', { token: null, body: { token: identity } });
  const wrong = vouching.token(scene, { aud: 'https://other.example.org' });
  canaries.add('an identity that was refused', wrong.split('.')[2]);
  await story.expect(401, 'POST', '/oidc/token', { token: null, body: { token: wrong } });
  await story.ask('GET', '/packages.json', { token: wrong });
  await story.ask('POST', '/oidc/token', { token: null, body: { token: canaries.fresh('a text in place of an identity') } });
  await story.ask('POST', '/api/session/access', { token: null, body: {}, headers: [['Cf-Access-Jwt-Assertion', `eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJhIjoxfQ.${canaries.fresh('an assertion of Cloudflare Access')}`]] });
}

/** Secrets that are shown where they open nothing. */
export async function useMistakes(story) {
  const { canaries } = story;
  const basic = (user, password) => ['Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`];
  const unknown = canaries.add('a token that never was', strangersToken());
  const mistakes = [
    ['Authorization', `Bearer ${unknown}`],
    ['Authorization', `Bearer ${canaries.fresh('a password of elsewhere as bearer')}`],
    basic('token', canaries.fresh('a password of elsewhere')),
    basic(canaries.fresh('a secret as user name'), ''),
    ['Authorization', `Token ${canaries.fresh('a secret in another scheme')}`],
    ['Authorization', canaries.fresh('a secret without a scheme')],
    ['X-Api-Key', canaries.fresh('a secret in a header of its own')],
    ['Proxy-Authorization', `Basic ${canaries.fresh('a secret for a proxy')}`],
    ['Cookie', `__Host-session=${canaries.fresh('a cookie that never was')}`],
    ['Referer', `https://example.com/?token=${canaries.fresh('a secret in the page before')}`],
  ];
  for (const header of mistakes) for (const target of ['/packages.json', '/api/tokens', '/no/such/path']) await story.ask('GET', target, { token: null, headers: [header] });
  await story.expect(401, 'POST', '/api/setup', { token: null, body: { secret: canaries.fresh('a wrong setup secret'), base_url: story.worker.url } });
  for (const token of [null, story.worker.admin]) {
    const secretOf = (name) => (token === null ? `${name}, of nobody` : name);
    await story.ask('GET', `/packages.json?token=${canaries.fresh(secretOf('a token in the query'))}`, { token });
    await story.ask('GET', `/p2/acme/absent.json?access_token=${canaries.fresh(secretOf('an access token in the query'))}`, { token });
    await story.ask('GET', `/no/such/path?api_key=${canaries.fresh(secretOf('a key in the query of nothing'))}`, { token });
    await story.ask('GET', `/no/such/${canaries.add(secretOf('a token in the path'), strangersToken())}/path`, { token });
  }
  await story.ask('GET', `/api/audit?token=${canaries.fresh('a token in the query of the log')}`);
  await story.expect(422, 'POST', '/api/tokens', { body: { name: 'x', kind: 'read', patterns: ['*'], password: canaries.fresh('a secret in a field that is none') } });
  await story.expect(400, 'POST', '/api/tokens', { body: `{"token": "${canaries.fresh('a secret in broken JSON')}"` });
  await story.expect(415, 'POST', '/api/tokens', { body: canaries.fresh('a secret in a text'), headers: [['Content-Type', 'text/plain']] });
}

/** Credentials of upstreams, and secrets in addresses. */
export async function useUpstreams(story, [first, second, third]) {
  const { canaries } = story;
  const origin = first.origin;
  const create = (body) => story.ask('POST', '/api/upstreams', { body: { name: 'x', url: origin, patterns: ['none/*'], ...body } });
  const { body: { id } } = await create({ auth: { type: 'basic', username: 'x', password: canaries.fresh('a password before it was changed', 'a request to upstream 0') } });
  await story.expect(200, 'PATCH', `/api/upstreams/${id}`, { body: { auth: { type: 'bearer', token: canaries.fresh('a token after it was changed', 'a request to upstream 0') } } });
  await story.ask('POST', `/api/upstreams/${id}/test`, { body: {} });
  await story.expect(204, 'DELETE', `/api/upstreams/${id}`);
  await create({ patterns: ['?'], auth: { type: 'header', name: 'X-Key', value: canaries.fresh('a header of an upstream that was refused') } });
  await create({ auth: { type: 'basic', username: 'x', password: [canaries.fresh('a password of a wrong form')] } });
  await create({ auth: { type: canaries.fresh('a secret in place of a type') } });
  await create({ url: `https://user:${canaries.fresh('a password in the URL of an upstream')}@repo.example.org/` });
  await create({ url: `https://repo.example.org/?key=${canaries.fresh('a key in the URL of an upstream')}` });
  await story.ask('PATCH', '/api/settings', { body: { base_url: `https://user:${canaries.fresh('a password in the base URL')}@packages.example.com` } });

  const read = async (name, change) => {
    const { metadata } = first.publish({ name, version: '1.0.0' });
    const heal = first.fault(`/p2/${name}.json`, change(metadata));
    const { body } = await story.ask('GET', `/p2/${name}.json`);
    const url = body?.packages?.[name]?.[0].dist?.url;
    if (url !== undefined) await story.ask('GET', new URL(url).pathname);
    heal();
  };
  const document = (name, metadata) => faults.instead(JSON.stringify({ packages: { [name]: [metadata] } }));
  const withDist = (name, url) => read(name, (metadata) => document(name, { ...metadata, dist: { ...metadata.dist, url: url(metadata.dist.url) } }));
  // An upstream's own signed address is needed again: its place is our copy of its metadata.
  await withDist('acme/signed', (url) => `${url}?sig=${canaries.fresh('a signature in a dist URL', 'an object of document/', 'a request to upstream 0')}`);
  await withDist('acme/user', (url) => url.replace('://', `://user:${canaries.fresh('a password in a dist URL', 'an object of document/')}@`));
  await withDist('acme/elsewhere', () => `${second.origin}/missing.zip?sig=${canaries.fresh('a signature for elsewhere', 'an object of document/', 'a request to upstream 1')}`);
  await read('acme/source', (metadata) => document('acme/source', { ...metadata, source: { type: 'git', reference: 'abc', url: `https://user:${canaries.fresh('a password in a source URL')}@git.example.org/x.git` } }));
  await read('acme/options', (metadata) => document('acme/options', { ...metadata, dist: { ...metadata.dist, 'transport-options': { http: { header: [`X: ${canaries.fresh('a header in an upstream file')}`] } } } }));
  await read('acme/moved', () => faults.redirect(`https://user:${canaries.fresh('a password in a redirect')}@repo.example.org/x`));
  await read('acme/signed-move', () => faults.redirect(`${second.origin}/x?sig=${canaries.fresh('a signature in a redirect', 'a request to upstream 1')}`));
  await read('acme/failing', () => faults.status(500, canaries.fresh('a secret in the error of an upstream')));
  await read('acme/denied', () => faults.status(401, canaries.fresh('a secret in the refusal of an upstream')));
  await read('acme/page', () => faults.instead(`<!doctype html>${canaries.fresh('a secret in a login page')}`));
  await read('acme/cookie', () => ({ response }) => response.writeHead(503, { 'set-cookie': `s=${canaries.fresh('a cookie of an upstream')}` }).end('{}'));

  for (const [upstream, name] of [[first, 'acme/plain'], [second, 'second/plain'], [third, 'third/plain']]) {
    upstream.publish({ name, version: '1.0.0' });
    const { body } = await story.expect(200, 'GET', `/p2/${name}.json`);
    await story.expect(200, 'GET', new URL(body.packages[name][0].dist.url).pathname);
  }
  await useLock(story, origin);
}

async function useLock(story, origin) {
  const { canaries } = story;
  const url = (name, part) => `https://${part === 'user' ? `user:${canaries.fresh(name)}@` : ''}repo.example.org/x.zip${part === 'query' ? `?token=${canaries.fresh(name)}` : ''}`;
  const locked = {
    name: 'acme/plain', version: '1.0.0', source: { type: 'git', url: url('a password in the source of a lock', 'user'), reference: 'abc' },
    dist: { type: 'zip', url: url('a password in the dist of a lock', 'user'), reference: 'abc', mirrors: [{ url: url('a password in a mirror of a lock', 'user'), preferred: true }] },
    'notification-url': url('a token in the notification of a lock', 'query'), 'transport-options': { http: { header: [`Authorization: Bearer ${canaries.fresh('a header in a lock')}`] } },
  };
  const other = { name: 'elsewhere/x', version: '2.0.0', dist: { type: 'zip', url: url('a token in a dist of elsewhere in a lock', 'query'), reference: randomBytes(20).toString('hex') } };
  assert.equal(new URL(origin).hostname, '127.0.0.1');
  await story.expect(200, 'POST', '/api/lock', { body: { packages: [locked, other], 'packages-dev': [] } });
}
