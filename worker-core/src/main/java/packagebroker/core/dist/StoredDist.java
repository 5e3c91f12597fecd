package packagebroker.core.dist;

import packagebroker.core.port.Row;

/**
 * A row of the ledger: an archive whose bytes are fixed for ever.
 *
 * @param artifact the object that holds them
 * @param size in bytes
 * @param releasedAt when its version was released, or 0 if that was not noted
 */
record StoredDist(String artifact, String type, String sha256, String sha1, long size, long releasedAt) {
    static StoredDist of(Row row) {
        return new StoredDist(
                row.text("artifact"),
                row.text("type"),
                row.text("sha256"),
                row.text("sha1"),
                row.number("size"),
                row.number("released_at"));
    }
}
