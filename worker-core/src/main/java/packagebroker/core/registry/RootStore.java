package packagebroker.core.registry;

import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;

/** What {@code packages.json} is made of: the patterns and filter lists of the enabled upstreams, and when they last changed. */
public final class RootStore {
    private final Database database;

    /** Creates the store. */
    public RootStore(Database database) {
        this.database = database;
    }

    /** Returns the read: one row for each enabled upstream, or a single one without patterns. */
    Joined read() {
        return new Joined(
                "s.value AS modified, u.id AS upstream, u.patterns AS patterns, u.features AS features, u.mode AS mode,"
                        + " (SELECT value FROM setting WHERE name = 'frozen') AS frozen",
                "LEFT JOIN setting s ON s.name = 'root_modified' LEFT JOIN upstream u ON u.enabled = 1",
                List.of());
    }

    /** Runs the read by itself. */
    List<Row> load() {
        return database.query(read().alone());
    }

    /** Returns when the root last changed, ms in whole seconds. */
    static long modified(List<Row> rows) {
        return rows.isEmpty() ? 0 : Long.parseLong(rows.get(0).text("modified")) / 1000 * 1000;
    }
}
