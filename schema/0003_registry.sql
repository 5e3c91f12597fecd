-- What search and lists say of a package: on the row that is written anyway, so that a new package costs no further one.
ALTER TABLE document ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN type TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN abandoned TEXT NOT NULL DEFAULT ''; -- empty, true, or the package to use instead
ALTER TABLE document ADD COLUMN provides TEXT NOT NULL DEFAULT '';  -- names it provides or replaces, separated by spaces

-- Documents that are older than these columns are read again when next asked for: 1, not 0, since they have not changed.
UPDATE document SET fresh_until = 1, upstream_modified = '', upstream_etag = '';

-- Installs and downloads as they came in, until they are added up: one row for each notification, and for the archives of
-- one segment of the audit log.
CREATE TABLE tally (
  id         INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  entries    INTEGER NOT NULL,
  body       TEXT NOT NULL                -- JSON: [package, version, installs, downloads] each
);

-- What was added up. A version stands here as in the dist URL: normalised, or its md5 if it holds a slash.
CREATE TABLE download_day (
  package    TEXT NOT NULL,
  day        INTEGER NOT NULL,            -- the first millisecond of a day, UTC
  version    TEXT NOT NULL,
  installs   INTEGER NOT NULL,            -- what clients reported
  downloads  INTEGER NOT NULL,            -- archives that were handed out
  PRIMARY KEY (package, day, version)
) WITHOUT ROWID;
