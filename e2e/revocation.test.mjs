/** What is taken is gone with the next request, and what may be had once is had once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playRevocations } from './revocation/rounds.mjs';
import { raceSetups } from './revocation/setup-race.mjs';

const CREDENTIALS = 300;
const INSTANCES = 5;
const AT_ONCE = 20;

describe('a credential whose power was taken', () => {
  it('is refused on the next request', async () => {
    const { refused, byWay } = await playRevocations(CREDENTIALS);
    assert.ok(Object.values(byWay).every((found) => found > 0), JSON.stringify(byWay));
    console.log(`revocation: ${refused}/${refused} refused on the next request, by ${Object.keys(byWay).length} ways: ${Object.entries(byWay).map(([way, found]) => `${found} ${way}`).join(', ')}`);
  });

  it('is refused on the next request by the isolate that did it, although it remembers others', async () => {
    const { refused } = await playRevocations(CREDENTIALS / 4, { AUTH_CACHE_SECONDS: '60' });
    console.log(`revocation with a cache: ${refused}/${refused} refused on the next request`);
  });
});

describe('a new instance', () => {
  it('is set up by one of many', async () => {
    const winners = await raceSetups(INSTANCES, AT_ONCE);
    assert.equal(winners, INSTANCES);
    console.log(`setup race: ${INSTANCES} instances by ${AT_ONCE} at a time, one winner each`);
  });
});
