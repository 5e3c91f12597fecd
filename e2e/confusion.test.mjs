/**
 * Nobody slips a package in under a name that is somebody else's: not while its owner is away, not with a higher version, not by
 * having it first elsewhere. A sample in which every two circumstances meet; `scripts/soak` plays all of them.
 *
 * CONFUSION_SEED draws another sample.
 */
import { after, before, describe, it } from 'node:test';
import { coveringCases, nameOf } from './confusion/cases.mjs';
import { expected } from './confusion/oracle.mjs';
import { startScene } from './confusion/scene.mjs';
import { seedOf, seeded } from './random.mjs';

const SEED = seedOf('CONFUSION_SEED', 20261124);
const cases = coveringCases(seeded(SEED)).map((each, index) => ({ ...each, index }));
const waits = ({ order, states, ...rest }) => expected({ order, states, ...rest }).second.asked.some((slot) => states[order.indexOf(slot)] === 'slow');

describe(`${cases.length} cases of three upstreams, of seed ${SEED}`, { concurrency: 2 }, () => {
  let scene;
  before(async () => {
    scene = await startScene(cases);
  });
  after(() => scene?.close());

  describe('that wait for a slow one', { concurrency: true }, () => {
    for (const each of cases.filter(waits)) it(nameOf(each), () => scene.play(each.index));
  });

  describe('that do not', { concurrency: 3 }, () => {
    for (const each of cases.filter((each) => !waits(each))) it(nameOf(each), () => scene.play(each.index));
  });
});
