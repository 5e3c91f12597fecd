/** Tries to lead an instance elsewhere from every place that a URL may stand in. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { expectTyped } from '../hostile/answers.mjs';
import { send } from '../hostile/raw.mjs';
import { basic } from '../instance.mjs';
import { AUTH_KINDS, newAuth, secretOf } from '../upstream/credentials.mjs';
import { startWorker } from '../worker.mjs';
import { PLACES, startHosts } from './host.mjs';
import { canaryUrls, refusedUrls } from './urls.mjs';

const FEEDS_AT_ONCE = 20;
const JSON_TYPE = ['Content-Type', 'application/json'];

/** Starts an instance for the matrix. */
export async function startMatrix() {
  const hosts = await startHosts();
  const worker = await startWorker({ upstreams: [hosts, { origin: hosts.bystander }], vars: { FRESH_SECONDS: '300', AUTH_FAILURES_PER_MINUTE: '1000000' } });
  await worker.setup();
  return new Matrix(hosts, worker);
}

class Matrix {
  attempts = 0;
  #secrets = [];

  constructor(hosts, worker) {
    this.hosts = hosts;
    this.worker = worker;
    hosts.urls = [...canaryUrls(hosts.canaryPort), ...refusedUrls(), `${hosts.bystander}/x`, worker.url];
  }

  /** Plays those attempts of a place that `isPlayed` names by number. */
  async play(place, isPlayed) {
    const numbers = this.hosts.urls.map((_, number) => number).filter(isPlayed);
    if (place === 'the list of changes') return this.#feeds(place, numbers);
    for (const number of numbers) await this.#attempt(place, number);
  }

