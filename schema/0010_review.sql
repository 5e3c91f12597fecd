-- Access reviews: who could do what at a moment, frozen and signed, and what was decided about each of it.

CREATE TABLE review (
  id         TEXT PRIMARY KEY NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  items      INTEGER NOT NULL,
  sha256     TEXT NOT NULL,               -- of the snapshot, hex
  note       TEXT NOT NULL,               -- signed with the key of the audit log: id, time, sha256
  closed_at  INTEGER,
  closed_by  TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- The snapshot, one item a line as JSON, in pieces that a row can hold.
CREATE TABLE review_page (
  review     TEXT NOT NULL,
  page       INTEGER NOT NULL,
  body       TEXT NOT NULL,
  PRIMARY KEY (review, page)
) WITHOUT ROWID;

CREATE TABLE review_decision (
  review     TEXT NOT NULL,
  kind       TEXT NOT NULL,               -- person | token | rule
  item       TEXT NOT NULL,               -- its id
  decision   TEXT NOT NULL,               -- keep | revoke
  reason     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  by         TEXT NOT NULL,
  PRIMARY KEY (review, kind, item)
) WITHOUT ROWID;

-- What ran here since when: a row for each build and configuration that was seen, written with the cron.
CREATE TABLE deployment (
  number     INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  build      TEXT NOT NULL,               -- what the deployment says of itself: commit and SHA-256 of the bundle; may be empty
  config     TEXT NOT NULL                -- SHA-256 over its variables and the presence of its secrets, hex
);
