/** Requests that are nearly right: typed refusals, no word of the inside, nothing changed by what was refused. */
import { it } from 'node:test';
import { playMutations } from './mutations/run.mjs';
import { seedOf } from './random.mjs';

const COUNT = 5000;

it('a request one to three changes away from a valid one is refused with a type and without a trace, or right', async () => {
  const seed = seedOf('MUTATIONS_SEED', 4);
  const { sent, refused, accepted, runtime, logged } = await playMutations({ count: COUNT, seed });
  console.log(
    `mutations: ${sent} of seed ${seed}, ${refused} refused, ${accepted} accepted, ${runtime} stopped by the runtime; ` +
      `0 untyped failures, 0 leaks, 0 changes by a refusal, ${logged} refusals once in the log, named or counted`,
  );
});