  async #attempt(place, number) {
    const vendor = `v${PLACES.indexOf(place)}-${number}`;
    const id = await this.#upstream(place, number, vendor);
    const answers = [await this.#ask('GET', `/p2/${vendor}/x.json`)];
    const dist = /"url":"[^"]*(\/dist\/[^"]+)"/.exec(answers[0].text)?.[1];
    if (dist !== undefined) answers.push(await this.#ask('GET', dist));
    if (place.includes('advisories')) answers.push(await this.#ask('POST', '/security-advisories', `packages[]=${vendor}/x`, ['Content-Type', 'application/x-www-form-urlencoded']));
    if (place.includes('filter')) answers.push(await this.#ask('GET', '/filter/summary.json'), await this.#ask('POST', '/filter/entries', JSON.stringify({ packages: [`pkg://composer/${vendor}/x`] })));
    if (place === 'notify') answers.push(await this.#ask('POST', '/downloads', JSON.stringify({ downloads: [{ name: `${vendor}/x`, version: '1.0.0.0' }] })));
    if (place === 'search and lists') answers.push(await this.#ask('GET', `/search.json?q=${vendor}`), await this.#ask('GET', '/list.json'), await this.#ask('GET', `/providers/${vendor}/x.json`));
    const url = this.hosts.urls[number];
    for (const answer of answers) this.#judge(answer, `${place} to ${JSON.stringify(url).slice(0, 100)}`, url);
    assert.equal((await this.#ask('DELETE', `/api/upstreams/${id}`)).status, 204);
    this.attempts += 1;
    this.#expectUntouched(place, url);
  }

  /** The lists of changes are asked for in the background, those of many upstreams in a run. */
  async #feeds(place, numbers) {
    for (let from = 0; from < numbers.length; from += FEEDS_AT_ONCE) {
      const some = numbers.slice(from, from + FEEDS_AT_ONCE);
      const ids = [];
      for (const number of some) ids.push(await this.#upstream(place, number, `v${PLACES.indexOf(place)}-${number}`));
      await this.worker.work();
      for (const id of ids) await this.#ask('DELETE', `/api/upstreams/${id}`);
      this.attempts += some.length;
      this.#expectUntouched(place, some.map((number) => this.hosts.urls[number]).join(' '));
    }
  }

  /** Tries all URLs where a caller of ours writes one. */
  async playCallers() {
    const id = await this.#upstream(PLACES[0], 0, 'changed');
    const rule = { name: 'x', provider: 'gitlab', repository_id: '1', owner_id: '2', ref: 'refs/heads/main', kind: 'read', patterns: ['x/*'] };
    for (const url of this.hosts.urls.filter((each) => !each.startsWith(this.hosts.bystander))) {
      const asked = JSON.stringify(url).slice(0, 100);
      for (const [method, path, body] of [
        ['POST', '/api/upstreams', { name: 'x', url, patterns: ['x/*'] }],
        ['PATCH', `/api/upstreams/${id}`, { url }],
        ['POST', '/api/oidc-rules', { ...rule, issuer: url }],
      ]) {
        const answer = await this.#ask(method, path, JSON.stringify(body));
        assert.ok([400, 422].includes(answer.status), `${method} ${path} with ${asked}: ${answer.status} ${answer.text}`);
        this.attempts += 1;
      }
      const locked = { name: 'changed/x', version: '1.0.0', dist: { type: 'zip', url, reference: 'abc', mirrors: [{ url, preferred: true }] }, source: { type: 'git', url, reference: 'abc' }, 'notification-url': url };
      this.#judge(await this.#ask('POST', '/api/lock', JSON.stringify({ packages: [locked] })), `a lock with ${asked}`, url);
      const token = `${Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: url, aud: this.worker.url, jti: 'x' })).toString('base64url')}.c2ln`;
      const identity = await this.#ask('POST', '/oidc/token', JSON.stringify({ token }));
      assert.equal(identity.status, 401, `${asked}: ${identity.text}`);
      this.attempts += 2;
      this.#expectUntouched('a caller', url);
    }
  }

  async #upstream(place, number, vendor) {
    const auth = newAuth(AUTH_KINDS[1 + (number % 3)]);
    this.#secrets.push(secretOf(auth));
    const body = { name: vendor, url: this.hosts.upstreamUrl(place, number), patterns: [`${vendor}/*`], auth };
    const made = await this.worker.api('POST', '/api/upstreams', body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body.id;
  }

  #ask(method, target, body, type = JSON_TYPE) {
    return send(this.worker.url, { method, target, body, headers: [['Authorization', basic(this.worker.admin)], ...(body === undefined ? [] : [type])] });
  }

  // A guard that let it through would find nobody there, and answer "unreachable".
  #judge(answer, asked, url) {
    expectTyped(answer, this.#secrets.slice(-3), asked);
    if (answer.status === 502 && !url.startsWith(this.hosts.bystander)) assert.equal(JSON.parse(answer.text).code, 'upstream_untrusted', `${asked}: ${answer.text}`);
  }

  #expectUntouched(place, url) {
    assert.deepEqual(this.hosts.touched, [], `${place} has led to the canary by ${url}`);
    const told = this.hosts.seen.find((request) => this.#secrets.some((secret) => request.includes(secret)) || /"(authorization|x-repo-key|cookie)"/.test(request));
    assert.equal(told, undefined, `${place} has shown a credential to somebody else`);
  }

  /** What somebody else was asked: it shows that the matrix would have seen a credential. */
  get asides() {
    return this.hosts.seen.length;
  }

  async close() {
    await this.worker.close();
    this.hosts.close();
  }
}

/** Starts instances whose variables lead to the canary, has them work, and returns how many attempts that were. */
export async function playVariables(urls, hosts) {
  for (const url of urls) {
    const vars = {
      AUDIT_WEBHOOK_URL: url, AUDIT_WEBHOOK_SECRET: randomBytes(16).toString('hex'), AUDIT_ANCHOR_URL: url, PACKAGIST_URL: url,
      ACCESS_TEAM: url.replace(/^\w*:?\/\//, '').replace(/\/.*/, '/x?'), ACCESS_AUD: 'a'.repeat(64), ACCESS_ROLES: '*=owner',
    };
    const worker = await startWorker({ upstreams: [], vars });
    try {
      await worker.setup();
      await worker.api('PATCH', '/api/settings', { packagist: true });
      await worker.get('/p2/acme/x.json', worker.admin);
      const assertion = `${Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: `https://${vars.ACCESS_TEAM}.cloudflareaccess.com`, aud: ['a'.repeat(64)], sub: 'x', email: 'x@example.com', iat: 1, exp: 9e9 })).toString('base64url')}.c2ln`;
      await send(worker.url, { method: 'POST', target: '/api/session/access', headers: [JSON_TYPE, ['Cf-Access-Jwt-Assertion', assertion]], body: '{}' });
      await worker.work();
      assert.deepEqual(hosts.touched, [], `a variable has led to the canary by ${url}`);
    } finally {
      await worker.close();
    }
  }
  return urls.length * 4;
}
