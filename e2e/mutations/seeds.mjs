/** A valid request of every route, from which mutations depart. */
import { ROUTES } from '../tables.mjs';

/** What the requests of routes with a resource lead to: made anew now and then, since some mutations are valid and use it up. */
export async function spares(scene) {
  const { worker, mirror } = scene;
  const rule = { name: 'spare', provider: 'github', repository_id: '1', owner_id: '2', ref: 'refs/heads/main', kind: 'read', patterns: ['spare/*'] };
  const advisory = { packageName: 'spare/unread', affectedVersions: '<1.0', title: 'spare' };
  const upstream = { name: 'spare', url: mirror.upstream.url, patterns: ['spare/*'], priority: 50, auth: mirror.upstream.auth };
  const reference = `order-${Date.now()}`;
  const [token, sold, made, published, ruled] = await Promise.all([
    scene.made({ name: 'spare', kind: 'read' }),
    scene.made({ name: 'sold', kind: 'customer', customer: reference, patterns: undefined, limits: [{ pattern: 'spare/*', versions: '^1.0' }] }),
    worker.api('POST', '/api/upstreams', upstream),
    worker.api('POST', '/api/advisories', advisory),
    worker.api('POST', '/api/oidc-rules', rule),
  ]);
  const person = `spare-${token.id}`;
  await scene.person(person, 'viewer');
  mirror.upstream.publish({ name: 'acme/spare', version: '1.0.0' });
  await (await mirror.get('/p2/acme/spare.json')).arrayBuffer();
  const ids = { token: token.id, sold: sold.id, customer: reference, upstream: made.body.id, advisory: published.body.id, rule: ruled.body.id, person };
  for (const [what, id] of Object.entries(ids)) if (id === undefined) throw new Error(`expected a spare ${what}`);
  return { ...ids, bodies: { rule, advisory, upstream } };
}

/** Returns the seeds: `{ route, method, target, headers, body }` each, the body an object or a text. */
export function seeds(scene, spare) {
  const bodies = bodiesOf(scene, spare);
  return ROUTES.map(({ route }) => {
    const [method, pattern] = route.split(' ');
    const body = bodies[route] ?? (method === 'GET' ? undefined : {});
    const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
    return { route, method, target: targetOf(scene, spare, pattern, method), headers: body === undefined ? [] : [['Content-Type', type]], body };
  });
}

const QUERIES = {
  '/list.json': '?filter=acme/*&vendor=acme',
  '/search.json': '?q=acme&type=library&per_page=10&page=1',
  '/metadata/changes.json': '?since=17955216000000',
  '/api/packages': '?limit=10&after=acme',
  '/api/packages/{vendor}/{name}/stats': '?days=30',
  '/api/alerts': '?state=open',
  '/api/customers': '?after=order',
  '/api/audit': '?actor=setup&limit=5&from=0',
  '/api/audit/export': '?format=csv&after=0',
  '/api/audit/verify': '?from=0',
  '/api/audit/checkpoints': '?after=0',
};

function targetOf({ dist }, spare, pattern, method) {
  if (pattern.startsWith('/dist/')) return dist;
  const [, , room] = pattern.split('/');
  const id = { upstreams: spare.upstream, customers: spare.customer, tokens: method === 'PATCH' ? spare.sold : spare.token, advisories: spare.advisory, 'oidc-rules': spare.rule, people: spare.person, alerts: 'b5fe30188b545eb1' }[room];
  const path = pattern.replace('{id}', id).replace('{vendor}', 'acme').replace('{name}', 'spare').replace('{version}', '1.0.0').replace('{file}', 'tool.json');
  return path + (QUERIES[pattern] ?? '');
}

function bodiesOf(scene, { bodies }) {
  return {
    'POST /downloads': { downloads: [{ name: 'acme/tool', version: '1.0.0.0' }] },
    'POST /security-advisories': 'packages[]=acme/tool&packages[1]=acme/spare',
    'POST /filter/entries': { packages: ['pkg://composer/acme/tool'], lists: ['malware'] },
    'POST /api/lock': { packages: [{ name: 'acme/tool', version: '1.0.0', dist: { type: 'zip', url: scene.origin + scene.dist, reference: 'abc' } }], 'packages-dev': [] },
    'POST /oidc/token': { token: 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2dpdGxhYi5jb20ifQ.c2ln' },
    'POST /api/setup': { secret: 'no secret of this instance', base_url: scene.origin },
    'PATCH /api/settings': { base_url: scene.origin, packagist: false },
    'POST /api/upstreams': { ...bodies.upstream, exclusive: true, enabled: true, mode: 'rewrite', kind: 'composer' },
    'PATCH /api/upstreams/{id}': { name: 'renamed', priority: 60, enabled: true, auth: { type: 'bearer', token: 'other' } },
    'POST /api/tokens': { name: 'mutant', kind: 'read', patterns: ['acme/*'], expires_in_days: 3, purpose: 'none', ip_allow: ['192.0.2.0/24', '2001:db8::/32'], not_before: 1, max_uses: 5, owner: 'x' },
    'PATCH /api/tokens/{id}': { limits: [{ pattern: 'spare/*', versions: '^2.0 || ~1.2', until: 1830211200000 }], expires_in_days: 30 },
    'POST /api/tokens/{id}/rotate': { expires_in_days: 5 },
    'POST /api/oidc-rules': bodies.rule,
    'PATCH /api/people/{id}': { role: 'auditor' },
    'POST /api/alerts/{id}/accept': { reason: 'as told' },
    'POST /api/alerts/{id}/dismiss': { reason: 'as told' },
    'POST /api/advisories': { ...bodies.advisory, link: 'https://example.com/a', cve: 'CVE-2026-12345', severity: 'high', reportedAt: '2026-11-24T12:00:00Z' },
    'PATCH /api/advisories/{id}': { title: 'changed', severity: 'low' },
  };
}
