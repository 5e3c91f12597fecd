/** Upstreams change what they once said. What somebody has locked stays as it was. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { expectClearError, expectError, expectInstalled } from './expect.mjs';
import { eventually } from './instance.mjs';
import { startMirror } from './mirror.mjs';
import { referenceOf } from './upstream/release.mjs';
import { faults } from './upstream/upstream.mjs';

const OLD = referenceOf('old');
const NEW = referenceOf('new');

let mirror;
before(async () => {
  mirror = await startMirror({ upstreams: [{ auth: 'basic' }] });
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);

describe('a branch that has moved', () => {
  it('installs its old bytes from an old lock, and its new ones after an update', async () => {
    const branch = { name: 'acme/moving', version: 'dev-main' };
    const before = publish({ ...branch, reference: OLD });
    const client = await mirror.project({ require: { 'acme/moving': 'dev-main' } });
    await client.succeed('update');
    mirror.upstream.removeArchives('acme/moving');
    const moved = publish({ ...branch, reference: NEW });

    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, before);

    await colleague.succeed('update');
    await expectInstalled(colleague, moved);
  });

  it('installs old bytes that nobody had loaded before it moved', async () => {
    const branch = { name: 'acme/moving-unseen', version: 'dev-main' };
    const before = publish({ ...branch, reference: OLD });
    const client = await mirror.project({ require: { 'acme/moving-unseen': 'dev-main' } });
    await client.succeed('update', '--no-install');
    publish({ ...branch, reference: NEW });
    assert.equal((await mirror.versions('acme/moving-unseen~dev'))[0].dist.reference, NEW);

    const colleague = await client.checkout();
    await colleague.succeed('install');

    await expectInstalled(colleague, before);
  });
});

describe('a stable version that was tagged again', () => {
  it('keeps its old reference although nobody had loaded it', async () => {
    const tag = { name: 'acme/retagged', version: '1.0.0' };
    const first = publish({ ...tag, reference: OLD });
    const [seen] = await mirror.versions('acme/retagged');
    publish({ ...tag, reference: NEW });

    const served = await mirror.versions('acme/retagged');

    assert.deepEqual(served.map(({ version, dist }) => [version, dist.reference, dist.url]), [['1.0.0', OLD, seen.dist.url]]);
    await expectError(await mirror.get(seen.dist.url.replace(OLD, NEW)), 404);
    const client = await mirror.project({ require: { 'acme/retagged': '^1.0' } });
    await client.succeed('update');
    await expectInstalled(client, first);
    assert.deepEqual(mirror.upstream.asked(`/dist/acme-retagged/1.0.0-${NEW}`), []);
  });

  it('does not keep new versions from being offered', async () => {
    publish({ name: 'acme/retagged-once', version: '1.0.0', reference: OLD });
    await mirror.versions('acme/retagged-once');
    publish({ name: 'acme/retagged-once', version: '1.0.0', reference: NEW });
    const next = publish({ name: 'acme/retagged-once', version: '1.1.0' });

    const client = await mirror.project({ require: { 'acme/retagged-once': '^1.0' } });
    await client.succeed('update');

    await expectInstalled(client, next);
  });
});

describe('new bytes under a known reference', () => {
  it('are refused, and the old ones still served', async () => {
    const version = { name: 'acme/rewritten', version: '1.0.0', reference: OLD };
    const original = publish(version);
    const client = await mirror.project({ require: { 'acme/rewritten': '^1.0' } });
    await client.succeed('update');
    const url = (await client.locked('acme/rewritten')).dist.url;
    const rewritten = publish(version);
    assert.notEqual(rewritten.sha1, original.sha1);

    const stranger = await mirror.project({ require: { 'acme/rewritten': '^1.0' } });
    await stranger.succeed('update');

    await expectInstalled(stranger, original);
    assert.equal((await stranger.locked('acme/rewritten')).dist.url, url);
    assert.equal(await sha1(await mirror.get(url)), original.sha1);
  });
});

describe('an archive that does not arrive whole', () => {
  const damages = {
    'cut short, with no shasum to tell': () => mirror.upstream.fault('/dist/', faults.truncate()),
    'cut short': () => mirror.upstream.fault('/dist/', faults.truncate()),
    'changed on the way': () => mirror.upstream.fault('/dist/', faults.corrupt()),
    'replaced by a login page': () => mirror.upstream.fault('/dist/', faults.html()),
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`is never stored, and works once it does: ${name}`, async () => {
      const shasum = name.includes('no shasum') ? 'none' : 'right';
      const whole = publish({ name: `acme/damaged-${name.replace(/\W+/g, '-')}`, version: '1.0.0', size: 100_000, shasum });
      await neverServedUntil(whole, damage());
    });
  }

  it('is never stored with a shasum that is not its own', async () => {
    const description = { name: 'acme/mislabelled', version: '1.0.0' };
    const mislabelled = publish({ ...description, shasum: 'wrong' });
    const heal = () => {
      // The very same archive, now with the shasum it should have had from the start.
      mirror.upstream.remove(description.name, description.version);
      assert.equal(publish(description).sha1, mislabelled.sha1);
    };
    await neverServedUntil(mislabelled, heal);
  });

  it('is given up in time when the upstream stalls', async () => {
    const slow = publish({ name: 'acme/stalled', version: '1.0.0', size: 100_000 });
    const [{ dist }] = await mirror.versions('acme/stalled');
    const heal = mirror.upstream.fault('/dist/', faults.stall());
    await expectUpstreamError(await mirror.get(dist.url));
    heal();
    await eventually(async () => assert.equal(await sha1(await mirror.get(dist.url)), slow.sha1));
  });
});

async function neverServedUntil(release, heal) {
  const { name } = release.metadata;
  const client = await mirror.project({ require: { [name]: '^1.0' } });
  expectClearError(await client.fail('update'), /50[234]|could not be (fully loaded|downloaded)/);
  const { dist } = await client.locked(name);
  await expectUpstreamError(await mirror.get(dist.url));

  heal();

  await eventually(async () => {
    client.freshCache();
    await client.succeed('update');
  });
  await expectInstalled(client, release);
  assert.equal(await sha1(await mirror.get((await client.locked(name)).dist.url)), release.sha1);
}

async function expectUpstreamError(response) {
  assert.ok([502, 503, 504].includes(response.status), `expected an upstream error but found ${response.status}`);
  await expectError(response, response.status);
}

async function sha1(response) {
  assert.equal(response.status, 200);
  return createHash('sha1').update(Buffer.from(await response.arrayBuffer())).digest('hex');
}
