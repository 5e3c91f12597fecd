-- What upstreams offer beside packages.

-- JSON: advisories, filter lists and a change feed, as the upstream's packages.json names them; empty until it was read.
ALTER TABLE upstream ADD COLUMN features TEXT NOT NULL DEFAULT '';
