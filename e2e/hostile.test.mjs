/**
 * The catalogue of hostile inputs against the real runtime, each case as every caller to whom it can matter: typed refusals, silence
 * about the inside, and nothing changed. What upstreams do wrong (`ups`) is in faults.test.mjs and tls.test.mjs.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { basic } from './instance.mjs';
import { archiveOf, good, MAX_ARCHIVE_BYTES, NAME } from './hostile/archives.mjs';
import { CASES, group, statuses } from './hostile/catalogue.mjs';
import { identities } from './hostile/identities.mjs';
import { PLAYS, post } from './hostile/plays.mjs';
import { startScene } from './hostile/scene.mjs';
import { TOKENS } from './hostile/tokens.mjs';
import { secretOf } from './upstream/credentials.mjs';
import { faults } from './upstream/upstream.mjs';

let scene;
let vouching;
before(async () => {
  vouching = await identities();
  scene = await startScene({ vars: { ACCESS_TEAM: 'acme', ACCESS_AUD: 'a'.repeat(64), ACCESS_ROLES: '*=viewer', MAX_ARCHIVE_BYTES: String(MAX_ARCHIVE_BYTES) }, allowed: [vouching] });
  const owner = await scene.person('owner-of-all', 'owner');
  scene.lastOwner = 'owner-of-all';
  scene.ownersPage = scene.page(owner);
  await vouching.rule(scene);
  scene.settle();
});
// What one case has changed, rightly or not, is not the fault of the next.
afterEach(() => scene?.settle());
after(async () => {
  await scene?.close();
  await vouching?.close();
  const counted = CASES.filter(({ group: name }) => name !== 'ups');
  const good = counted.filter(({ outcome }) => outcome === 'accepted').length;
  console.log(`hostile inputs: ${counted.length - good} cases and ${good} controls, ${scene.judged} requests judged as ${scene.callers.length} callers`);
});

const shown = ({ id, input, fixture }) => `${id}: ${(fixture ?? JSON.stringify(input) ?? '').slice(0, 60)}`;

for (const [name, requestsOf] of Object.entries(PLAYS)) {
  describe(`what is refused: ${name}`, () => {
    for (const play of group(name)) {
      it(shown(play), async () => {
        await scene.judgeAll(requestsOf(play, scene));
        scene.expectUnchanged(play.id);
      });
    }
  });
}

describe('a credential that is none: tok', () => {
  for (const play of group('tok')) {
    it(shown(play), async () => {
      const headers = play.fixture === undefined ? [[['Authorization', play.input]]] : await TOKENS[play.fixture](scene);
      for (const one of headers) {
        const requests = one.target === undefined ? strangersRequests(scene, one) : [one];
        for (const request of requests) await scene.judge({ expect: statuses(play), ...request }, { callers: [{ name: play.id, headers: [], role: 'owner' }] });
      }
      scene.expectUnchanged(play.id);
    });
  }
});

/** What somebody tries who has a credential that may be one. */
function strangersRequests({ dist }, headers) {
  const change = post('POST /api/tokens', '/api/tokens', { name: 'x', kind: 'read', patterns: ['*'] });
  const { expect, ...rest } = change;
  return [
    ...['/packages.json', '/p2/acme/tool.json', dist, '/api/tokens', '/no/such/path'].map((target) => ({ target, headers })),
    { ...rest, headers: [...rest.headers, ...headers] },
  ];
}

