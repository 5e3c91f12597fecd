-- What was published here. A release's number is used once, for these bytes, even if it is listed no more; a branch has a row for
-- each of its states. The rows decide between uploads that run at the same time.
CREATE TABLE published (
  package      TEXT NOT NULL,
  version      TEXT NOT NULL,             -- normalised
  edition      TEXT NOT NULL,             -- empty for a release; the reference for a state of a branch
  sha256       TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,             -- the actor, as in the audit log
  PRIMARY KEY (package, version, edition)
) WITHOUT ROWID;
