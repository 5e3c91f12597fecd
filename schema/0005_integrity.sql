-- Alerts that can be looked at and decided: what was offered, what is served instead, and what somebody decided about it.
ALTER TABLE alert ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN package TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN version TEXT NOT NULL DEFAULT '';      -- normalised
ALTER TABLE alert ADD COLUMN reference TEXT NOT NULL DEFAULT '';    -- the one that was offered, or empty
ALTER TABLE alert ADD COLUMN shasum TEXT NOT NULL DEFAULT '';       -- the SHA-1 that was stated for it, or empty
ALTER TABLE alert ADD COLUMN path TEXT NOT NULL DEFAULT '';         -- where it is under its package once it is accepted
ALTER TABLE alert ADD COLUMN served TEXT NOT NULL DEFAULT '';       -- the path of what was served when it was refused
ALTER TABLE alert ADD COLUMN state TEXT NOT NULL DEFAULT 'open';    -- open | accepted | dismissed
ALTER TABLE alert ADD COLUMN decided_at INTEGER NOT NULL DEFAULT 0;

-- Those from before: "vendor/name version reference", and "vendor/name/version/rkey.type".
UPDATE alert SET id = lower(hex(randomblob(8)));
UPDATE alert
SET package = substr(subject, 1, instr(subject, ' ') - 1), version = substr(subject, instr(subject, ' ') + 1)
WHERE kind = 'retag';
UPDATE alert
SET reference = substr(version, instr(version, ' ') + 1), version = substr(version, 1, instr(version, ' ') - 1)
WHERE kind = 'retag';
UPDATE alert
SET path = substr(subject, instr(subject, '/') + 1), package = substr(subject, 1, instr(subject, '/'))
WHERE kind = 'dist';
UPDATE alert
SET package = package || substr(path, 1, instr(path, '/') - 1), path = substr(path, instr(path, '/') + 1)
WHERE kind = 'dist';

-- rewrite: our URL is the only one. mirror: the upstream's URLs stay, and ours stand before them.
ALTER TABLE upstream ADD COLUMN mode TEXT NOT NULL DEFAULT 'rewrite';

-- What is to be purged, in steps.
CREATE TABLE purge (
  subject    TEXT PRIMARY KEY NOT NULL,   -- package:<name> or upstream:<id>, so packages come first
  after      TEXT NOT NULL,               -- of an upstream: the last package that was seen to
  asked_at   INTEGER NOT NULL
) WITHOUT ROWID;
