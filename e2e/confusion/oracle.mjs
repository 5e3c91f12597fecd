/**
 * What has to come of a case, told from the rules alone:
 *
 * - upstreams have a priority; one may be exclusive for a name. Then nobody but exclusive ones is ever asked for it.
 * - the first by priority that has the name owns it, and that sticks: whatever the others offer later, and whatever the owner does.
 * - an owner that fails means what we have of it, or an error; never the next upstream.
 * - an upstream that fails before anybody owns the name might be the owner: an error, and nobody behind it is asked.
 *
 * Each case has a first act, in which nobody has the name but those that will be `gone` later; and a second one, in which all are
 * as their states say.
 */

/** Returns `{ first, second }`, each `{ asked, outcome }`: who may be asked (upstreams, in order), and what the client gets. */
export function expected({ order, states, exclusive }) {
  const allowed = [0, 1, 2].filter((i) => !exclusive.includes(true) || exclusive[i]);
  const first = walk(order, allowed, (i) => (states[i] === 'gone' ? 'has' : 'lacks'));
  if (first.owner === undefined) return { first, second: walk(order, allowed, (i) => states[i]) };
  const kept = { asked: [order[first.owner]], outcome: first.outcome };
  return { first, second: kept };
}

function walk(order, allowed, stateOf) {
  const asked = [];
  for (const i of allowed) {
    asked.push(order[i]);
    switch (stateOf(i)) {
      case 'has':
        return { asked, owner: i, outcome: { from: order[i], version: '1.0.0' } };
      case 'higher':
        return { asked, owner: i, outcome: { from: order[i], version: '99.0.0' } };
      case 'down':
      case 'slow':
        return { asked, outcome: 'error' };
      default: // lacks, or gone without ever having been seen
    }
  }
  return { asked, outcome: 'absent' };
}
