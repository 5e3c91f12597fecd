/** The tables of docs/access.md against the real Worker: the routes that need no resource, for each role and some strangers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startMirror } from './mirror.mjs';
import { ROUTES, holds, isOfTheWholeInstance } from './tables.mjs';

const routes = ROUTES.filter(({ route }) => !route.includes('{'));
const asksForNoToken = (right) => right === '–' || right === 'setup'; // and the latter takes none
const roles = ['owner', 'admin', 'publisher', 'auditor', 'viewer'];

let mirror;
before(async () => {
  mirror = await startMirror({ upstreams: [] });
});
after(() => mirror?.close());

async function ask(route, token) {
  const [method, path] = route.split(' ');
  return (await mirror.worker.api(method, path, method === 'GET' ? undefined : {}, token)).status;
}

async function made(fields) {
  const { status, body } = await mirror.worker.api('POST', '/api/tokens', { name: 'rights', patterns: ['*'], ...fields });
  assert.equal(status, 201);
  return body;
}

describe('the Worker answers as the tables say', () => {
  for (const role of roles) {
    for (const patterns of [['*'], ['acme/*']]) {
      it(`to the role ${role} over ${patterns}`, async () => {
        const { token } = await made({ role, patterns });
        for (const { route, right, status } of routes) {
          const limited = patterns[0] !== '*' && !asksForNoToken(right) && isOfTheWholeInstance(right);
          const expected = asksForNoToken(right) || (holds(role, right) && !limited) ? status : 403;
          assert.equal(await ask(route, token), expected, route);
        }
      });
    }
  }

  const strangers = {
    'a token that never was': () => 'not-a-token',
    'a token of another address': async () => (await made({ role: 'owner', ip_allow: ['192.0.2.0/24'] })).token,
    'a token that is not to be used yet': async () => (await made({ role: 'owner', not_before: Date.now() + 3_600_000 })).token,
    'a token whose maker was revoked': async () => {
      const maker = await made({ role: 'admin' });
      const child = await mirror.worker.api('POST', '/api/tokens', { name: 'x', role: 'admin', patterns: ['*'] }, maker.token);
      await mirror.worker.revokeToken(maker.id);
      return child.body.token;
    },
  };
  for (const [name, find] of Object.entries(strangers)) {
    it(`to ${name}`, async () => {
      const token = await find();
      const refusal = name.includes('address') ? 403 : 401;
      for (const { route, right, status } of routes) {
        assert.equal(await ask(route, token), asksForNoToken(right) ? status : refusal, route);
      }
    });
  }

  it('to as many at a time as a token has uses', async () => {
    const { token } = await made({ kind: 'read', max_uses: 3 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('GET /packages.json', token)));
    assert.equal(answers.filter((status) => status === 200).length, 3);
    assert.equal(answers.filter((status) => status === 401).length, 17);
  });
});
