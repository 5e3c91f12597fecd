/**
 * What a mirror has to say of one package whose upstream changes its mind, told from the rules alone:
 *
 * - a stable version keeps the reference that it was first seen with; another one is refused, and alerted once for each new reference.
 * - the same reference may state another SHA-1 until its bytes are stored; afterwards that is refused, and alerted once for each SHA-1.
 * - a branch may move to any reference; each reference has bytes of its own.
 * - a list of branches that has become empty is one that vanished: it is served as it was, for a day.
 * - an archive is what its upstream stated when last seen, or it is not stored; what is stored stays, whatever the upstream does.
 */
export class Model {
  #listed = new Map(); // version → the release that the upstream lists
  #archives = new Map(); // the upstream's URL → SHA-1 of what lies there
  #pinned = new Map(); // stable version → the reference first seen
  #known = new Map(); // key → { url, sha1 } as last seen
  #stored = new Map(); // key → SHA-1
  #served = new Map(); // version → reference
  #alerts = new Set();

  /** The upstream lists a release. */
  publish(release) {
    this.#listed.set(release.metadata.version, release);
    this.#archives.set(release.metadata.dist.url, release.sha1);
  }

  unpublish(version) {
    this.#listed.delete(version);
  }

  loseArchives() {
    this.#archives.clear();
  }

  listed() {
    return [...this.#listed.values()].map(({ metadata }) => metadata);
  }

  /** The mirror has looked; returns what clients are then shown: `version → { reference, sha1 }`, where that SHA-1 or none will do. */
  refresh() {
    this.#look(false);
    this.#look(true);
    return new Map([...this.#served].map(([version, reference]) => [version, { reference, sha1: this.#sha1(keyOf(version, reference)) }]));
  }

  /** The mirror has looked at one of the two files: that of branches, or that of releases. */
  #look(branches) {
    const listed = [...this.#listed].filter(([version]) => isBranch(version) === branches);
    if (branches && listed.length === 0) return;
    const before = new Map([...this.#served].filter(([version]) => isBranch(version) === branches));
    for (const version of before.keys()) this.#served.delete(version);
    for (const [version, { metadata }] of listed) {
      const reference = this.#accepts(version, metadata.dist) ? metadata.dist.reference : before.get(version);
      if (reference !== undefined) this.#served.set(version, reference);
    }
  }

  #hasBranches() {
    return [...this.#served.keys()].some(isBranch);
  }

  #sha1(key) {
    return this.#stored.get(key) ?? this.#known.get(key).sha1;
  }

  #accepts(version, { reference, url, shasum }) {
    const key = keyOf(version, reference);
    if (!isBranch(version)) {
      if (!this.#pinned.has(version)) this.#pinned.set(version, reference);
      if (this.#pinned.get(version) !== reference) return this.#refuse(`retag ${key}`);
    }
    const stored = this.#stored.get(key);
    if (stored !== undefined && shasum !== '' && shasum !== stored) return this.#refuse(`bytes ${key} ${shasum}`);
    if (stored === undefined) this.#known.set(key, { url, sha1: shasum });
    return true;
  }

  #refuse(alert) {
    this.#alerts.add(alert);
    return false;
  }

  /** What clients are shown now: pairs of version and reference. */
  served() {
    return [...this.#served];
  }

  /** A client asks for an archive; returns `{ status, sha1 }`. */
  download(version, reference) {
    const key = keyOf(version, reference);
    // Somebody's lock may know of branches that nobody has asked for yet: the mirror looks before it says no.
    if (!this.#known.has(key) && !this.#hasBranches()) this.#look(true);
    const known = this.#known.get(key);
    if (known === undefined) return { status: 404 };
    if (this.#stored.has(key)) return { status: 200, sha1: this.#stored.get(key) };
    const there = this.#archives.get(known.url);
    if (there === undefined) return { status: 410 };
    if (known.sha1 !== '' && known.sha1 !== there) return { status: 502 };
    this.#stored.set(key, there);
    return { status: 200, sha1: there };
  }

  /** What a person was told, each once: `retag` or `bytes`, version, reference, and for bytes their SHA-1. */
  alerts() {
    return [...this.#alerts].sort();
  }
}

/** Returns a version with one of its references. */
export function keyOf(version, reference) {
  return `${normalized(version)} ${reference}`;
}

/** Returns a version as Composer normalises those of the stories. */
export function normalized(version) {
  return isBranch(version) ? version : `${version}.0`;
}

export function isBranch(version) {
  return version.startsWith('dev-');
}
