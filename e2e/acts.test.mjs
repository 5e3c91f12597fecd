/** Names are given up, and accepted retags are served: the acts of an administrator, seen by the real client. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectInstalled } from './expect.mjs';
import { startMirror } from './mirror.mjs';
import { referenceOf } from './upstream/release.mjs';

let mirror;
before(async () => {
  mirror = await startMirror({ upstreams: [{ auth: 'basic' }] });
});
after(() => mirror?.close());

const publish = (description) => mirror.upstream.publish(description);

describe('a retag that was accepted', () => {
  it('is told to whoever updates, and installed once it is accepted', async () => {
    const tag = { name: 'acme/retagged', version: '1.0.0' };
    const first = publish({ ...tag, reference: referenceOf('old') });
    const client = await mirror.project({ require: { 'acme/retagged': '^1.0' } });
    await client.succeed('update');
    const second = publish({ ...tag, reference: referenceOf('new') });

    const told = await client.succeed('update');
    assert.match(told, /Warning from .*: acme\/retagged 1\.0\.0\.0 names another reference at its source now/);
    await expectInstalled(client, first);

    const { body } = await mirror.worker.api('GET', '/api/alerts?state=open');
    assert.equal(body.alerts.length, 1);
    const { status } = await mirror.worker.api('POST', `/api/alerts/${body.alerts[0].id}/accept`, {});
    assert.equal(status, 200);

    const colleague = await client.checkout();
    const quiet = await client.succeed('update');
    assert.doesNotMatch(quiet, /Warning from/);
    await expectInstalled(client, second);
    await colleague.succeed('install');
    await expectInstalled(colleague, first);
  });
});

describe('a name that is given up', () => {
  it('still installs from an old lock, and belongs to whoever has it next', async () => {
    const released = publish({ name: 'acme/released', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/released': '^1.0' } });
    await client.succeed('update');
    assert.equal((await mirror.worker.api('DELETE', '/api/packages/acme/released')).status, 204);
    mirror.upstream.remove('acme/released');

    const colleague = await client.checkout();
    await colleague.succeed('install');
    await expectInstalled(colleague, released);
    assert.equal((await mirror.get('/p2/acme/released.json')).status, 404);
  });

  it('loses its bytes if they are purged, and a whole upstream does so in steps', async () => {
    publish({ name: 'acme/purged', version: '1.0.0' });
    publish({ name: 'acme/other', version: '1.0.0' });
    const client = await mirror.project({ require: { 'acme/purged': '^1.0', 'acme/other': '^1.0' } });
    await client.succeed('update');
    const url = async (name) => new URL((await client.locked(name)).dist.url).pathname;
    const other = await url('acme/other');
    mirror.upstream.remove('acme/purged');

    assert.equal((await mirror.worker.api('DELETE', '/api/packages/acme/purged?purge=true')).status, 204);
    assert.equal((await mirror.get(await url('acme/purged'))).status, 404);
    assert.equal((await mirror.get(other)).status, 200);

    const { body } = await mirror.worker.api('GET', '/api/upstreams');
    assert.equal((await mirror.worker.api('DELETE', `/api/upstreams/${body.upstreams[0].id}?purge=true`)).status, 204);
    for (let i = 0; i < 20; i++) await mirror.worker.scheduled();
    assert.equal((await mirror.get(other)).status, 404);
    // The names stay the upstream's, so that nobody else steps in; of archives only those are left that were given free before.
    for (const { versions } of (await mirror.worker.api('GET', '/api/packages')).body.packages) assert.equal(versions, 0);
    assert.deepEqual(await mirror.worker.sql('SELECT DISTINCT package FROM version'), [{ package: 'acme/released' }]);
  });
});
