/**
 * The list of changes of a repository, with packagist.org's rules: times of 1/10000 s, one action for each file that changed,
 * an error without a time, and "resync" for a time that lies too far back.
 *
 * @see https://packagist.org/apidoc#track-package-updates
 */
export const FEED_PATH = '/metadata/changes.json';

const FILE = /\/p2\/(.+)\.json$/;

export class Feed {
  #actions = new Map();
  #begun = now();

  /** Notes what differs between two maps from path to document. */
  compare(before, after) {
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const [, name] = FILE.exec(path) ?? [];
      if (name === undefined || before.get(path) === after.get(path)) continue;
      this.#actions.set(name, { type: after.has(path) ? 'update' : 'delete', at: now() });
    }
  }

  /** Returns the answer to a client that asks for what has changed since a time. */
  answer(since) {
    const timestamp = now();
    if (!/^\d+$/.test(since ?? '')) return { status: 400, body: { error: 'Invalid or missing "since" query parameter', timestamp } };
    // As packagist.org keeps a day, so this one keeps what happened while it ran, and an hour before that.
    if (Number(since) < this.#begun - 36_000_000) return { status: 200, body: { actions: [{ type: 'resync', time: seconds(timestamp), package: '*' }], timestamp } };
    const actions = [...this.#actions]
      .filter(([, { at }]) => at >= Number(since) && at < timestamp)
      .map(([name, { type, at }]) => ({ type, package: name, time: seconds(at) }));
    return { status: 200, body: { actions, timestamp } };
  }
}

function now() {
  return Date.now() * 10;
}

function seconds(time) {
  return Math.floor(time / 10_000);
}
