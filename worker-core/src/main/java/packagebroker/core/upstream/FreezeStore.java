package packagebroker.core.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * The setting {@code frozen}. Whatever makes something new visible asks for it in its own statement, so that from the moment of a
 * freeze nothing does, whatever an isolate remembers.
 */
public final class FreezeStore {
    private final Database database;

    /** Creates the store. */
    public FreezeStore(Database database) {
        this.database = database;
    }

    /** Returns the freeze that the primary knows of, or null. */
    public @Nullable Freeze find() {
        Row row = database.primary().findOne(Statement.of("SELECT value FROM setting WHERE name = 'frozen'"));
        return row == null ? null : Freeze.find(row.text("value"));
    }

    /** Begins a freeze, or gives the one there is another reason. */
    void begin(Freeze freeze, AuditEvent event) {
        database.batch(List.of(
                Statement.of("""
                        INSERT INTO setting (name, value)
                        VALUES ('frozen', ?)
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value
                        """, freeze.text()), UpstreamStore.rootRisen(event.at()), AuditStore.insert(event)));
    }

    /** Ends a freeze. */
    void end(AuditEvent event) {
        database.batch(List.of(
                Statement.of("DELETE FROM setting WHERE name = 'frozen'"),
                UpstreamStore.rootRisen(event.at()),
                AuditStore.insert(event)));
    }
}
