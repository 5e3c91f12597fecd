package packagebroker.core.backup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code restore}: whether this instance is being made of a backup. */
final class RestoreStore {
    private final Database database;

    RestoreStore(Database database) {
        this.database = database;
    }

    /** What is known of the instance: the restore under way or null, and whether it was set up. */
    record State(@Nullable String restore, boolean isSetUp) {}

    /** Returns how things stand. */
    State state() {
        Row row = database.primary().query(Statement.of("""
                        SELECT (SELECT id FROM restore) AS id, (SELECT 1 FROM setting WHERE name = 'set_up') AS set_up
                        """)).get(0);
        return new State(row.findText("id"), !row.isNull("set_up"));
    }

    /**
     * Begins a restore, or begins it anew: whatever an earlier attempt or strangers at the door have left is gone. Returns false
     * if the instance was set up, and then nothing has changed.
     */
    boolean begin(String id, long now, List<Table> tables) {
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of("""
                INSERT OR REPLACE INTO restore (only, id, begun_at)
                SELECT 1, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'set_up') OR EXISTS (SELECT 1 FROM restore)
                """, id, now));
        batch.addAll(clearing(tables, id));
        return database.batch(batch).get(0) > 0;
    }

    /** Ends a restore as if it had never begun; returns false if it is not under way. */
    boolean abandon(String id, List<Table> tables) {
        List<Statement> batch = clearing(tables, id);
        batch.add(Statement.of("DELETE FROM restore WHERE id = ?", id));
        return database.batch(batch).get(batch.size() - 1) > 0;
    }

    private static List<Statement> clearing(List<Table> tables, String id) {
        List<Statement> statements = new ArrayList<>();
        for (Table table : tables) {
            statements.add(Statement.of(
                    "DELETE FROM " + table.name() + " WHERE EXISTS (SELECT 1 FROM restore WHERE id = ?)", id));
        }
        return statements;
    }

    /** How many rows a table has to have. */
    record Count(Table table, long rows) {}

    /**
     * Opens the instance, under an address and with the row that records it, if every table has the rows that it has to have;
     * else returns false, and nothing has changed.
     */
    boolean finish(String id, List<Count> counts, String baseUrl, AuditEvent event) {
        StringBuilder complete = new StringBuilder("UPDATE restore SET finished = 1 WHERE id = ?");
        complete.append(" AND EXISTS (SELECT 1 FROM setting WHERE name = 'set_up')");
        List<Object> parameters = new ArrayList<>(List.of(id));
        for (Count count : counts) {
            complete.append(" AND (SELECT COUNT(*) FROM ")
                    .append(count.table().name())
                    .append(") = ?");
            parameters.add(count.rows());
        }
        Statement finished = Statement.of("SELECT 1 FROM restore WHERE finished = 1");
        return database.batch(List.of(
                                Statement.of(complete.toString(), parameters.toArray()),
                                Statement.of(
                                        "UPDATE setting SET value = ? WHERE name = 'base_url' AND EXISTS ("
                                                + finished.sql() + ")",
                                        baseUrl),
                                AuditStore.insertIf(event, finished),
                                Statement.of("DELETE FROM restore WHERE finished = 1")))
                        .get(0)
                > 0;
    }

    /** Returns the id of an upload in parts that was cut off, or null. */
    @Nullable
    String findUpload(String object) {
        Row row = database.primary().findOne(Statement.of("SELECT upload FROM upload WHERE object = ?", object));
        return row == null ? null : row.text("upload");
    }

    /** Notes an upload in parts before its first part, so that it can be found if it is cut off. */
    void noteUpload(String object, String upload, long now) {
        database.update(Statement.of(
                "INSERT OR REPLACE INTO upload (object, upload, started_at) VALUES (?, ?, ?)", object, upload, now));
    }

    /** Forgets an upload that has ended. */
    void forgetUpload(String object) {
        database.update(Statement.of("DELETE FROM upload WHERE object = ?", object));
    }
}
