/** An update of a project costs the requests that its client cannot do without, and no others; ours to upstreams likewise. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { byKind, measureUpdates } from './updates.mjs';

const PACKAGES = 60;

describe(`an update of ${PACKAGES} packages`, () => {
  let measured;
  before(async () => {
    measured = await measureUpdates({ packages: PACKAGES });
  });

  it('asks for the root, each package, each archive, and reports once, when nobody knows them', () => {
    const { requests, upstream, counters } = measured.cold;
    const { filter, ...kinds } = byKind(requests);
    assert.deepEqual(kinds, { 'packages.json': 1, p2: PACKAGES, dist: PACKAGES, downloads: 1 });
    assert.equal(new Set(requests.map(({ path }) => path)).size, requests.length, 'expected nothing to be asked for twice');
    assert.deepEqual(requests.filter(({ status }) => status >= 300), []);
    const { 'packages.json': roots, ...each } = byKind(upstream);
    assert.deepEqual(each, { p2: PACKAGES, dist: PACKAGES });
    // Of the client's twelve first requests none waits for what another one is about to read.
    assert.ok(roots <= 12, `${roots} roots`);
    assert.equal(counters.r2_puts, 2 * PACKAGES);
  });

  it('asks for the root and each package, and is told that nothing has changed, when all know them', () => {
    const { requests, upstream, counters } = measured.warm;
    const { filter, ...kinds } = byKind(requests);
    assert.deepEqual(kinds, { 'packages.json': 1, p2: PACKAGES });
    assert.deepEqual(requests.filter(({ status, path }) => status !== 304 && !path.startsWith('/filter')), []);
    assert.deepEqual(upstream, []);
    assert.equal(counters.r2_gets + counters.r2_puts + counters.r2_other, 0, JSON.stringify(counters));
    assert.ok(counters.d1_rows_written <= 1, JSON.stringify(counters));
  });
});
