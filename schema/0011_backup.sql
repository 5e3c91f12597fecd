-- A restore under way: as long as a row is here, nothing but the restore is answered. It takes place in an instance that was
-- not set up, so there is nothing else to do.
CREATE TABLE restore (
  only       INTEGER PRIMARY KEY CHECK (only = 1), -- one at a time
  id         TEXT NOT NULL,                         -- of the attempt; what an earlier one still sends is refused
  begun_at   INTEGER NOT NULL,
  finished   INTEGER NOT NULL DEFAULT 0             -- 1 only within the batch that ends it
);
