/**
 * A Composer repository of somebody else's, as small as it can be and as nasty as a test wants it:
 * every form of metadata, every kind of credentials, every way of failing.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server as TlsServer, createServer as createTlsServer } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { admits, composerAuth, composerOptions, newAuth } from './credentials.mjs';
import { Feed, FEED_PATH } from './feed.mjs';
import { documentsOf, requireForm } from './forms.mjs';
import { release } from './release.mjs';

export { faults } from './faults.mjs';
export { AUTH_KINDS } from './credentials.mjs';
export { FORM_NAMES } from './forms.mjs';

const KEPT_ALIVE = 600_000;

/**
 * Starts an upstream on 127.0.0.1.
 *
 * @param {object} options
 * @param {string} options.form one of FORM_NAMES
 * @param {string|object} options.auth one of AUTH_KINDS, or an auth as `credentials.mjs` describes it
 * @param {boolean} options.distAuth whether archives need the credentials too
 * @param {boolean} options.minified whether p2 files are minified
 * @param {boolean} options.chunked whether archives come without a Content-Length
 * @param {object|function} options.root more keys of packages.json, or what makes them of the origin
 * @param {boolean} options.feed whether it tells what has changed, as packagist.org does
 * @param {number} options.port a free one unless given
 * @param {object} options.tls `{ key, cert }` to speak HTTPS with
 * @param {object[]} options.packages what to publish at once, see {@link Upstream#publish}
 */
export async function startUpstream(options = {}) {
  const upstream = new Upstream({ form: 'metadata-url', auth: 'none', ...options });
  await upstream.listen(options.port);
  upstream.publishAll(options.packages ?? []);
  return upstream;
}

class Upstream {
  #form;
  #settings;
  #server;
  #versions = new Map();
  #documents = new Map();
  #archives = new Map();
  #words = new Map();
  #responders = new Map();
  #faults = new Set();
  #feed;

  /** Every request so far: `{ method, path, headers, body }`. */
  requests = [];

  constructor({ form, auth, tls, distAuth = true, minified = true, chunked = false, root = {}, feed = false }) {
    const serve = (request, response) => this.#serve(request, response);
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    // By itself it would close a connection at the very moment at which a slow client uses it again: a fault that nobody asked for.
    this.#server.keepAliveTimeout = KEPT_ALIVE;
    this.#form = requireForm(form);
    this.#feed = feed ? new Feed() : undefined;
    this.#settings = { distAuth, minified, chunked, root: feed ? { 'metadata-changes-url': FEED_PATH, ...root } : root };
    this.auth = typeof auth === 'string' ? newAuth(auth) : auth;
  }

  async listen(port = 0) {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.host = `127.0.0.1:${this.#server.address().port}`;
    this.origin = `${this.#server instanceof TlsServer ? 'https' : 'http'}://${this.host}`;
    this.url = this.origin + this.#form.path;
    this.#refresh();
  }

  /** Returns the entry of composer.json's `repositories` with which a client uses this upstream directly. */
  get repository() {
    return { type: 'composer', url: this.url, options: composerOptions(this.auth) };
  }

  /** Returns the content of COMPOSER_AUTH that goes with {@link repository}. */
  get composerAuth() {
    return composerAuth(this.auth, this.host);
  }

  /**
   * Adds a version, or replaces the one of the same name and version. Whatever was advertised before stays
   * downloadable, unless the new one has the same reference: then its archive takes the place of the old.
   * See `release.mjs` for what a version is made of. Returns the release.
   */
  publish(description) {
    return this.publishAll([description])[0];
  }

