/**
 * What all fakes of git hosts have in common: an API that answers what it documents and refuses everything else, and another server where
 * the archives are, which must never see a credential. Whatever a client does that no page of the host's documentation allows is noted
 * in `violations`.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Repository } from './repository.mjs';

export const MAX_REQUESTS = 5000;
const SECRET_HEADERS = ['authorization', 'private-token', 'cookie'];

export class Host {
  #routes = [];
  #api = createServer((request, response) => this.#serve(request, response, () => this.#answer(request)));
  #storage = createServer((request, response) => this.#serve(request, response, () => this.#store(request)));
  #archives = new Map();
  #faults = new Set();

  repositories = [];

  /** Every request to the API, and to where the archives are: `{ path, query, headers }`. */
  requests = [];
  downloads = [];

  /** What was done that is not documented. */
  violations = [];

  /** How many requests are left until {@link resets}. */
  remaining = MAX_REQUESTS;
  resets = Math.floor(Date.now() / 1000) + 3600;

  /**
   * @param {object} host
   * @param {string} host.kind the upstream's kind
   * @param {string} host.base the path of the API
   * @param {object} host.auth as an upstream's `auth` has it
   * @param {object} host.credential the header fields that go with it
   */
  constructor({ kind, base, auth, credential }) {
    Object.assign(this, { kind, base, auth, credential });
  }

  async listen() {
    for (const server of [this.#api, this.#storage]) server.listen(0, '127.0.0.1');
    await Promise.all([this.#api, this.#storage].map((server) => server.listening || once(server, 'listening')));
    this.origin = `http://127.0.0.1:${this.#api.address().port}`;
    this.storageOrigin = `http://127.0.0.1:${this.#storage.address().port}`;
    return this;
  }

  /** The address of its pages, from which the API's follows. */
  get url() {
    return this.origin;
  }

  get api() {
    return this.origin + this.base;
  }

  async close() {
    for (const server of [this.#api, this.#storage]) {
      server.closeAllConnections();
      server.close();
    }
  }

  create(path) {
    const repository = new Repository(path);
    this.repositories.push(repository);
    return repository;
  }

  find(path) {
    return this.repositories.find((each) => each.path === path);
  }

  /**
   * Documents an endpoint.
   *
   * @param {string} pattern a path below the API's, such as `/repos/:owner/:repo/contents/*path`
   * @param {object} rules `{ docs, query, required }`: the page that describes it, the parameters it names
   * @param {function} handle makes the answer, `{ status, headers, json | bytes | redirect }`, of `{ parameters, query, request }`
   */
  on(pattern, rules, handle) {
    const source = pattern.replace(/[.+]/g, '\\$&').replace(/\*(\w+)/g, '(?<$1>.+)').replace(/:(\w+)/g, '(?<$1>[^/]+)');
    this.#routes.push({ pattern: new RegExp(`^${source}$`), rules, handle });
  }

  /** Breaks answers to paths that hold this text, until the returned function is called. */
  fault(text, answer) {
    const fault = { text, answer };
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  /** Puts an archive where archives are, and returns its URL. */
  offer(bytes) {
    const path = `/archives/${this.#archives.size}-${createHash('sha1').update(bytes).digest('hex')}`;
    this.#archives.set(path, bytes);
    return this.storageOrigin + path;
  }

  #violation(request, why) {
    this.violations.push(`${request.method} ${request.url}: ${why}`);
    return { status: 400, json: { message: why } };
  }

  #answer(request) {
    const url = new URL(request.url, this.origin);
    this.requests.push({ path: url.pathname, query: url.search, headers: request.headers });
    const fault = [...this.#faults].find(({ text }) => request.url.includes(text));
    if (fault !== undefined) return fault.answer;
    if (!url.pathname.startsWith(`${this.base}/`)) return this.#violation(request, 'outside of the API');
    if (!request.headers['user-agent']) return this.#violation(request, 'no user agent');
    const refused = Object.entries(this.credential).some(([name, value]) => request.headers[name] !== value);
    if (refused) return { status: 401, json: { message: 'Bad credentials' } };
    for (const { pattern, rules, handle } of this.#routes) {
      const match = url.pathname.slice(this.base.length).match(pattern);
      if (match === null || request.method !== 'GET') continue;
      const unknown = [...url.searchParams.keys()].filter((name) => !(rules.query ?? []).includes(name));
      if (unknown.length > 0) return this.#violation(request, `${rules.docs} knows no ${unknown.join(', ')}`);
      const parameters = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
      return this.metered(request, handle({ parameters, query: url.searchParams, request, url }));
    }
    return this.#violation(request, 'documented nowhere');
  }

  /** Counts a request against the host's limit; hosts differ in how they say so. */
  metered(request, answer) {
    return answer;
  }

  #store(request) {
    this.downloads.push({ path: request.url, headers: request.headers });
    const secrets = SECRET_HEADERS.filter((name) => request.headers[name] !== undefined);
    if (secrets.length > 0) return this.#violation(request, `${secrets.join(', ')} sent to where archives are`);
    const bytes = this.#archives.get(request.url);
    return bytes === undefined ? { status: 404 } : { status: 200, headers: { 'content-type': 'application/zip' }, bytes };
  }

  #serve(request, response, answer) {
    request.resume();
    const { status = 200, headers = {}, json, bytes } = answer();
    const body = json === undefined ? bytes : Buffer.from(JSON.stringify(json));
    response.writeHead(status, { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
    response.end(body);
  }
}

/** Returns the page of a list that a query asks for, and whether there is another. */
export function pageOf(all, query, { size, max, page = 'page', perPage = 'per_page' }) {
  const count = Math.min(max, Number(query.get(perPage) ?? size));
  const number = Number(query.get(page) ?? 1);
  return { items: all.slice((number - 1) * count, number * count), number, more: all.length > number * count };
}
