/** An instance, those who may call it and those who may not, and what it knows before anybody tries anything. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { basic, newSecrets } from '../instance.mjs';
import { startMirror } from '../mirror.mjs';
import { holds, isOfTheWholeInstance, rightOf } from '../tables.mjs';
import { secretOf } from '../upstream/credentials.mjs';
import { expectSilent, expectTyped, isRuntimes } from './answers.mjs';
import { send } from './raw.mjs';
import { differences, stateIn } from './state.mjs';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Starts an instance with callers of every kind, over an upstream that has acme/tool and other/secret.
 *
 * @param {object} options
 * @param {object} options.vars variables of the Worker
 * @param {object[]} options.allowed who else may be asked, each with its `origin`
 */
export async function startScene({ vars = {}, allowed = [] } = {}) {
  const secrets = newSecrets();
  const given = { FRESH_SECONDS: '86400', AUTH_FAILURES_PER_MINUTE: '1000000', ...vars };
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  const mirror = await startMirror({ upstreams: [{ auth: 'basic' }], secrets, vars: given, allowed, state: folder });
  const scene = new Scene(mirror, secrets, folder);
  try {
    await scene.prepare();
  } catch (error) {
    await scene.close();
    throw error;
  }
  return scene;
}

/** Returns a text that looks like a token of ours and never was one. */
export function strangersToken(kind = 'r') {
  const body = `pkb${kind}_${Array.from(randomBytes(43), (byte) => BASE62[byte % 62]).join('')}`;
  let rest = crc32(body);
  const digits = Array.from({ length: 6 }, () => {
    const digit = BASE62[rest % 62];
    rest = Math.floor(rest / 62);
    return digit;
  });
  return body + digits.reverse().join('');
}

class Scene {
  /** How many requests were judged. */
  judged = 0;

  #folder;
  #known;
  #state;

  constructor(mirror, secrets, folder) {
    this.#folder = folder;
    this.mirror = mirror;
    this.worker = mirror.worker;
    this.origin = new URL(mirror.url).origin;
    this.instanceSecrets = secrets;
  }

  async prepare() {
    for (const name of ['acme/tool', 'other/secret']) {
      this.mirror.upstream.publish({ name, version: '1.0.0' });
      const [{ dist }] = await this.mirror.versions(name);
      await (await this.mirror.get(dist.url)).arrayBuffer();
      if (name === 'acme/tool') this.dist = new URL(dist.url).pathname;
    }
    ({ body: { upstreams: [{ id: this.upstreamId }] } } = await this.worker.api('GET', '/api/upstreams'));
    this.callers = await this.#callers();
    this.secrets = [
      ...Object.values(this.instanceSecrets).filter((secret) => secret.length > 8),
      secretOf(this.mirror.upstream.auth),
      this.worker.admin,
      ...this.callers.map(({ secret }) => secret).filter((secret) => secret !== undefined),
    ];
    this.#known = stateIn(this.#folder);
    this.settle();
  }

