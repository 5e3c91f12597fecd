/** Chance that can be had again: everything a seeded test draws comes from here, and its seed stands in the test's output. */

/** Returns a source of chance; the same seed draws the same. */
export function seeded(seed) {
  let state = seed >>> 0;
  // mulberry32: 32 bits of state are plenty for a test, and one line tells it all.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return {
    /** A whole number from `from` to `to`, both possible. */
    between: (from, to) => from + below(to - from + 1),
    /** Whether something happens that happens in `share` of all cases. */
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)],
    /** Some of a list, each at most once, in the order drawn. */
    some(list, count) {
      const left = [...list];
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0]);
    },
  };
}

/** Returns the seed that a variable of the environment names, else the given one: how a failure is seen again. */
export function seedOf(variable, otherwise) {
  return Number(process.env[variable] ?? otherwise);
}
