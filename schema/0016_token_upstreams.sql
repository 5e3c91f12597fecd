-- The upstreams whose packages a token opens, separated by spaces; empty: those of all.
ALTER TABLE token ADD COLUMN upstreams TEXT NOT NULL DEFAULT '';
