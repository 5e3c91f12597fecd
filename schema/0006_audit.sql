-- The audit log proves itself: each row has a hash, a chain links the rows, its heads are signed, old rows go to the archive.

ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT ''; -- SHA-256 over all columns but seq, hex, made with the row

-- Anew, with a number that the chain can follow; a key by isolate would cost a second written row.
CREATE TABLE audit_reads (
  seq        INTEGER PRIMARY KEY,         -- not AUTOINCREMENT, as in audit
  isolate    TEXT NOT NULL,
  first      INTEGER NOT NULL,            -- number of the first event in this isolate, from 1; a gap is a loss
  events     INTEGER NOT NULL,
  from_at    INTEGER NOT NULL,
  to_at      INTEGER NOT NULL,
  body       TEXT NOT NULL,               -- one event a line, fields separated by tabs
  hash       TEXT NOT NULL DEFAULT ''     -- SHA-256 over all columns but seq, hex
);
INSERT INTO audit_reads (isolate, first, events, from_at, to_at, body, hash)
SELECT isolate, first, events, from_at, to_at, body, '' FROM audit_segment ORDER BY from_at, isolate, first;
DROP TABLE audit_segment;
ALTER TABLE audit_reads RENAME TO audit_segment;

-- The chain. Each seal links the rows that came since the one before it, first of audit, then of audit_segment, each by seq.
CREATE TABLE seal (
  number       INTEGER PRIMARY KEY,       -- from 1 without gaps: of two sealers that make the same number, one fails
  at           INTEGER NOT NULL,
  audit_upto   INTEGER NOT NULL,          -- the last row of audit that is linked
  segment_upto INTEGER NOT NULL,          -- the last row of audit_segment that is linked
  entries      INTEGER NOT NULL,          -- how many rows are linked since the beginning
  head         TEXT NOT NULL,             -- SHA-256 of the head before, the stream, the row's seq and its hash, hex
  note         TEXT NOT NULL              -- the signed checkpoint
);

-- Old parts of the log, moved to the object store. The last columns are those of the last seal in it.
CREATE TABLE audit_archive (
  first_seal   INTEGER PRIMARY KEY,       -- of two that move the same part, one fails
  object       TEXT NOT NULL,             -- audit/…ndjson.gz; empty once its retention is over
  sha256       TEXT NOT NULL,             -- of the object, hex
  size         INTEGER NOT NULL,          -- of the object, bytes
  number       INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  audit_upto   INTEGER NOT NULL,
  segment_upto INTEGER NOT NULL,
  entries      INTEGER NOT NULL,
  head         TEXT NOT NULL,
  note         TEXT NOT NULL
);
