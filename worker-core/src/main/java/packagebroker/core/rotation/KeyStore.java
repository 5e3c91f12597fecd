package packagebroker.core.rotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.secrets.KeyRing;

/** The table {@code sealing_key}, and what the keys have sealed, wherever that is. */
public final class KeyStore {
    private static final String ACTIVE = """
            SELECT id
            FROM sealing_key
            WHERE activated_at > 0
            ORDER BY activated_at DESC
            LIMIT 1
            """;

    private final Database database;
    private final KeyRing ring;
    private final List<SealedColumn> columns;

    /** Creates the store over all columns of sealed texts. */
    public KeyStore(Database database, KeyRing ring, List<SealedColumn> columns) {
        this.database = database;
        this.ring = ring;
        this.columns = List.copyOf(columns);
    }

    List<SealedColumn> columns() {
        return columns;
    }

    /** Returns the id of the key that seals now: an isolate that was started before it was activated knows of it, too. */
    public String active() {
        Row row = database.primary().findOne(Statement.of(ACTIVE));
        return row == null ? ring.active() : row.text("id");
    }

    /** Returns what is wrong with the ring as far as the database can tell, or an empty text; names no key. */
    public String problem() {
        Statement active = Statement.of("SELECT id, 0 AS n FROM (" + ACTIVE + ")");
        for (String id : counts(active).keySet()) {
            if (!ring.has(id)) {
                return "expected ENCRYPTION_KEYS to hold every key that has sealed something, and the one that seals";
            }
        }
        return "";
    }

    /** Returns how many records each key has sealed. */
    Map<String, Long> counts() {
        return counts(null);
    }

    private Map<String, Long> counts(@Nullable Statement more) {
        List<Statement> reads = new ArrayList<>();
        for (SealedColumn column : columns) {
            reads.add(column.counts());
        }
        if (more != null) {
            reads.add(more);
        }
        Map<String, Long> counts = new HashMap<>();
        for (List<Row> rows : database.primary().queryAll(reads)) {
            for (Row row : rows) {
                String id = row.text("id");
                counts.put(id, counts.getOrDefault(id, 0L) + row.number("n"));
            }
        }
        return counts;
    }

    /** Returns all keys that were ever added, by id. */
    List<KnownKey> known() {
        List<KnownKey> keys = new ArrayList<>();
        for (Row row : database.primary().query(Statement.of("""
                SELECT id, added_at, activated_at, retired_at
                FROM sealing_key
                ORDER BY id
                """))) {
            keys.add(KnownKey.of(row));
        }
        return keys;
    }

    /** Returns the statements that record the key that the deployment began with, unless there is one. */
    private List<Statement> beginning(long at) {
        String id = ring.active();
        return List.of(
                AuditStore.insertIf(
                        AuditEvent.bySystem(at, Action.ACTIVATE_KEY, id, "{}"),
                        Statement.of("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM sealing_key)")),
                Statement.of("""
                        INSERT INTO sealing_key (id, added_at, activated_at)
                        SELECT ?, ?, ?
                        WHERE NOT EXISTS (SELECT 1 FROM sealing_key)
                        """, id, at, at));
    }

    /** Adds a key beside the one that the deployment began with; it is to have been in place for a while before it seals. */
    void add(String id, AuditEvent event) {
        List<Statement> batch = new ArrayList<>(beginning(event.at()));
        batch.add(AuditStore.insert(event));
        batch.add(Statement.of("INSERT INTO sealing_key (id, added_at) VALUES (?, ?)", id, event.at()));
        batch.add(resealNow());
        database.batch(batch);
    }

    /** Records an event that changed nothing, but that the key is known with which the deployment began. */
    void record(AuditEvent event) {
        List<Statement> batch = new ArrayList<>(beginning(event.at()));
        batch.add(AuditStore.insert(event));
        database.batch(batch);
    }

    /** Begins anew to wait for a key: an isolate was seen that does not have it. */
    void restart(String id, long at) {
        database.update(Statement.of("""
                UPDATE sealing_key
                SET added_at = ?
                WHERE id = ? AND activated_at = 0 AND retired_at = 0
                """, at, id));
    }

    /** Has a key seal from now on, if it was added by a time and is not retired; returns whether it does. */
    boolean activate(String id, long addedBy, AuditEvent event) {
        Statement ready = Statement.of(
                "SELECT 1 FROM sealing_key WHERE id = ? AND added_at <= ? AND retired_at = 0", id, addedBy);
        Statement activation = Statement.of("""
                UPDATE sealing_key
                SET activated_at = (
                  SELECT CASE WHEN MAX(activated_at) < ? THEN ? ELSE MAX(activated_at) + 1 END FROM sealing_key)
                WHERE id = ? AND added_at <= ? AND retired_at = 0
                """, event.at(), event.at(), id, addedBy);
        return database.batch(List.of(AuditStore.insertIf(event, ready), activation, resealNow()))
                        .get(1)
                > 0;
    }

    /** Has nothing be stored any more that a key sealed, if there is nothing and another key seals; returns whether it is so. */
    boolean retire(String id, AuditEvent event) {
        StringBuilder sql = new StringBuilder("id = ? AND retired_at = 0 AND id <> (" + ACTIVE + ")");
        List<Object> parameters = new ArrayList<>(List.of(id));
        for (SealedColumn column : columns) {
            Statement counts = column.counts();
            sql.append(" AND NOT EXISTS (SELECT 1 FROM (").append(counts.sql()).append(") WHERE id = ?)");
            parameters.add(id);
        }
        Statement idle = Statement.of("SELECT 1 FROM sealing_key WHERE " + sql, parameters.toArray());
        parameters.add(0, event.at());
        Statement retirement = Statement.of("UPDATE sealing_key SET retired_at = ? WHERE " + sql, parameters.toArray());
        return database.batch(List.of(AuditStore.insertIf(event, idle), retirement))
                        .get(1)
                > 0;
    }

    private static Statement resealNow() {
        return Statement.of("UPDATE job SET not_before = 0, cursor = '' WHERE kind = ?", Reseal.KIND);
    }

    /** Returns up to {@code limit} texts ({@code row}, {@code sealed}) of a column that another key has sealed. */
    List<Row> sealedByOthers(SealedColumn column, String key, String afterRow, int limit) {
        return database.primary().query(column.sealedByOthers(key, afterRow, limit));
    }

    /** Replaces sealed texts that are still what they were, with the event. */
    void replace(SealedColumn column, List<List<String>> replacements, AuditEvent event) {
        database.batch(List.of(AuditStore.insert(event), column.replacement(Json.write(replacements))));
    }
}
