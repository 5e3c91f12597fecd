/** Upstreams whose certificate cannot be trusted: never asked without one, never believed. */
import { certificate } from './tls/authority.mjs';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { expectError } from './expect.mjs';
import { startMirror } from './mirror.mjs';

const BAD = {
  'ups-004: has expired': { days: -1 },
  'is for another host': { place: 'DNS:example.com' },
  'is signed by nobody we trust': { signed: false },
};

for (const [name, bad] of Object.entries(BAD)) {
  describe(`an upstream whose certificate ${name}`, () => {
    let mirror;
    let known;
    before(async () => {
      const packages = ['acme/warm', 'acme/cold'].map((each) => ({ name: each, version: '1.0.0' }));
      mirror = await startMirror({ upstreams: [{ tls: certificate(), packages }] });
      known = await mirror.versions('acme/warm');
      assert.equal((await mirror.get(known[0].dist.url)).status, 200);
      mirror.upstream.present(certificate(bad));
    });
    after(() => mirror?.close());

    it('is an error for what we do not have, and not asked in any other way', async () => {
      const asked = mirror.upstream.requests.length;
      const { code } = await expectError(await mirror.get('/p2/acme/cold.json'), 502);
      assert.equal(code, 'upstream_unreachable');
      assert.equal(mirror.upstream.requests.length, asked);
    });

    it('does not matter for what we have', async () => {
      assert.deepEqual(await mirror.versions('acme/warm'), known);
      assert.equal((await mirror.get(known[0].dist.url)).status, 200);
      const client = await mirror.project({ require: { 'acme/warm': '^1.0' } });
      await client.succeed('update');
    });

    it('is asked again once it has a good one', async () => {
      mirror.upstream.present(certificate());
      assert.equal((await mirror.versions('acme/cold'))[0].version, '1.0.0');
    });
  });
}
