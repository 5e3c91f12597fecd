-- Git hosts, read by their APIs: which repositories of an upstream are packages, and what their tags and branches are. What is
-- read becomes rows of release.

-- JSON: which repositories and organisations of a git host are wanted; empty for other kinds.
ALTER TABLE upstream ADD COLUMN selection TEXT NOT NULL DEFAULT '';

CREATE TABLE repository (
  upstream       TEXT NOT NULL,
  id             TEXT NOT NULL,              -- the host's own, which no renaming changes
  path           TEXT NOT NULL,              -- acme/tool, as the host spells it now
  url            TEXT NOT NULL,              -- to clone it
  default_branch TEXT NOT NULL,
  archived       INTEGER NOT NULL,
  stamp          TEXT NOT NULL,              -- changes at the host with every push
  etag           TEXT NOT NULL,              -- of the host's answer about it, or empty
  package        TEXT NOT NULL DEFAULT '',   -- as the default branch's composer.json has it; empty while unknown
  stage          TEXT NOT NULL DEFAULT 'due', -- due: name to be read | tags, branches: to be listed | refs: to be read | idle
  begun_stamp    TEXT NOT NULL DEFAULT '',   -- the stamp that the last look began with
  cursor         TEXT NOT NULL DEFAULT '',   -- where the list goes on
  turn_at        INTEGER NOT NULL DEFAULT 0, -- not before; the smaller comes first
  synced_at      INTEGER NOT NULL DEFAULT 0, -- when all was last read
  missing_since  INTEGER NOT NULL DEFAULT 0, -- 0, or since when the host does not list it
  problem        TEXT NOT NULL DEFAULT '',
  listed         TEXT NOT NULL DEFAULT '',   -- the names listed so far, as JSON strings each followed by a comma
  PRIMARY KEY (upstream, id)
) WITHOUT ROWID;

-- What waits. A partial index costs a row only where a repository enters or leaves it.
CREATE INDEX repository_waiting ON repository (upstream, turn_at) WHERE stage <> 'idle';

CREATE TABLE git_ref (
  upstream   TEXT NOT NULL,
  repository TEXT NOT NULL,
  name       TEXT NOT NULL,                  -- tags/v1.0 | branches/main; the origin of its release
  reference  TEXT NOT NULL,                  -- the commit
  time       TEXT NOT NULL,                  -- of the commit, or empty where the list does not have it
  version    TEXT NOT NULL,                  -- normalised, or empty if it stands for none
  rank       TEXT NOT NULL,                  -- the greater is read first: the default branch, other branches, the newest versions
  state      TEXT NOT NULL,                  -- pending | read | invalid
  problem    TEXT NOT NULL,
  PRIMARY KEY (upstream, repository, name)
) WITHOUT ROWID;

CREATE INDEX git_ref_pending ON git_ref (upstream, repository, rank) WHERE state = 'pending';
