-- Work in the background, and what it needs to find its subjects.

-- 0: asked for nothing; the names it owns stay owned.
ALTER TABLE upstream ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;

-- What is done in steps, a step at a time. Rows are made by the code that knows the kinds.
CREATE TABLE job (
  kind        TEXT NOT NULL,              -- feed | refresh | scrub | sweep | …
  subject     TEXT NOT NULL,              -- an upstream's id, or empty
  cursor      TEXT NOT NULL,              -- where the last step ended; only its kind can read it
  not_before  INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,           -- 0, or until when the step under way has it for itself
  tries       INTEGER NOT NULL,           -- steps begun since one last succeeded
  ran_at      INTEGER NOT NULL,           -- when the last step that succeeded began, or 0
  problem     TEXT NOT NULL,              -- why the last step failed, in a word, or empty; cut_off while one is under way
  PRIMARY KEY (kind, subject)
) WITHOUT ROWID;

-- What is known to be stale. A partial index costs a row only where a document enters or leaves it.
CREATE INDEX document_stale ON document (package, dev) WHERE fresh_until = 0;

-- What has changed since a time: the feed for those who mirror us.
CREATE INDEX document_changed ON document (last_modified);
