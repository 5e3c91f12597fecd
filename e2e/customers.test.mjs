/** A shop sells packages: each customer's Composer finds the versions that were bought, and no others. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectClearError, expectError, expectInstalled } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { expand } from './upstream/minify.mjs';

const NAME = 'acme/editor';
const releases = {};

let mirror;
let shop;

before(async () => {
  mirror = await startMirror({ upstreams: [{ patterns: ['acme/*'] }] });
  for (const [version, time] of [
    ['1.0.0', '2025-01-10T00:00:00+00:00'],
    ['1.1.0', '2025-06-10T00:00:00+00:00'],
    ['1.2.0', '2026-02-10T00:00:00+00:00'],
    ['2.0.0', '2026-06-10T00:00:00+00:00'],
  ]) {
    releases[version] = mirror.upstream.publish({ name: NAME, version, extraKeys: { time } });
  }
  mirror.upstream.publish({ name: 'acme/unsold', version: '1.0.0' });
  ({ body: shop } = await mirror.worker.api('POST', '/api/tokens', {
    name: 'the shop', rights: ['read', 'manage_tokens'], patterns: ['acme/*'],
  }));
});
after(() => mirror?.close());

/** Sells something, as the shop does it, and returns the token with what is done with it. */
async function sell(customer, limits) {
  const { status, body } = await mirror.worker.api('POST', '/api/tokens', { name: 'sold', kind: 'customer', customer, limits }, shop.token);
  assert.equal(status, 201, JSON.stringify(body));
  return {
    ...body,
    project: (require = { [NAME]: '*' }) => mirror.worker.project({ token: body.token, require }),
    get: (path, headers) => mirror.worker.get(path, body.token, headers),
    change: async (fields) => assert.equal((await mirror.worker.api('PATCH', `/api/tokens/${body.id}`, fields, shop.token)).status, 200),
  };
}

async function versions(customer) {
  const response = await customer.get(`/p2/${NAME}.json`);
  assert.equal(response.status, 200);
  const { packages } = await response.json();
  return expand(packages[NAME]).map(({ version }) => version);
}

const at = (date) => Date.parse(`${date}T00:00:00Z`);

describe('a customer who bought ^1', () => {
  let customer;
  before(async () => {
    customer = await sell('C-1', [{ pattern: NAME, versions: '^1' }]);
  });

  it('is updated to the newest 1.x, and to nothing else', async () => {
    const client = await customer.project();
    await client.succeed('update');
    await expectInstalled(client, releases['1.2.0']);
    await client.write({ [NAME]: '^2.0' });
    await client.fail('update');
    await client.write({ [NAME]: '*', 'acme/unsold': '*' });
    expectClearError(await client.fail('update'), /acme\/unsold/);
  });

  it('is shown these versions by the client', async () => {
    const client = await customer.project();
    const output = await client.succeed('show', '--all', '--format=json', NAME);
    // Warnings about the client's surroundings may come first.
    const { versions: shown } = JSON.parse(output.slice(output.indexOf('{')));
    assert.deepEqual(shown, ['1.2.0', '1.1.0', '1.0.0']);
  });

  it('gets no archive of another version, even with a lock that names it', async () => {
    const full = await mirror.project({ require: { [NAME]: '2.0.0' } });
    await full.succeed('update');
    const pirate = await full.checkout();
    pirate.authenticate(mirror.worker.composerAuth(customer.token));
    await pirate.fail('install');
    const { dist } = await full.locked(NAME);
    await expectError(await customer.get(dist.url), 404);
  });

  it('asks the shop for no names but those it was sold', async () => {
    const root = await (await customer.get('/packages.json')).json();
    assert.deepEqual(root['available-package-patterns'], [NAME]);
  });
});

