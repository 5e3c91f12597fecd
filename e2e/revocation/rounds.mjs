/** Everything that takes a credential's power, and what the very next request with it is told. */
import assert from 'node:assert/strict';
import { identities } from '../hostile/identities.mjs';
import { startScene } from '../hostile/scene.mjs';

const AT_ONCE = 6;
const IN_FLIGHT = 3;

/** Takes the power of so many credentials, and returns how many were refused on the next request and by which way. */
export async function playRevocations(count, vars = {}) {
  const vouching = await identities();
  const scene = await startScene({ vars: { AUTH_CACHE_SECONDS: '0', ...vars }, allowed: [vouching] });
  try {
    const rounds = new Rounds(scene, vouching);
    const ways = Object.entries(WAYS);
    const byWay = Object.fromEntries(ways.map(([name]) => [name, 0]));
    let next = 0;
    let refused = 0;
    const player = async () => {
      while (refused < count) {
        const [name, way] = ways[next++ % ways.length];
        const found = await way(rounds, next);
        byWay[name] += found;
        refused += found;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, player));
    return { refused, byWay };
  } finally {
    await scene.close();
    await vouching.close();
  }
}

/** Each way returns how many credentials it has seen refused; a credential that is not refused is a failure. */
const WAYS = {
  'a token is revoked': async (rounds) => {
    const { id, token } = await rounds.token({ kind: 'read' });
    // Who reads all the time is remembered for no longer than anybody else.
    const flying = Array.from({ length: IN_FLIGHT }, () => rounds.status(token));
    await rounds.change('DELETE', `/api/tokens/${id}`, undefined, 204);
    await rounds.refused([token], 401);
    await Promise.all(flying);
    // What was read before and arrives only now brings nothing back.
    return rounds.refused([token], 401);
  },
  'its maker is revoked': async (rounds) => {
    const maker = await rounds.token({ kind: 'admin' });
    const child = await rounds.token({ kind: 'admin' }, maker.token);
    const grandchild = await rounds.token({ kind: 'read' }, child.token);
    await rounds.change('DELETE', `/api/tokens/${maker.id}`, undefined, 204);
    return rounds.refused([maker.token, child.token, grandchild.token], 401);
  },
  'all tokens of a customer are revoked': async (rounds, n) => {
    const sold = { kind: 'customer', customer: `order ${n}`, patterns: undefined, limits: [{ pattern: '*' }] };
    const [one, other] = [await rounds.token(sold), await rounds.token(sold)];
    await rounds.change('DELETE', `/api/customers/order%20${n}`, undefined, 204);
    return rounds.refused([one.token, other.token], 401);
  },
  'what a customer may have is limited': async (rounds, n) => {
    const { id, token } = await rounds.token({ kind: 'customer', customer: `limited ${n}`, patterns: undefined, limits: [{ pattern: 'acme/*' }] });
    const reading = { target: '/p2/acme/tool.json' };
    assert.equal(await rounds.status(token, reading), 200);
    await rounds.change('PATCH', `/api/tokens/${id}`, { limits: [{ pattern: 'acme/*', versions: '<0.1' }] }, 200);
    return rounds.refused([token], 404, reading);
  },
  'it is rotated': async (rounds) => {
    const { id, token } = await rounds.token({ kind: 'read' });
    const rotated = await rounds.change('POST', `/api/tokens/${id}/rotate`, {}, 201);
    const found = await rounds.refused([token], 401);
    assert.equal(await rounds.status(rotated.token), 200);
    return found;
  },
  'the person behind it is suspended': async (rounds, n) => {
    const { id, all } = await rounds.person(`suspended-${n}`);
    await rounds.change('PATCH', `/api/people/${id}`, { suspended: true }, 200);
    return rounds.refused(all, 401);
  },
  'the person behind it is demoted': async (rounds, n) => {
    const { id, all } = await rounds.person(`demoted-${n}`);
    await rounds.change('PATCH', `/api/people/${id}`, { role: 'viewer' }, 200);
    // What is left is to read.
    const reading = await Promise.all(all.map((credential) => rounds.status(credential)));
    assert.deepEqual(reading, all.map(() => 200));
    return rounds.refused(all, 403, rounds.changing);
  },
  'the person behind it is forgotten': async (rounds, n) => {
    const { id, all } = await rounds.person(`forgotten-${n}`);
    await rounds.change('DELETE', `/api/people/${id}`, undefined, 204);
    return rounds.refused(all, 401);
  },
  'the session is closed': async (rounds) => {
    const { token } = await rounds.token({ kind: 'read' });
    const cookie = await rounds.session(token);
    await rounds.change('DELETE', '/api/session', undefined, 204, cookie);
    return rounds.refused([cookie], 401);
  },
  'what opened the session is revoked': async (rounds) => {
    const { id, token } = await rounds.token({ kind: 'admin' });
    const cookies = [await rounds.session(token), await rounds.session(token)];
    await rounds.change('DELETE', `/api/tokens/${id}`, undefined, 204);
    return rounds.refused(cookies, 401);
  },
  'the maker of the rule that a CI job came by is revoked': async (rounds) => {
    const maker = await rounds.token({ kind: 'admin' });
    const token = await rounds.job(maker.token);
    await rounds.change('DELETE', `/api/tokens/${maker.id}`, undefined, 204);
    return rounds.refused([token], 401);
  },
};

