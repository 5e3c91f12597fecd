-- Packages whose upstream is no Composer repository: what was published here, and what is in a git host. A row is a version as
-- Composer's files list it; mirror/Mirror reads these rows as it would read an upstream's file.
CREATE TABLE release (
  upstream   TEXT NOT NULL,
  package    TEXT NOT NULL,
  version    TEXT NOT NULL,               -- normalised
  dev        INTEGER NOT NULL,            -- 1: in the ~dev document
  manifest   TEXT NOT NULL,               -- the version's composer.json with name, version, dist and time, as one JSON object
  origin     TEXT NOT NULL,               -- what it was made of: a row of another table, in that room's words
  yanked_at  INTEGER NOT NULL DEFAULT 0,  -- not 0: not listed any more; its archive stays, for locks
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (upstream, package, version)
) WITHOUT ROWID;

-- One row for each package of releases: moves with every change of them, so that one read says whether there was one.
CREATE TABLE released (
  upstream   TEXT NOT NULL,
  package    TEXT NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (upstream, package)
) WITHOUT ROWID;
