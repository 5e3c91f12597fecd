/**
 * The cases of the confusion matrix: three upstreams in every order, each in every state, each exclusive for the name or shared.
 *
 * A case is `{ order, states, exclusive, stability }`: `order` names the upstreams by priority, the first asked first, as `"BCA"`;
 * `states` and `exclusive` speak of the positions in that order.
 */
export const STATES = ['has', 'lacks', 'down', 'slow', 'gone', 'higher']; // gone: 404 for what it once had
export const ORDERS = ['ABC', 'ACB', 'BAC', 'BCA', 'CAB', 'CBA'];

const FLAGS = [false, true];
const POSITIONS = [0, 1, 2];
const DIMENSIONS = { order: ORDERS, stability: ['stable', 'dev'], ...each('state', STATES), ...each('exclusive', FLAGS) };

/** Returns all cases of an order; the stability alternates, since it must not matter. */
export function casesOf(order) {
  const made = [];
  for (const states of tuples(STATES)) {
    for (const exclusive of tuples(FLAGS)) made.push({ order, states, exclusive, stability: DIMENSIONS.stability[made.length % 2] });
  }
  return made;
}

/**
 * Returns few cases in which every two values of different dimensions meet, and every two states while all are shared: an exclusive
 * upstream hides what the others would have done.
 */
export function coveringCases(random) {
  const open = new Set([...pairs(), ...sharedPairs()].map((pair) => JSON.stringify(pair)));
  const made = [];
  while (open.size > 0) {
    const [wanted] = open;
    const candidates = Array.from({ length: 30 }, () => ({ ...anything(random), ...JSON.parse(wanted) }));
    const gains = candidates.map((candidate) => [...open].filter((pair) => contains(candidate, JSON.parse(pair))));
    const best = gains.reduce((most, gain, i) => (gain.length > gains[most].length ? i : most), 0);
    gains[best].forEach((pair) => open.delete(pair));
    made.push(candidates[best]);
  }
  return made.map(({ order, stability, ...flat }) => ({ order, stability, states: POSITIONS.map((i) => flat[`state${i}`]), exclusive: POSITIONS.map((i) => flat[`exclusive${i}`]) }));
}

/** Returns what a case is called in the output, enough to know it again. */
export function nameOf({ order, states, exclusive, stability }) {
  const words = POSITIONS.map((i) => `${order[i]} ${states[i]}${exclusive[i] ? ' exclusively' : ''}`);
  return `${words.join(', then ')}; ${stability}`;
}

function each(word, values) {
  return Object.fromEntries(POSITIONS.map((i) => [word + i, values]));
}

function tuples(values) {
  return values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c])));
}

function pairs() {
  const names = Object.keys(DIMENSIONS);
  return names.flatMap((one, i) => names.slice(i + 1).flatMap((other) => meetings(one, other)));
}

function sharedPairs() {
  const shared = each('exclusive', false);
  return POSITIONS.flatMap((i) => POSITIONS.slice(i + 1).flatMap((j) => meetings(`state${i}`, `state${j}`).map((pair) => ({ ...pair, ...shared }))));
}

function meetings(one, other) {
  return DIMENSIONS[one].flatMap((a) => DIMENSIONS[other].map((b) => ({ [one]: a, [other]: b })));
}

function anything(random) {
  return Object.fromEntries(Object.entries(DIMENSIONS).map(([name, values]) => [name, random.pick(values)]));
}

function contains(candidate, pair) {
  return Object.entries(pair).every(([name, value]) => candidate[name] === value);
}
