/**
 * 500 packages whose upstream publishes, tags again, sends other bytes under an old reference, takes versions back and loses its
 * archives, in any order, between clients that look and load. Nothing once served ever changes.
 *
 * RETAG_SEED tells other stories; the first of a run has the seed that the output names, the next one a seed one larger.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startMirror } from './mirror.mjs';
import { seedOf, seeded } from './random.mjs';
import { playStory } from './retag/story.mjs';

const SEED = seedOf('RETAG_SEED', 20261124);
const STORIES = 500;
const AT_ONCE = 8;

describe(`${STORIES} stories of an upstream that changes its mind, of seed ${SEED}`, () => {
  let mirror;
  before(async () => {
    mirror = await startMirror({ upstreams: [{}], vars: { NEGATIVE_SECONDS: '0' } });
  });
  after(() => mirror?.close());

  it('end with the same bytes at every address, and one alert for each new reference', async () => {
    let next = 0;
    const failures = [];
    const teller = async () => {
      for (let i = next++; i < STORIES; i = next++) {
        try {
          await playStory(mirror, seeded(SEED + i), `story/s${i}`);
        } catch (error) {
          failures.push(`seed ${SEED + i}: ${error.stack}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, teller));
    assert.equal(failures.length, 0, `${failures.length} stories went wrong:\n${failures.slice(0, 5).join('\n')}`);
  });
});
