/** An update of a project costs the requests that its client cannot do without, and no others; ours to upstreams likewise. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { byKind, measureUpdates } from './updates.mjs';

const PACKAGES = 60;
// What clients since 2.9 ask to block what is weak or harmful: each once, whatever the number of packages.
const NEWER = /^\/(filter|security-advisories)/;

describe(`an update of ${PACKAGES} packages`, () => {
  let measured;
  before(async () => {
    measured = await measureUpdates({ packages: PACKAGES });
  });

  it('asks for the root, each package, each archive, and reports once, when nobody knows them', () => {
    const { requests, upstream, counters } = measured.cold;
    const kinds = ofPackages(requests);
    assert.deepEqual(kinds, { 'packages.json': 1, p2: PACKAGES, dist: PACKAGES, downloads: 1 });
    assert.equal(new Set(requests.map(({ path }) => path)).size, requests.length, 'expected nothing to be asked for twice');
    assert.deepEqual(requests.filter(({ status }) => status >= 300), []);
    const { 'packages.json': roots = 0, ...each } = byKind(upstream);
    assert.deepEqual(each, { p2: PACKAGES, dist: PACKAGES });
    // It may be known already; else none of the client's twelve first requests waits for what another one is about to read.
    assert.ok(roots <= 12, `${roots} roots`);
    assert.equal(counters.r2_puts, 2 * PACKAGES);
  });

  it('asks for the root and each package, and is told that nothing has changed, when all know them', () => {
    const { requests, upstream, counters } = measured.warm;
    const kinds = ofPackages(requests);
    assert.deepEqual(kinds, { 'packages.json': 1, p2: PACKAGES });
    assert.deepEqual(requests.filter(({ status, path }) => status !== 304 && !NEWER.test(path)), []);
    assert.deepEqual(upstream, []);
    assert.equal(counters.r2_gets + counters.r2_puts + counters.r2_other, 0, JSON.stringify(counters));
    assert.ok(counters.d1_rows_written <= 1, JSON.stringify(counters));
  });
});

/** Returns how many requests there were of each kind, but for those of newer clients, which are few. */
function ofPackages(requests) {
  const newer = requests.filter(({ path }) => NEWER.test(path));
  assert.ok(newer.length <= 3, JSON.stringify(newer));
  return byKind(requests.filter((each) => !newer.includes(each)));
}