class Rounds {
  #scene;
  #vouching;
  #projects = 1000;

  constructor(scene, vouching) {
    this.#scene = scene;
    this.#vouching = vouching;
  }

  /** Makes a token, and uses it. */
  async token(fields, maker) {
    const made = await this.change('POST', '/api/tokens', { name: 'round', patterns: ['*'], ...fields }, 201, maker);
    assert.equal(await this.status(made.token), 200);
    return made;
  }

  /** Opens a session, and uses it. */
  async session(token) {
    const cookie = await this.#scene.session(token);
    assert.equal(await this.status(cookie), 200);
    return cookie;
  }

  /** Lets somebody come in and make tokens, over the session and with one of these. */
  async person(id) {
    const cookie = await this.#scene.person(id, 'admin');
    assert.equal(await this.status(cookie), 200);
    const own = await this.token({ kind: 'admin' }, cookie);
    const further = await this.token({ kind: 'admin' }, own.token);
    return { id, all: [cookie, own.token, further.token] };
  }

  /** Lets a CI job come in by a rule. */
  async job(maker) {
    const project = String(this.#projects++);
    const rule = { name: 'round', provider: 'gitlab', issuer: this.#vouching.origin, repository_id: project, owner_id: '7', ref: 'refs/heads/main', kind: 'read', patterns: ['*'] };
    await this.change('POST', '/api/oidc-rules', rule, 201, maker);
    const answer = await this.#vouching.exchange(this.#scene, this.#vouching.token(this.#scene, { project_id: project }));
    assert.equal(answer.status, 201, answer.text);
    const { token } = JSON.parse(answer.text);
    assert.equal(await this.status(token), 200);
    return token;
  }

  /** Changes something, as the owner unless told. */
  async change(method, target, body, expected, credential = this.#scene.worker.admin) {
    const headers = [...this.#shown(credential), ['Content-Type', 'application/json']];
    const answer = await this.#scene.ask({ method, target, headers, body: JSON.stringify(body ?? {}) });
    assert.equal(answer.status, expected, `${method} ${target}: ${answer.text}`);
    return answer.text === '' ? null : JSON.parse(answer.text);
  }

  /** A request that only those get through who may change something: its body is never right. */
  changing = { method: 'POST', target: '/api/tokens', body: '{"patterns":5}' };

  /** Returns what a request with a credential is answered. */
  async status(credential, { headers = [], ...request } = { target: '/packages.json' }) {
    const { status } = await this.#scene.ask({ ...request, headers: [...headers, ...this.#shown(credential), ['Content-Type', 'application/json']] });
    return status;
  }

  /** Expects each credential to be refused on its next request. */
  async refused(credentials, status, request) {
    const found = await Promise.all(credentials.map((credential) => this.status(credential, request)));
    assert.deepEqual(found, credentials.map(() => status));
    return credentials.length;
  }

  #shown(credential) {
    return credential.startsWith('__Host-') ? this.#scene.page(credential) : [['Authorization', `Bearer ${credential}`]];
  }
}
