-- The first tables. Integers are milliseconds since 1970 unless they say otherwise; texts are keys, so tables keyed by text
-- have no rowid: each row costs one written row and no index.

CREATE TABLE setting (
  name  TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE token (
  hash       TEXT PRIMARY KEY NOT NULL,   -- SHA-256 of "token-v1:" and the token, hex; the token itself is never stored
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,               -- read | admin
  patterns   TEXT NOT NULL,               -- package patterns, separated by spaces
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  last_used  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE upstream (
  id         TEXT PRIMARY KEY NOT NULL,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,               -- composer
  url        TEXT NOT NULL,
  priority   INTEGER NOT NULL,            -- the smaller is asked first
  patterns   TEXT NOT NULL,               -- package patterns, separated by spaces
  exclusive  INTEGER NOT NULL,            -- 1: what the patterns match is asked for nowhere else
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE credential (
  upstream   TEXT PRIMARY KEY NOT NULL,
  kind       TEXT NOT NULL,               -- basic | bearer | header
  origin     TEXT NOT NULL,               -- the only origin that ever receives it
  sealed     TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE package (
  name       TEXT PRIMARY KEY NOT NULL,
  upstream   TEXT NOT NULL,               -- the owner: nobody else is asked for this name
  owned_at   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE document (
  package           TEXT NOT NULL,
  dev               INTEGER NOT NULL,     -- 1: the ~dev document
  object            TEXT NOT NULL,        -- document/<id>: what clients read, then every (version, reference) ever advertised
  size              INTEGER NOT NULL,     -- bytes of the first part
  advertised_size   INTEGER NOT NULL,     -- bytes of the second
  digest            TEXT NOT NULL,        -- SHA-256 of the object, hex
  versions          INTEGER NOT NULL,
  last_modified     INTEGER NOT NULL,     -- whole seconds × 1000; rises with every change
  upstream_modified TEXT NOT NULL,        -- the upstream's Last-Modified, or empty
  upstream_etag     TEXT NOT NULL,        -- the upstream's ETag, or empty
  fresh_until       INTEGER NOT NULL,
  missing_since     INTEGER NOT NULL,     -- 0, or since when the upstream answers 404
  base_url          TEXT NOT NULL,        -- what the dist URLs inside begin with
  generation        INTEGER NOT NULL,
  PRIMARY KEY (package, dev)
) WITHOUT ROWID;

-- The ledger of stored archives. What stands here is never replaced.
CREATE TABLE version (
  package    TEXT NOT NULL,
  version    TEXT NOT NULL,               -- as in the dist URL: normalised, or its md5 if it holds a slash
  reference  TEXT NOT NULL,               -- as in the dist URL: the reference, its md5, or n and 16 digits if it has none
  type       TEXT NOT NULL,               -- zip | tar | …
  artifact   TEXT NOT NULL,               -- artifact/<id>
  sha256     TEXT NOT NULL,
  sha1       TEXT NOT NULL,
  size       INTEGER NOT NULL,            -- bytes
  upstream   TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  state      TEXT NOT NULL,               -- stored | quarantined
  PRIMARY KEY (package, version, reference)
) WITHOUT ROWID;

-- Multipart uploads under way, written before part 1: the store cannot list them, so this is how they are found and aborted.
CREATE TABLE upload (
  object     TEXT PRIMARY KEY NOT NULL,
  upload     TEXT NOT NULL,
  started_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Names that no upstream has, for a while.
CREATE TABLE negative (
  package    TEXT NOT NULL,
  dev        INTEGER NOT NULL,
  until      INTEGER NOT NULL,
  PRIMARY KEY (package, dev)
) WITHOUT ROWID;

-- Things a person should look at: a retag, changed bytes. Once for each subject.
CREATE TABLE alert (
  kind       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  detail     TEXT NOT NULL,
  raised_at  INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) WITHOUT ROWID;

CREATE TABLE audit (
  seq        INTEGER PRIMARY KEY,       -- not AUTOINCREMENT: that would double the rows written
  at         INTEGER NOT NULL,
  request    TEXT NOT NULL,
  actor      TEXT NOT NULL,               -- token:<id> | setup | system | anonymous
  action     TEXT NOT NULL,               -- verb.object, from a closed list
  target     TEXT NOT NULL,
  outcome    TEXT NOT NULL,               -- allow | deny | error
  status     INTEGER NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL,
  detail     TEXT NOT NULL                -- JSON; secrets only as "(set)"
);

-- Reads, collected in an isolate: one row for up to 500 events.
CREATE TABLE audit_segment (
  isolate    TEXT NOT NULL,
  first      INTEGER NOT NULL,            -- number of the first event in this isolate, from 1 and without gaps
  events     INTEGER NOT NULL,
  from_at    INTEGER NOT NULL,
  to_at      INTEGER NOT NULL,
  body       TEXT NOT NULL,               -- one event a line, fields separated by tabs
  PRIMARY KEY (isolate, first)
) WITHOUT ROWID;
