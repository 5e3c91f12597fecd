-- The mark of a restore under way is looked for beside each token that is not remembered. In a table with row ids even a look
-- that finds nothing counts as a row read; in one without, by its key, it does not.
CREATE TABLE restore_by_key (
  only       INTEGER PRIMARY KEY CHECK (only = 1), -- one at a time
  id         TEXT NOT NULL,                         -- of the attempt; what an earlier one still sends is refused
  begun_at   INTEGER NOT NULL,
  finished   INTEGER NOT NULL DEFAULT 0             -- 1 only within the batch that ends it
) WITHOUT ROWID;
INSERT INTO restore_by_key (only, id, begun_at, finished) SELECT only, id, begun_at, finished FROM restore;
DROP TABLE restore;
ALTER TABLE restore_by_key RENAME TO restore;