describe('a request that is none of ours: http', () => {
  const tokens = { route: 'POST /api/tokens', method: 'POST', target: '/api/tokens', body: JSON.stringify({ name: 'x', kind: 'read', patterns: ['*'] }) };
  const overSession = (...headers) => ({ ...tokens, headers: [['Content-Type', 'application/json'], ...headers], callers: [{ name: 'a session', role: 'owner', headers: scene.ownersPage.slice(0, 1) }] });
  const typed = (headers) => ({ ...tokens, headers, callers: scene.callers.filter(({ cookie }) => cookie === undefined) });
  const requests = {
    'TRACE /packages.json': () => ({ method: 'TRACE', target: '/packages.json' }),
    'get /packages.json (lower case)': () => ({ method: 'get', target: '/packages.json' }),
    'DELETE /p2/acme/tool.json': () => ({ method: 'DELETE', target: '/p2/acme/tool.json', headers: [['Content-Type', 'application/json']] }),
    'POST /api/tokens Content-Type: text/plain': () => typed([['Content-Type', 'text/plain']]),
    'POST /api/tokens Content-Type: multipart/form-data': () => typed([['Content-Type', 'multipart/form-data; boundary=x']]),
    'POST /api/tokens no Content-Type': () => typed([]),
    'POST /api/tokens session cookie, Origin https://evil.example.net': () => overSession(['Origin', 'https://evil.example.net']),
    'POST /api/tokens session cookie, Sec-Fetch-Site: cross-site': () => overSession(['Origin', scene.origin], ['Sec-Fetch-Site', 'cross-site']),
    'POST /api/tokens session cookie, Origin https://{our host}.evil.example.net': () => overSession(['Origin', `${scene.origin}.evil.example.net`]),
    'POST /api/setup with no bootstrap secret': () => post('POST /api/setup', '/api/setup', { base_url: scene.origin }),
  };
  for (const play of group('http')) {
    it(shown(play), async () => {
      const { callers = scene.callers, ...request } = requests[play.fixture]();
      await scene.judge({ ...request, expect: statuses(play) }, { callers });
      scene.expectUnchanged(play.id);
    });
  }
});

describe('an identity that proves nothing: oidc', () => {
  for (const play of group('oidc')) {
    it(shown(play), async () => {
      const { accepted, refused } = await vouching.attempt(play.fixture, scene);
      assert.equal(refused.length > 0, true);
      for (const answer of refused) {
        assert.ok(statuses(play).includes(answer.status), `${answer.status}: ${answer.text}`);
        scene.expectTyped(answer, play.id);
      }
      if (accepted === 0) scene.expectUnchanged(play.id);
    });
  }
});

describe('an archive that nobody should unpack: zip', () => {
  const upload = (body) => ({ route: 'PUT /api/packages/{vendor}/{name}/{version}', method: 'PUT', target: `/api/packages/${NAME}/1.0.0`, headers: [['Content-Type', 'application/zip']], body });
  let callers;
  before(async () => {
    const { token } = await scene.made({ kind: 'publish', patterns: ['acme/*'] });
    callers = [...scene.callers, { name: 'a publisher of acme', role: 'publish', limited: true, headers: [['Authorization', basic(token)]] }];
    scene.settle();
  });

  for (const play of group('zip')) {
    it(shown(play), async () => {
      await scene.judge({ ...upload(archiveOf(play.fixture)), expect: statuses(play) }, { callers });
      scene.expectUnchanged(play.id);
    });
  }

  it('unlike a good one', async () => {
    const answer = await scene.ask({ ...upload(good()), headers: [['Authorization', basic(scene.worker.admin)]] });
    assert.equal(answer.status, 201, answer.text);
  });
});

