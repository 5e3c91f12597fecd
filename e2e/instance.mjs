/** One running instance of ours, seen from outside: its API, and the clients that use it. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { project } from './composer.mjs';

const DEADLINE = 60_000;

/** Returns the secrets that an instance cannot run without, new ones each time. */
export function newSecrets() {
  return {
    SETUP_SECRET: randomBytes(24).toString('hex'),
    ENCRYPTION_KEYS: JSON.stringify({ k1: randomBytes(32).toString('base64') }),
    ACTIVE_KEY: 'k1',
    AUDIT_SIGNING_KEY: randomBytes(32).toString('base64'),
  };
}

/**
 * Returns the variables for a test: nothing is remembered, so that a change shows at once, packagist.org is not
 * there, and the given upstreams are allowed in spite of plain HTTP on loopback.
 */
export function varsFor(upstreams) {
  return {
    UPSTREAM_ALLOW: upstreams.map(({ origin }) => origin).join(','),
    AUTH_CACHE_SECONDS: '0',
    META_CACHE_SECONDS: '0',
    FRESH_SECONDS: '0',
    PACKAGIST_URL: 'off',
  };
}

export class Instance {
  #setupSecret;

  /** The token of the administrator, once {@link setup} has run. */
  admin = undefined;

  constructor(url, setupSecret) {
    this.isAt(url);
    this.#setupSecret = setupSecret;
  }

  /** Is asked at this URL from now on. */
  isAt(url) {
    this.url = url.replace(/\/$/, '');
    this.host = new URL(url).host;
  }

  /** Sends JSON to the API and returns `{ status, headers, body }`, the body parsed if it is JSON. */
  async api(method, path, body, token = this.admin) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Sets the instance up with its own URL as the base URL, and returns the administrator's token. */
  async setup(baseUrl = this.url) {
    const { token } = await this.#expect(201, 'POST', '/api/setup', { secret: this.#setupSecret, base_url: baseUrl });
    this.admin = token;
    return token;
  }

  /** Registers an upstream of `upstream/upstream.mjs` and returns what the API answers. */
  addUpstream(upstream, { name, patterns = ['*'], priority = 10, exclusive }) {
    const description = { name, url: upstream.url, priority, patterns, exclusive, auth: upstream.auth };
    return this.#expect(201, 'POST', '/api/upstreams', description);
  }

  /** Makes a token and returns `{ id, token, … }`. */
  createToken({ name = 'a test', kind = 'read', patterns = ['*'], ...expiry } = {}) {
    return this.#expect(201, 'POST', '/api/tokens', { name, kind, patterns, ...expiry });
  }

  async revokeToken(id) {
    const { status } = await this.api('DELETE', `/api/tokens/${id}`);
    if (status >= 300) throw new Error(`expected the token to be revoked but found status ${status}`);
  }

  /** Sends a GET as a client with that token would, and returns the Response; archives and metadata alike. */
  get(path, token, headers = {}) {
    const credentials = token === undefined ? {} : { authorization: basic(token) };
    return fetch(new URL(path, this.url), {
      headers: { ...credentials, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE),
    });
  }

  /** Makes a project whose only repository is this instance, read with that token. */
  project({ token, ...options }) {
    return project({ repositories: [{ type: 'composer', url: this.url }], auth: this.composerAuth(token), ...options });
  }

  /** Returns the content of COMPOSER_AUTH for that token, or none at all. */
  composerAuth(token) {
    return token === undefined ? {} : { 'http-basic': { [this.host]: { username: 'token', password: token } } };
  }

  async #expect(status, method, path, body) {
    const answer = await this.api(method, path, body);
    if (answer.status === status) return answer.body;
    throw new Error(`expected ${method} ${path} to answer ${status} but found ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}

/** Returns the Authorization header with which Composer presents a token. */
export function basic(token) {
  return `Basic ${Buffer.from(`token:${token}`).toString('base64')}`;
}

/** Tries until the attempt does not throw, or throws what it threw last: for what comes true with time. */
export async function eventually(attempt, deadline = 60_000) {
  const end = Date.now() + deadline;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(1000);
    }
  }
}
