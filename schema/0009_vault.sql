-- The keys that seal records, by id: their bytes are secrets of the deployment and never here. The one that was activated last
-- seals; while there is none, the deployment's ACTIVE_KEY does.
CREATE TABLE sealing_key (
  id           TEXT PRIMARY KEY NOT NULL,
  added_at     INTEGER NOT NULL,          -- since when no isolate was seen that lacks it
  activated_at INTEGER NOT NULL DEFAULT 0,
  retired_at   INTEGER NOT NULL DEFAULT 0 -- since then nothing can be stored that it sealed
) WITHOUT ROWID;

-- How a credential fares: it is tried once a day.
ALTER TABLE credential ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;      -- as an administrator said, or 0
ALTER TABLE credential ADD COLUMN seen_expires_at INTEGER NOT NULL DEFAULT 0; -- as the upstream said, or 0
ALTER TABLE credential ADD COLUMN ok_at INTEGER NOT NULL DEFAULT 0;           -- when it last worked, or 0
ALTER TABLE credential ADD COLUMN failed_at INTEGER NOT NULL DEFAULT 0;       -- when trying it last failed, or 0
ALTER TABLE credential ADD COLUMN problem TEXT NOT NULL DEFAULT '';           -- why the last try failed, in a word, or empty
