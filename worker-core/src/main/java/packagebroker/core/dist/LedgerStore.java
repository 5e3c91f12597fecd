package packagebroker.core.dist;

import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The ledger, table {@code version}, as it is read from end to end. */
public final class LedgerStore {
    private final Database database;

    /** Creates the store. */
    public LedgerStore(Database database) {
        this.database = database;
    }

    /** Returns the rows after a path, by their key. */
    List<Row> after(String name, String version, String reference, int limit) {
        return database.query(Statement.of("""
                SELECT package, version, reference, type, sha256, sha1, size, upstream, first_seen, state
                FROM version
                WHERE (package, version, reference) > (?, ?, ?)
                ORDER BY package, version, reference
                LIMIT ?
                """, name, version, reference, limit));
    }
}