describe('what an upstream writes', () => {
  const served = async (name, words) => {
    const { metadata } = scene.mirror.upstream.publish({ name, version: '1.0.0' });
    const other = { ...metadata, ...words, dist: { ...metadata.dist, reference: 'b'.repeat(40) } };
    scene.mirror.upstream.fault(`/p2/${name}.json`, faults.instead(JSON.stringify({ packages: { [name]: [metadata, other] } })));
    return metadata.dist.reference;
  };

  for (const play of group('ver')) {
    it(`${shown(play)} as a version is ${play.outcome}`, async () => {
      const name = `acme/${play.id}`;
      const reference = await served(name, { version: play.input, version_normalized: undefined });
      const look = ({ text, status }) => {
        if (status !== 200) return;
        assert.ok(text.includes(`/1.0.0.0/r${reference}`), text);
        assert.equal(text.includes('b'.repeat(40)) ? 'served' : 'left out', play.outcome, text);
      };
      await scene.judge({ route: 'GET /p2/{vendor}/{file}', target: `/p2/${name}.json`, expect: [200], look });
      scene.settle();
      const path = encodeURIComponent(String(play.input)).slice(0, 3000);
      await scene.judge({ route: 'GET /dist/{vendor}/{name}/{version}/{file}', target: `/dist/${name}/${path}/r${'b'.repeat(40)}.zip`, expect: [400, 404] });
      scene.expectUnchanged(play.id);
    });
  }

  for (const play of group('xss')) {
    it(`${shown(play)} as its words is data and never a page`, async () => {
      const name = `acme/${play.id}`;
      const words = { description: play.input, homepage: play.input, readme: play.input, support: { docs: play.input }, keywords: [play.input], abandoned: play.input };
      scene.mirror.upstream.publish({ name, version: '1.0.0', extra: {}, ...words });
      const { metadata } = scene.mirror.upstream.publish({ name, version: '1.0.0' });
      scene.mirror.upstream.fault(`/p2/${name}.json`, faults.instead(JSON.stringify({ packages: { [name]: [{ ...metadata, ...words }] } })));
      const look = ({ headers, text, bytes }, _, asked) => {
        assert.equal(headers['content-type'], 'application/json', asked);
        assert.ok(!bytes.includes(0x1b) && !bytes.includes(0x07), asked);
        JSON.parse(text);
      };
      await scene.judge({ route: 'GET /p2/{vendor}/{file}', target: `/p2/${name}.json`, expect: [200], look });
      for (const target of [`/search.json?q=${play.id}`, '/list.json', `/api/packages/${name}`, '/api/packages?limit=200']) {
        await scene.judge({ route: `GET ${target.split('?')[0].replace(name, '{vendor}/{name}')}`, target, expect: [200], look });
      }
      // What is shown to people in a spreadsheet: the words that a client says of itself.
      const cell = play.input.replaceAll('\u001b', '').replaceAll('\u0007', '');
      await scene.ask({ target: '/packages.json', headers: [['Authorization', basic(scene.mirror.reader)], ['User-Agent', cell]] });
      const csv = (await scene.ask({ target: '/api/audit/export?format=csv', headers: [['Authorization', basic(scene.worker.admin)]] })).text;
      assert.doesNotMatch(csv, /(^|,)"?[=+@\t]/m);
    });
  }
});

describe('what has to be accepted', () => {
  const accept = async (request) => {
    const answer = await scene.ask({ ...request, headers: [['Authorization', basic(scene.worker.admin)], ['Content-Type', 'application/json']] });
    assert.equal(answer.status, request.expect, answer.text);
    return JSON.parse(answer.text || 'null');
  };
  const forget = (path) => accept({ method: 'DELETE', target: path, expect: 204 });

  for (const { id, input } of group('good name')) {
    it(`${id}: ${input}`, async () => {
      scene.mirror.upstream.publish({ name: input, version: '1.0.0' });
      const answer = await scene.ask({ target: `/p2/${input}.json`, headers: [['Authorization', basic(scene.mirror.reader)]] });
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.text.includes(`/dist/${input}/1.0.0.0/r`));
    });
  }
  for (const { id, input } of group('good version')) {
    it(`${id}: ${input}`, async () => {
      const name = `acme/${id}`;
      scene.mirror.upstream.publish({ name, version: input });
      const dev = input.startsWith('dev-') || input.endsWith('-dev');
      const answer = await scene.ask({ target: `/p2/${name}${dev ? '~dev' : ''}.json`, headers: [['Authorization', basic(scene.mirror.reader)]] });
      assert.equal(answer.status, 200, answer.text);
      const [{ version, dist }] = JSON.parse(answer.text).packages[name];
      assert.equal(version, input);
      assert.equal((await scene.mirror.get(new URL(dist.url).pathname)).status, 200);
    });
  }
  for (const { id, input } of group('good url')) {
    it(`${id}: ${input}`, async () => {
      const made = await accept({ method: 'POST', target: '/api/upstreams', body: JSON.stringify({ name: 'x', url: input, patterns: ['x/*'] }), expect: 201 });
      await forget(`/api/upstreams/${made.id}`);
    });
  }
  for (const { id, input } of group('good pattern')) {
    it(`${id}: ${input}`, async () => {
      const made = await accept({ method: 'POST', target: '/api/tokens', body: JSON.stringify({ name: 'x', kind: 'read', patterns: [input] }), expect: 201 });
      await forget(`/api/tokens/${made.id}`);
    });
  }
});

describe('afterwards', () => {
  it('nothing is known of the upstream but to those who configured it', async () => {
    const console = scene.worker.logs().map(({ message }) => message).join('\n');
    for (const secret of scene.secrets) assert.ok(!console.includes(secret));
    assert.ok(!console.includes(secretOf(scene.mirror.upstream.auth)));
  });
});
