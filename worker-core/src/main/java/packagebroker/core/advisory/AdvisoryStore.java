package packagebroker.core.advisory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.catalog.PackageStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code advisory}. Whatever changes there has the package's document written again before it is next served. */
final class AdvisoryStore {
    private final Database database;

    AdvisoryStore(Database database) {
        this.database = database;
    }

    /** Returns the advisories, newest first, withdrawn ones included. */
    List<Row> list() {
        return database.primary().query(Statement.of("""
                        SELECT body, created_at, changed_at, withdrawn_at
                        FROM advisory
                        ORDER BY created_at DESC, id
                        LIMIT 1000
                        """));
    }

    /** Returns the row of an advisory, or null. */
    @Nullable
    Row find(String id) {
        return database.primary().findOne(Statement.of("""
                        SELECT body, created_at, changed_at, withdrawn_at
                        FROM advisory
                        WHERE id = ?
                        """, id));
    }

    /** Stores an advisory that is new. */
    void publish(OwnAdvisory advisory, AuditEvent event) {
        String name = advisory.packageName().toString();
        database.batch(List.of(
                Statement.of(
                        """
                        INSERT INTO advisory (package, id, body, created_at, changed_at)
                        SELECT ?, ?, ?, ?, CASE WHEN MAX(changed_at) >= ? THEN MAX(changed_at) + 1 ELSE ? END
                        FROM advisory
                        WHERE package = ?
                        """,
                        name,
                        advisory.id(),
                        Json.write(advisory.composer()),
                        event.at(),
                        event.at(),
                        event.at(),
                        name),
                rewrite(name, event.at()),
                AuditStore.insert(event)));
    }

    /** Stores an advisory that has changed; false if it was withdrawn meanwhile. */
    boolean change(OwnAdvisory advisory, AuditEvent event) {
        return update(advisory, Json.write(advisory.composer()), null, event);
    }

    /** Withdraws an advisory; false if it was withdrawn before. */
    boolean withdraw(OwnAdvisory advisory, AuditEvent event) {
        return update(advisory, Json.write(advisory.composer()), event.at(), event);
    }

    private boolean update(OwnAdvisory advisory, String body, @Nullable Long withdrawnAt, AuditEvent event) {
        String name = advisory.packageName().toString();
        Statement standing =
                Statement.of("SELECT 1 FROM advisory WHERE id = ? AND withdrawn_at IS NULL", advisory.id());
        return database.batch(List.of(
                                AuditStore.insertIf(event, standing),
                                Statement.of("""
                                        UPDATE advisory
                                        SET body = ?, withdrawn_at = ?, changed_at = (
                                          SELECT CASE WHEN MAX(changed_at) >= ? THEN MAX(changed_at) + 1 ELSE ? END
                                          FROM advisory
                                          WHERE package = ?)
                                        WHERE package = ? AND id = ? AND withdrawn_at IS NULL
                                        """, body, withdrawnAt, event.at(), event.at(), name, name, advisory.id()),
                                rewrite(name, event.at())))
                        .get(1)
                > 0;
    }

    private static Statement rewrite(String name, long now) {
        return PackageStore.rewriteDocuments(Statement.of("SELECT ?", name), now);
    }
}
