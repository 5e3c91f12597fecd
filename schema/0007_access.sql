-- Who may do what. A token carries a role or single rights, and conditions; what it may do is never more than the person
-- behind it may do when it is used.

ALTER TABLE token ADD COLUMN rights TEXT NOT NULL DEFAULT '';     -- a role, or rights separated by spaces; empty: as kind has it
ALTER TABLE token ADD COLUMN person TEXT NOT NULL DEFAULT '';     -- the person behind it, or empty; what that one may not, it may not
ALTER TABLE token ADD COLUMN addresses TEXT NOT NULL DEFAULT '';  -- CIDR ranges it may be used from, separated by spaces; empty: all
ALTER TABLE token ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN uses_left INTEGER;                   -- NULL: as often as one likes
ALTER TABLE token ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN owner TEXT NOT NULL DEFAULT '';      -- who answers for it

UPDATE token SET rights = 'owner' WHERE id = (SELECT value FROM setting WHERE name = 'set_up');

-- Tokens are written seldom; their use is noted by id, and revoking follows created_by down.
CREATE UNIQUE INDEX token_id ON token (id);
CREATE INDEX token_maker ON token (created_by);

CREATE TABLE person (
  id           TEXT PRIMARY KEY NOT NULL, -- 32 digits of SHA-256 over the issuer and its subject
  email        TEXT NOT NULL,             -- as the issuer said it last; for people, decides nothing
  role         TEXT NOT NULL,
  role_source  TEXT NOT NULL,             -- groups: follows the issuer's groups | hand: was given here and stays
  suspended_at INTEGER,
  created_at   INTEGER NOT NULL,
  last_seen    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE session (
  hash       TEXT PRIMARY KEY NOT NULL,   -- SHA-256 of "session-v1:" and the cookie, hex
  token      TEXT NOT NULL,               -- the token it was opened with, or empty
  person     TEXT NOT NULL,               -- the person who opened it, or empty
  created_at INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL,            -- 12 hours later, or when that which opened it ends
  seen_at    INTEGER NOT NULL             -- noted at most once a minute; half an hour without a request ends it
) WITHOUT ROWID;

-- Which CI jobs get a token: by the ids that their provider never gives to anybody else.
CREATE TABLE oidc_rule (
  id          TEXT PRIMARY KEY NOT NULL,
  name        TEXT NOT NULL,
  provider    TEXT NOT NULL,              -- github | gitlab
  issuer      TEXT NOT NULL,
  repository  TEXT NOT NULL,              -- repository_id, or project_id
  namespace   TEXT NOT NULL,              -- repository_owner_id, or namespace_id
  ref         TEXT NOT NULL,              -- refs/heads/main, refs/tags/*, …; empty: any
  environment TEXT NOT NULL,              -- empty: any
  rights      TEXT NOT NULL,
  patterns    TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  created_by  TEXT NOT NULL,
  person      TEXT NOT NULL               -- the person who made it, or empty
) WITHOUT ROWID;

-- Identity tokens that were exchanged, until they are too old to be taken anyway.
CREATE TABLE oidc_used (
  id    TEXT PRIMARY KEY NOT NULL,        -- SHA-256 over issuer and jti, hex
  until INTEGER NOT NULL
) WITHOUT ROWID;