describe('a customer whose updates ended', () => {
  it('keeps what was released before, installs it from a lock made then, and is extended', async () => {
    const customer = await sell('C-2', [{ pattern: 'acme/*', until: at('2025-12-31') }]);
    const client = await customer.project({ [NAME]: '^1.0' });
    await client.succeed('update');
    await expectInstalled(client, releases['1.1.0']);

    const later = await client.checkout();
    await later.succeed('install');
    await expectInstalled(later, releases['1.1.0']);

    await customer.change({ until: at('2026-03-31') });
    await client.succeed('update');
    await expectInstalled(client, releases['1.2.0']);
    assert.deepEqual(await versions(customer), ['1.2.0', '1.1.0', '1.0.0']);
  });

  it('finds nothing of what was first seen afterwards and states no time', async () => {
    mirror.upstream.publish({ name: 'acme/timeless', version: '1.0.0', extraKeys: { time: undefined } });
    const customer = await sell('C-3', [{ pattern: 'acme/*', until: Date.now() - 86_400_000 }]);
    await expectError(await customer.get('/p2/acme/timeless.json'), 404);
    await customer.change({ until: Date.now() + 86_400_000 });
    assert.equal((await customer.get('/p2/acme/timeless.json')).status, 200);
  });
});

describe('the view of a customer', () => {
  it('is one object for all who bought the same, and is made anew when a version comes', async () => {
    const [one, two] = [await sell('C-4', [{ pattern: NAME, versions: '1.1.*' }]), await sell('C-5', [{ pattern: NAME, versions: '1.1.*' }])];
    const first = await one.get(`/p2/${NAME}.json`);
    const second = await two.get(`/p2/${NAME}.json`);
    const date = first.headers.get('last-modified');
    assert.equal(second.headers.get('last-modified'), date);
    assert.equal(await first.text(), await second.text());
    assert.equal((await two.get(`/p2/${NAME}.json`, { 'if-modified-since': date })).status, 304);

    mirror.upstream.publish({ name: NAME, version: '2.1.0' });
    assert.equal((await one.get(`/p2/${NAME}.json`, { 'if-modified-since': date })).status, 304);
    mirror.upstream.publish({ name: NAME, version: '1.1.1' });
    const risen = await one.get(`/p2/${NAME}.json`, { 'if-modified-since': date });
    assert.equal(risen.status, 200);
    assert.ok(Date.parse(risen.headers.get('last-modified')) > Date.parse(date));
    assert.deepEqual(await versions(two), ['1.1.1', '1.1.0']);
  });

  it('is never answered with 304 after the limits have changed', async () => {
    const customer = await sell('C-6', [{ pattern: NAME, versions: '^1' }]);
    const date = (await customer.get(`/p2/${NAME}.json`)).headers.get('last-modified');
    await customer.change({ limits: [{ pattern: NAME, versions: '^2' }] });
    const answer = await customer.get(`/p2/${NAME}.json`, { 'if-modified-since': date });
    assert.equal(answer.status, 200);
    assert.ok(Date.parse(answer.headers.get('last-modified')) > Date.parse(date));
    await customer.change({ limits: [{ pattern: NAME }] });
    assert.equal((await customer.get(`/p2/${NAME}.json`, { 'if-modified-since': answer.headers.get('last-modified') })).status, 200);
  });
});

describe('the shop', () => {
  it('lists the tokens of a customer by its own reference, and revokes all of them', async () => {
    const reference = 'Bücher & Söhne / 17';
    const sold = [await sell(reference, [{ pattern: NAME }]), await sell(reference, [{ pattern: 'acme/unsold' }])];
    const path = `/api/customers/${encodeURIComponent(reference)}`;
    const { body } = await mirror.worker.api('GET', path, undefined, shop.token);
    assert.deepEqual(body.tokens.map(({ id }) => id).sort(), sold.map(({ id }) => id).sort());
    assert.equal((await mirror.worker.api('DELETE', path, {}, shop.token)).status, 204);
    for (const customer of sold) await expectError(await customer.get('/packages.json'), 401);
    const client = await sold[0].project();
    await client.fail('update');
  });

  it('sells nothing that it may not see itself', async () => {
    const limits = [{ pattern: 'globex/*' }];
    const { status } = await mirror.worker.api('POST', '/api/tokens', { name: 'x', kind: 'customer', customer: 'C-7', limits }, shop.token);
    assert.equal(status, 403);
  });
});
