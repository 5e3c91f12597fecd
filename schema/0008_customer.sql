-- Tokens for customers, limited to versions and dates, and what such a token sees.

ALTER TABLE token ADD COLUMN customer TEXT NOT NULL DEFAULT '';      -- the shop's own word for whom it was given to, or empty
ALTER TABLE token ADD COLUMN limits TEXT NOT NULL DEFAULT '';        -- JSON: [pattern, constraint, until, first name, last name, key] each
ALTER TABLE token ADD COLUMN limits_at INTEGER NOT NULL DEFAULT 0;   -- when the limits were last changed, whole seconds × 1000; 0: never

-- Only rows of customers stand in it.
CREATE INDEX token_customer ON token (customer, id) WHERE customer <> '';

-- When a version was released: its time, or when it was first seen here; 0 in rows from before this was noted.
ALTER TABLE version ADD COLUMN released_at INTEGER NOT NULL DEFAULT 0;

-- A document as it is for everybody to whom the same of its package is open. Made when it is first asked for.
CREATE TABLE view (
  package       TEXT NOT NULL,
  dev           INTEGER NOT NULL,         -- 1: of the ~dev document
  limits        TEXT NOT NULL,            -- names what is open: 32 digits of SHA-256 over the limits that select the package
  document      TEXT NOT NULL,            -- the object of the document that it was made from
  object        TEXT NOT NULL,            -- view/<id>: what clients read
  size          INTEGER NOT NULL,         -- bytes
  digest        TEXT NOT NULL,            -- SHA-256 of the object, hex
  versions      INTEGER NOT NULL,         -- 0: the package does not exist for them, as far as this part goes
  last_modified INTEGER NOT NULL,         -- whole seconds × 1000; of no two views of one document the same
  description   TEXT NOT NULL,            -- as in document, of the newest version that is open
  type          TEXT NOT NULL,
  abandoned     TEXT NOT NULL,
  provides      TEXT NOT NULL,
  PRIMARY KEY (package, dev, limits)
) WITHOUT ROWID;