  /** Adds many versions as {@link publish} adds one, and writes the documents once. */
  publishAll(descriptions) {
    const made = descriptions.map((description) => this.#add(description));
    this.#refresh();
    return made;
  }

  #add(description) {
    const made = release(description, { url: this.url, origin: this.origin, revision: this.#nextRevision(description) });
    const versions = this.#versions.get(made.metadata.name) ?? new Map();
    versions.set(made.metadata.version, made);
    this.#versions.set(made.metadata.name, versions);
    if (made.archive) this.#archives.set(new URL(made.metadata.dist.url).pathname, made.archive);
    return made;
  }

  /** Puts more keys beside the versions in a package's file of releases: advisories, filter lists, warnings. */
  describe(name, words) {
    this.#words.set(name, words);
    this.#refresh();
  }

  /** Answers a path, whatever the method, with the JSON that `respond` makes of the request's body. */
  respond(path, respond) {
    this.#responders.set(path, respond);
  }

  /** Takes one version, or the whole package, out of the metadata; the archives stay. */
  remove(name, version) {
    if (version === undefined) this.#versions.delete(name);
    else this.#versions.get(name).delete(version);
    this.#refresh();
  }

  /** Deletes every archive of the package, so that only what others have stored is left. */
  removeArchives(name) {
    for (const [path, archive] of this.#archives) {
      if (archive.name === name) this.#archives.delete(path);
    }
  }

  /** Returns the SHA-1 of each archive that may be downloaded. */
  sha1s() {
    return [...this.#archives.values()].map(({ sha1 }) => sha1);
  }

  /**
   * Lets requests fail, `times` times, whose path contains the string, matches the expression or pleases the
   * function. The newest fault wins. Returns a function that ends it.
   */
  fault(path, act, { times = Infinity } = {}) {
    const fault = { matches: matcher(path), act, left: times };
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  /** Ends all faults. */
  heal() {
    this.#faults.clear();
  }

  /** Returns the paths asked for that contain the text. */
  asked(text) {
    return this.requests.filter(({ path }) => decodeURIComponent(path).includes(text)).map(({ path }) => path);
  }

  /** Shows another certificate from now on, to new connections and to those that were open. */
  present(tls) {
    this.#server.setSecureContext(tls);
    this.#server.closeAllConnections();
  }

  /** Stops at once: whoever waits is cut off, whoever comes is refused. */
  async close() {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #nextRevision({ name, version }) {
    return (this.#versions.get(name)?.get(version)?.revision ?? 0) + 1;
  }

  // Rewrites what changed and leaves the rest alone: a Last-Modified that moves without a change makes clients
  // load everything again, one that stays in spite of a change makes them miss it.
  #refresh() {
    const { root } = this.#settings;
    const place = { ...this.#settings, root: typeof root === 'function' ? root(this.origin) : root, words: this.#words, origin: this.origin, path: this.#form.path };
    const packages = new Map([...this.#versions].map(([name, versions]) => [name, newestFirst(versions)]));
    const previous = this.#documents;
    this.#documents = new Map();
    for (const [path, text] of documentsOf(this.#form, packages, place)) {
      const old = previous.get(path);
      this.#documents.set(path, old?.text === text ? old : { text, changed: nextSecond(old?.changed) });
    }
    this.#feed?.compare(previous, this.#documents);
  }

  async #serve(request, response) {
    const body = await textOf(request);
    this.requests.push({ method: request.method, path: request.url, headers: request.headers, body });
    const path = decodeURIComponent(new URL(request.url, this.origin).pathname);
    const fault = this.#dueFault(request.url);
    // A fault needs a right answer that it can spoil: who fails does not say that nothing has changed.
    const headers = fault === undefined ? request.headers : unconditional(request.headers);
    const answer = this.#answer({ method: request.method, url: request.url, headers, body }, path);
    try {
      await (fault ?? send)({ request, response, answer });
    } catch (error) {
      // A client may go away in the middle of an answer; that is its right and no fault of the test.
      if (!response.destroyed) throw error;
    }
  }

  #dueFault(path) {
    const fault = [...this.#faults].reverse().find(({ matches, left }) => left > 0 && matches(path));
    if (fault === undefined) return undefined;
    fault.left -= 1;
    return fault.act;
  }

  #answer(request, path) {
    const archive = this.#archives.get(path);
    const needsAuth = archive === undefined || this.#settings.distAuth;
    if (needsAuth && !admits(this.auth, request.headers)) return text(401, 'who are you', { 'www-authenticate': 'Basic realm="upstream"' });
    const respond = this.#responders.get(path);
    if (respond !== undefined) return text(200, JSON.stringify(respond(request.body)), { 'content-type': 'application/json' });
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'only GET');
    if (archive !== undefined) return this.#archiveAnswer(archive);
    if (this.#feed !== undefined && path === FEED_PATH) return feedAnswer(this.#feed, new URL(request.url, this.origin).searchParams);
    const document = this.#documents.get(path);
    return document === undefined ? text(404, 'not here') : documentAnswer(document, request.headers);
  }

  #archiveAnswer({ type, length, chunks }) {
    const headers = { 'content-type': `application/${type}` };
    if (!this.#settings.chunked) headers['content-length'] = length;
    return { status: 200, headers, chunks };
  }
}

function unconditional({ 'if-modified-since': date, 'if-none-match': etag, ...rest }) {
  return rest;
}

function documentAnswer({ text: body, changed }, headers) {
  const validators = { 'last-modified': new Date(changed).toUTCString(), etag: `"${changed}-${body.length}"` };
  const since = Date.parse(headers['if-modified-since'] ?? '');
  if (headers['if-none-match'] === validators.etag || since >= changed) {
    return { status: 304, headers: validators, chunks: () => [] };
  }
  return text(200, body, { ...validators, 'content-type': 'application/json' });
}

function feedAnswer(feed, query) {
  const { status, body } = feed.answer(query.get('since'));
  return text(status, JSON.stringify(body), { 'content-type': 'application/json' });
}

function text(status, body, headers = {}) {
  return { status, headers: { 'content-length': Buffer.byteLength(body), ...headers }, chunks: () => [Buffer.from(body)] };
}

async function send({ request, response, answer }) {
  response.writeHead(answer.status, answer.headers);
  if (request.method === 'HEAD') response.end();
  else await pipeline(Readable.from(answer.chunks()), response);
}

async function textOf(request) {
  if (request.method === 'GET' || request.method === 'HEAD') return '';
  const chunks = await Array.fromAsync(request);
  return Buffer.concat(chunks).toString();
}

function matcher(path) {
  if (typeof path === 'function') return path;
  return path instanceof RegExp ? (asked) => path.test(asked) : (asked) => asked.includes(path);
}

function newestFirst(versions) {
  return [...versions.values()]
    .map(({ metadata }) => metadata)
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}

function nextSecond(previous = 0) {
  return Math.max(Math.floor(Date.now() / 1000) * 1000, previous + 1000);
}
