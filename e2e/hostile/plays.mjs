/** How the cases of the catalogue are tried: each becomes requests, with what those get who may make them. */
import assert from 'node:assert/strict';
import { statuses } from './catalogue.mjs';

const JSON_TYPE = ['Content-Type', 'application/json'];
const FORM_TYPE = ['Content-Type', 'application/x-www-form-urlencoded'];
const REFUSED = [400, 413, 422];
const ABSENT = [400, 404];

/** Returns a request with a JSON body, whose method is its route's. */
export function post(route, target, body, expect, headers = []) {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return { route, method: route.split(' ')[0], target, headers: [JSON_TYPE, ...headers], body: text, expect };
}

const get = (route, target, expect, more = {}) => ({ route, target, expect, ...more });

/** For each group that is tried as every caller: what a case becomes. */
export const PLAYS = {
  pkg: (play, scene) => [...named(play, scene), ...asked(play)],
  ref: ({ input }) => [input, `r${input}`].map((file) => get('GET /dist/{vendor}/{name}/{version}/{file}', `/dist/acme/tool/1.0.0.0/${file}.zip`, ABSENT)),
  path: (play) => [pathOf(play)],
  json: (play) => BODIES.map(([route, target]) => post(route, target, play.bytes ?? play.input, route === 'POST /oidc/token' ? [401, ...REFUSED] : REFUSED)),
  pat: ({ input, ...play }) => patterned(Array.isArray(input) ? input : [input], statuses(play)),
  ssrf: (play, scene) => [
    post('POST /api/upstreams', '/api/upstreams', { name: 'x', url: play.input, patterns: ['x/*'] }, statuses(play)),
    post('PATCH /api/upstreams/{id}', `/api/upstreams/${scene.upstreamId}`, { url: play.input }, statuses(play)),
    post('POST /api/oidc-rules', '/api/oidc-rules', { ...RULE, issuer: play.input }, REFUSED),
  ],
  hdr: (play) => [headerOf(play)],
  qry: (play, scene) => [queryOf(play, scene)],
};

const RULE = { name: 'x', provider: 'gitlab', repository_id: '1', owner_id: '2', ref: 'refs/heads/main', kind: 'read', patterns: ['acme/*'] };

/** Where a body may be sent to that is no JSON, or not what was asked for. */
const BODIES = [
  ['POST /api/tokens', '/api/tokens'],
  ['POST /api/upstreams', '/api/upstreams'],
  ['PATCH /api/settings', '/api/settings'],
  ['POST /api/lock', '/api/lock'],
  ['POST /downloads', '/downloads'],
  ['POST /filter/entries', '/filter/entries'],
  ['POST /api/advisories', '/api/advisories'],
  ['POST /api/oidc-rules', '/api/oidc-rules'],
  ['POST /api/setup', '/api/setup'],
  ['POST /oidc/token', '/oidc/token'],
];

/** A name where one is written. */
function named({ input, outcome }, scene) {
  const reading = [
    post('POST /downloads', '/downloads', { downloads: [{ name: input, version: '1.0.0' }] }, [200, ...REFUSED]),
    post('POST /filter/entries', '/filter/entries', { packages: [input] }, [200, ...REFUSED]),
    post('POST /api/lock', '/api/lock', { packages: [{ name: input, version: '1.0.0', dist: { type: 'zip', url: 'https://repo.example.org/x.zip' } }] }, [200, ...REFUSED]),
  ];
  if (outcome.startsWith('same')) return reading;
  return [
    ...reading,
    ...patterned([input], REFUSED),
    post('PATCH /api/upstreams/{id}', `/api/upstreams/${scene.upstreamId}`, { patterns: [input] }, REFUSED),
    post('POST /api/advisories', '/api/advisories', { packageName: input, affectedVersions: '*', title: 'x' }, REFUSED),
  ];
}

/** A name where one is asked for. */
function asked({ input, outcome }) {
  if (typeof input !== 'string' || input.length > 2000) return [];
  const encoded = encodeURIComponent(input);
  const list = { route: 'POST /security-advisories', method: 'POST', target: '/security-advisories', headers: [FORM_TYPE], body: `packages[]=${encoded}`, expect: [200, ...REFUSED] };
  return [list, ...[encoded, encoded.replace('%2F', '/')].flatMap((name) => {
    const expect = outcome.startsWith('same') && name.includes('/') ? [200] : ABSENT;
    return [
      get('GET /p2/{vendor}/{file}', `/p2/${name}.json`, expect),
      get('GET /dist/{vendor}/{name}/{version}/{file}', `/dist/${name}/1.0.0.0/rabc.zip`, ABSENT),
      // Who may look through the catalogue sees that there is no such package.
      ...(expect === ABSENT ? [get(name.includes('/') ? 'GET /api/packages/{vendor}/{name}' : '', `/api/packages/${name}`, [200, ...ABSENT])] : []),
    ];
  })];
}

function patterned(patterns, expect) {
  return [
    post('POST /api/tokens', '/api/tokens', { name: 'x', kind: 'read', patterns }, expect),
    post('POST /api/tokens', '/api/tokens', { name: 'x', kind: 'customer', customer: 'x', limits: patterns.map((pattern) => ({ pattern })) }, expect),
    post('POST /api/upstreams', '/api/upstreams', { name: 'x', url: 'https://repo.example.org/', patterns }, expect),
    post('POST /api/oidc-rules', '/api/oidc-rules', { ...RULE, patterns }, expect),
  ];
}

/** Neither the runtime nor we resolve dots: what has them is no path of ours. */
function pathOf({ input: target, outcome }) {
  if (outcome === 'same') return get('GET /p2/{vendor}/{file}', target, [target.includes('dev') || target.includes('Edev') ? 404 : 200]);
  return get('', target, [...ABSENT, 414, 431]);
}

function headerOf({ id, input, ...play }) {
  const expect = statuses(play);
  const colon = input.indexOf(': ');
  const header = [input.slice(0, colon), input.slice(colon + 2)];
  if (id === 'hdr-010') return post('POST /api/session/access', '/api/session/access', {}, expect, [header]);
  if (id === 'hdr-030') return post('POST /api/tokens', '/api/tokens', { name: 'x', kind: 'read', patterns: ['*'] }, expect, [header]);
  const look = ({ status, headers, text }, _, asked) => {
    assert.equal(headers['set-cookie'], undefined, asked);
    assert.ok(!text.includes('evil.example.net'), asked);
    if (status === 200) assert.ok(JSON.parse(text)['metadata-url'], asked);
  };
  return get('GET /packages.json', '/packages.json', expect, { headers: headersOf(input, header), look, spoilsCookies: header[0] === 'Cookie' });
}

/** One line of the catalogue may be many headers. */
function headersOf(input, header) {
  if (!input.startsWith('X-A: b')) return [header];
  return input.trim().split('\r\n').map((line) => line.split(': '));
}

function queryOf({ where, input, ...play }, scene) {
  const [method, start] = where.split(' ');
  const value = input === '{the last owner}' ? scene.lastOwner : start.endsWith('=') ? encodeURIComponent(input) : input.replaceAll(' ', '%20');
  const target = start + value;
  const [path] = target.split('?');
  const route = method === 'GET' ? `GET ${path}` : path.startsWith('/api/people') ? 'DELETE /api/people/{id}' : 'DELETE /api/tokens/{id}';
  return { route, method, target, headers: method === 'GET' ? [] : [JSON_TYPE], expect: statuses(play), look: ({ text }, caller, asked) => caller.limited && assert.ok(!text.includes('other/secret'), asked) };
}
