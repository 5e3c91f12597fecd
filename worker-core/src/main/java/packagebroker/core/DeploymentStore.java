package packagebroker.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code deployment}. */
final class DeploymentStore {
    private final Database database;

    DeploymentStore(Database database) {
        this.database = database;
    }

    /** Returns the newest hundred, newest first. */
    List<Row> list() {
        return database.primary()
                .query(Statement.of("SELECT number, at, build, config FROM deployment ORDER BY number DESC LIMIT 100"));
    }

    /** Returns the newest, or null. */
    @Nullable
    Row findNewest() {
        return database.findOne(Statement.of("SELECT build, config FROM deployment ORDER BY number DESC LIMIT 1"));
    }

    /** Records one, unless it is the newest already. */
    void note(String build, String config, AuditEvent event) {
        Statement other = Statement.of("""
                SELECT 1
                WHERE NOT EXISTS (
                  SELECT 1 FROM deployment
                  WHERE number = (SELECT MAX(number) FROM deployment) AND build = ? AND config = ?)
                """, build, config);
        database.batch(List.of(
                AuditStore.insertIf(event, other), Statement.of("""
                        INSERT INTO deployment (at, build, config)
                        SELECT ?, ?, ?
                        WHERE NOT EXISTS (
                          SELECT 1 FROM deployment
                          WHERE number = (SELECT MAX(number) FROM deployment) AND build = ? AND config = ?)
                        """, event.at(), build, config, build, config)));
    }
}
