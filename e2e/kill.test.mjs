/** An instance that is killed in the midst of everything; scripts/soak kills it more often. */
import { it } from 'node:test';
import { soundAfterKills } from './kill/run.mjs';
import { seedOf } from './random.mjs';

const KILLS = 20;

it('an instance that is killed loses nothing that it has acknowledged, tears nothing, and its log proves it', async () => {
  const { line } = await soundAfterKills({ kills: KILLS, seed: seedOf('KILL_SEED', Date.now() % 1e9) });
  console.log(`kill: ${line}`);
});
