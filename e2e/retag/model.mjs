/**
 * What a mirror has to say of one package whose upstream changes its mind, told from the rules alone:
 *
 * - a stable version keeps the reference that it was first seen with; another one is refused, and alerted once for each new reference.
 * - the same reference may state another SHA-1 until its bytes are stored; afterwards that is refused and alerted likewise.
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
  #served = new Map(); // version → { reference, key }
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

  /** The mirror has looked; returns what clients are then shown: `version → { reference, sha1 }`, where either SHA-1 or none will do. */
  refresh() {
    const next = new Map();
    for (const [version, { metadata }] of this.#listed) {
      const entry = this.#accept(version, metadata.dist) ?? this.#served.get(version);
      if (entry !== undefined) next.set(version, entry);
    }
    if (![...this.#listed.keys()].some(isBranch)) for (const [version, entry] of this.#served) if (isBranch(version)) next.set(version, entry);
    this.#served = next;
    return next;
  }

  #accept(version, { reference, url, shasum }) {
    const key = keyOf(version, reference);
    const isStable = !isBranch(version);
    if (isStable && !this.#pinned.has(version)) this.#pinned.set(version, reference);
    const stored = this.#stored.get(key);
    const other = (isStable && this.#pinned.get(version) !== reference) || (stored !== undefined && shasum !== '' && shasum !== stored);
    if (other) {
      this.#alerts.add(key);
      return undefined;
    }
    if (stored === undefined) this.#known.set(key, { url, sha1: shasum });
    return { reference, sha1: shasum || stored || '' };
  }

  /** A client asks for an archive; returns `{ status, sha1 }`. */
  download(version, reference) {
    const key = keyOf(version, reference);
    const known = this.#known.get(key);
    if (known === undefined) return { status: 404 };
    if (this.#stored.has(key)) return { status: 200, sha1: this.#stored.get(key) };
    const there = this.#archives.get(known.url);
    if (there === undefined) return { status: 410 };
    if (known.sha1 !== '' && known.sha1 !== there) return { status: 502 };
    this.#stored.set(key, there);
    return { status: 200, sha1: there };
  }

  /** What a person was told: each refused (version, reference) once. */
  alerts() {
    return [...this.#alerts].sort();
  }
}

/** Returns a version with one of its references, as alerts name it. */
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
