package packagebroker.core.alert;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code alert}. */
public final class AlertStore {
    private static final String COLUMNS =
            "id, kind, package, version, reference, shasum, path, served, detail, raised_at, state, decided_at";

    private final Database database;

    /** Creates the store. */
    public AlertStore(Database database) {
        this.database = database;
    }

    /** Returns the statements that raise an alert with its audit row, unless it was raised before. */
    public static List<Statement> raise(Alert alert, String detail, AuditEvent cause) {
        String kind = alert.kind().word();
        String subject = alert.subject();
        String action = switch (alert.kind()) {
            case RETAG -> Action.REFUSE_RETAG;
            case BYTES -> Action.REFUSE_BYTES;
            case DIST -> Action.REFUSE_DIST;
        };
        String why = detail.isEmpty() ? alert.kind().text() : detail;
        List<Statement> statements = new ArrayList<>();
        statements.add(AuditStore.insertIf(
                cause.as(action, subject, Json.write(Json.object("alert", alert.id(), "why", why))),
                Statement.of(
                        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM alert WHERE kind = ? AND subject = ?)",
                        kind,
                        subject)));
        statements.add(Statement.of(
                """
                INSERT INTO alert (kind, subject, detail, raised_at, id, package, version, reference, shasum, path, served)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (kind, subject) DO NOTHING
                """,
                kind,
                subject,
                why,
                cause.at(),
                alert.id(),
                alert.packageName(),
                alert.version(),
                alert.reference(),
                alert.shasum(),
                alert.path(),
                alert.served()));
        return statements;
    }

    /** Returns the read of what was decided about a package: by the beginning of its subjects, so by the table's own key. */
    public static Statement decisions(PackageName name) {
        return Statement.of("""
                SELECT kind, subject, version, reference, path, state
                FROM alert
                WHERE kind IN ('bytes', 'retag') AND subject > ? AND subject < ? AND state <> 'open'
                """, name + " ", name + "!");
    }

    /**
     * Returns up to {@code limit} alerts, newest first.
     *
     * @param state the state they are in; empty for any
     * @param before those raised before: a time, and the id that comes last of those raised then
     */
    List<Row> list(String state, Place before, int limit) {
        return database.query(Statement.of(
                "SELECT " + COLUMNS + """
                 FROM alert
                WHERE (? = '' OR state = ?) AND (raised_at < ? OR (raised_at = ? AND id > ?))
                ORDER BY raised_at DESC, id
                LIMIT ?
                """, state, state, before.raisedAt(), before.raisedAt(), before.id(), limit));
    }

    /** A place in the list of alerts. */
    record Place(long raisedAt, String id) {}

    /** Returns an alert as the primary has it, or null. */
    @Nullable
    Row find(String id) {
        return database.primary()
                .findOne(Statement.of("SELECT " + COLUMNS + " FROM alert WHERE id = ? AND id <> ''", id));
    }

    /**
     * Decides about an alert, with the audit row, and has its package's documents made anew from their upstream. A refresh that
     * is under way and knows nothing of it loses its race.
     *
     * @return false if somebody else decided meanwhile
     */
    boolean decide(Row alert, String state, AuditEvent event) {
        String id = alert.text("id");
        String before = alert.text("state");
        Statement undecided = Statement.of("SELECT 1 FROM alert WHERE id = ? AND state = ?", id, before);
        List<Statement> batch = new ArrayList<>();
        batch.add(AuditStore.insertIf(event, undecided));
        batch.add(Statement.of("""
                UPDATE document
                SET fresh_until = 0, upstream_modified = '', upstream_etag = '', generation = generation + 1
                WHERE package = ? AND EXISTS (SELECT 1 FROM alert WHERE id = ? AND state = ?)
                """, alert.text("package"), id, before));
        if (state.equals("accepted")) {
            batch.add(supersede(alert));
        }
        batch.add(Statement.of(
                "UPDATE alert SET state = ?, decided_at = ? WHERE id = ? AND state = ?",
                state,
                event.at(),
                id,
                before));
        return database.batch(batch).get(batch.size() - 1) > 0;
    }

    /** Returns what ends an earlier acceptance: a version has one archive, and a branch one for each reference. */
    private static Statement supersede(Row alert) {
        String name = alert.text("package");
        String version = alert.text("version");
        return Statement.of(
                """
                UPDATE alert
                SET state = 'dismissed'
                WHERE kind IN ('bytes', 'retag') AND subject > ? AND subject < ? AND state = 'accepted'
                  AND version = ? AND (? = 0 OR reference = ?)
                  AND EXISTS (SELECT 1 FROM alert WHERE id = ? AND state <> 'accepted')
                """,
                name + " ",
                name + "!",
                version,
                Version.isDev(version) ? 1 : 0,
                alert.text("reference"),
                alert.text("id"));
    }
}
