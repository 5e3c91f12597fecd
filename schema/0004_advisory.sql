-- What upstreams offer beside packages.

-- JSON: advisories, filter lists and a change feed, as the upstream's packages.json names them; empty until it was read.
ALTER TABLE upstream ADD COLUMN features TEXT NOT NULL DEFAULT '';

-- The keys beside the packages of a document, as its upstream wrote them (JSON), so that advisories of our own can be added and
-- taken away again; empty for a document that was written before this was noted.
ALTER TABLE document ADD COLUMN extras TEXT NOT NULL DEFAULT '';

-- Our own advisories. A withdrawn one stays as a row, so that the latest change of a package's advisories only ever rises.
CREATE TABLE advisory (
  package      TEXT NOT NULL,
  id           TEXT NOT NULL,
  body         TEXT NOT NULL,             -- the JSON object that Composer reads
  created_at   INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  withdrawn_at INTEGER,
  PRIMARY KEY (package, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX advisory_id ON advisory (id);

-- What upstreams last answered about packages, for when they are down. Written only where an answer differs.
CREATE TABLE relayed (
  package      TEXT NOT NULL,
  kind         TEXT NOT NULL,             -- advisories | filter
  upstream     TEXT NOT NULL,
  answer       TEXT NOT NULL,             -- JSON; empty if the upstream does not know the package
  PRIMARY KEY (package, kind, upstream)
) WITHOUT ROWID;

-- Questions that were answered a moment ago: the same set of packages need not be asked for again.
CREATE TABLE relay_check (
  question     TEXT PRIMARY KEY NOT NULL, -- SHA-256 of the packages and of the upstreams, hex
  fresh_until  INTEGER NOT NULL
) WITHOUT ROWID;

-- What filter lists say, as the upstreams' summaries have it.
CREATE TABLE filter_entry (
  package      TEXT NOT NULL,
  list         TEXT NOT NULL,
  upstream     TEXT NOT NULL,
  versions     TEXT NOT NULL,             -- a constraint
  PRIMARY KEY (package, list, upstream)
) WITHOUT ROWID;

CREATE TABLE filter_summary (
  upstream     TEXT PRIMARY KEY NOT NULL,
  digest       TEXT NOT NULL,             -- SHA-256 of the file, hex
  modified     TEXT NOT NULL,             -- its Last-Modified, or empty
  etag         TEXT NOT NULL,             -- its ETag, or empty
  fresh_until  INTEGER NOT NULL
) WITHOUT ROWID;

-- When the filter lists last changed for somebody; it rises with root_modified, and with every summary that differs.
INSERT INTO setting (name, value) SELECT 'filter_modified', value FROM setting WHERE name = 'root_modified';