  async #callers() {
    const made = (fields) => this.made(fields);
    const [limited, reader, auditor, admin] = await Promise.all(
      [{ kind: 'read', patterns: ['acme/*'] }, { kind: 'read' }, { role: 'auditor' }, { kind: 'admin' }].map(made),
    );
    const customer = await made({ kind: 'customer', customer: 'order 1', patterns: undefined, limits: [{ pattern: 'acme/*', versions: '>=0.1' }] });
    const revoked = await made({ kind: 'admin' });
    await this.worker.revokeToken(revoked.id);
    const [ofOwner, ofReader] = [await this.session(this.worker.admin), await this.session(reader.token)];
    const closed = await this.session(this.worker.admin);
    assert.equal((await this.ask({ method: 'DELETE', target: '/api/session', headers: [...this.page(closed), ['Content-Type', 'application/json']] })).status, 204);
    return [
      { name: 'nobody', headers: [], door: true },
      { name: 'a stranger', secret: strangersToken(), door: true },
      { name: 'a revoked admin', secret: revoked.token, door: true },
      { name: 'a session that was closed', cookie: closed, door: true },
      { name: 'a reader of acme', secret: limited.token, role: 'read', limited: true },
      { name: 'a customer', secret: customer.token, role: 'read', limited: true },
      { name: 'a reader', secret: reader.token, role: 'read' },
      { name: 'an auditor', secret: auditor.token, role: 'auditor' },
      { name: 'an admin', secret: admin.token, role: 'admin' },
      { name: 'the owner', secret: this.worker.admin, role: 'owner' },
      { name: 'a session of a reader', cookie: ofReader, role: 'read' },
      { name: 'a session of the owner', cookie: ofOwner, role: 'owner' },
      { name: 'a session of the owner on a foreign page', cookie: ofOwner, role: 'owner', foreign: true },
    ].map((caller) => ({ ...caller, ...this.#shown(caller) }));
  }

  #shown({ headers, secret, cookie, foreign }) {
    if (secret === undefined && cookie === undefined) return { headers };
    if (cookie === undefined) return { headers: [['Authorization', basic(secret)]] };
    const shown = foreign ? [['Cookie', cookie], ['Origin', 'https://evil.example.net'], ['Sec-Fetch-Site', 'cross-site']] : this.page(cookie);
    return { headers: shown, secret: cookie.slice(cookie.indexOf('=') + 1) };
  }

  /** Returns the headers with which a page of ours asks. */
  page(cookie) {
    return [['Cookie', cookie], ['Origin', this.origin]];
  }

  /** Makes a token. */
  async made(fields) {
    const { status, body } = await this.worker.api('POST', '/api/tokens', { name: 'caller', patterns: ['*'], ...fields });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  }

  /** Opens a session and returns its cookie. */
  async session(token) {
    const opened = await this.worker.api('POST', '/api/session', {}, token);
    assert.equal(opened.status, 201);
    return opened.headers.get('set-cookie').split(';')[0];
  }

  /** Opens the sessions of the callers again that somebody has closed. */
  async reopen() {
    const owners = { 'a session of a reader': this.mirror.reader, 'a session of the owner': this.worker.admin, 'a session of the owner on a foreign page': this.worker.admin };
    for (const caller of this.callers.filter(({ name }) => owners[name] !== undefined)) {
      caller.cookie = await this.session(owners[caller.name]);
      Object.assign(caller, this.#shown(caller.foreign ? caller : { cookie: caller.cookie }));
      this.secrets.push(caller.secret);
    }
  }

  /** Opens a session of a person who comes to be behind the Worker's back, since there is no Cloudflare Access here. */
  async person(id, role) {
    const cookie = strangersToken('s');
    const hash = createHash('sha256').update(`session-v1:${cookie}`).digest('hex');
    const now = Date.now();
    await this.worker.sql('INSERT INTO person (id, email, role, role_source, created_at, last_seen) VALUES (?, ?, ?, ?, ?, ?)', id, `${id}@example.com`, role, 'hand', now, now);
    await this.worker.sql('INSERT INTO session (hash, token, person, created_at, ends_at, seen_at) VALUES (?, ?, ?, ?, ?, ?)', hash, '', id, now, now + 3_600_000, now);
    return `__Host-session=${cookie}`;
  }

  ask(request) {
    return send(this.origin, request);
  }

  /** Judges requests so that each caller makes one at least, and the owner, whom only the input can stop, all of them. */
  async judgeAll(requests) {
    for (const [i, request] of requests.entries()) {
      const callers = this.callers.filter(({ name }, n) => name === 'the owner' || n % requests.length === i);
      await this.judge(request, { callers });
    }
  }

  /**
   * Sends a request as each of the callers at a time, and judges the answers: who is a stranger gets 401, who may not 403, and of
   * all others the input decides.
   *
   * @param {object} request as `send` takes it, and:
   * @param {string} request.route the row of the table of rights that it comes to, if any
   * @param {number[]} request.expect what those get who may
   * @param {boolean} request.spoilsCookies whether no session can be told from its headers any more
   * @param {object} options
   * @param {object[]} options.callers some of them only
   */
  async judge(request, { callers = this.callers } = {}) {
    await Promise.all(callers.map(async (caller) => {
      const answer = await this.ask({ ...request, headers: [...caller.headers, ...(request.headers ?? [])] });
      this.judged += 1;
      const asked = `${request.method ?? 'GET'} ${request.target.slice(0, 200)} ${String(request.body ?? '').slice(0, 200)} as ${caller.name}`;
      if (isRuntimes(answer)) {
        assert.ok([400, 413, 431, 501].includes(answer.status) && request.expect.includes(answer.status), `${asked}: ${answer.status} ${answer.text}`);
        expectSilent(answer, this.secrets, asked);
        return;
      }
      const expected = expectedOf(request, caller);
      assert.ok(expected.includes(answer.status), `${asked}: expected ${expected.join(' or ')} but found ${answer.status}: ${answer.text.slice(0, 300)}`);
      expectTyped(answer, this.secrets, asked, request.method);
      request.look?.(answer, caller, asked);
    }));
  }

  /** The answer has the form of all answers, and says nothing of the inside. */
  expectTyped(answer, asked) {
    this.judged += 1;
    if (!isRuntimes(answer)) expectTyped(answer, this.secrets, asked);
  }

  /** Nothing is another than it was. */
  expectUnchanged(what) {
    const now = this.#known.read();
    assert.equal(now === this.#state ? '' : differences(this.#state, now).join(), '', `${what} has changed these`);
  }

  /** What is now is right: what comes later is compared with it. */
  settle() {
    this.#state = this.#known?.read();
  }

  async close() {
    this.#known?.close();
    await this.mirror.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function expectedOf({ route, method = 'GET', headers = [], expect, spoilsCookies = false }, caller) {
  const right = rightOf(route);
  if (right === '–') return expect;
  if (caller.door) return [401];
  if (spoilsCookies && caller.cookie !== undefined) return [401];
  const isChange = !['GET', 'HEAD'].includes(method);
  const isJson = headers.some(([name, value]) => name === 'Content-Type' && value.startsWith('application/json'));
  if (isChange && (caller.foreign || (caller.cookie !== undefined && !isJson))) return [403];
  const may = holds(caller.role, right) && !(caller.limited && isOfTheWholeInstance(right));
  return may ? expect : [403];
}
