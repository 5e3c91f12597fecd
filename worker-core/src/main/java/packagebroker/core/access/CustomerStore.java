package packagebroker.core.access;

import java.util.List;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.Limits;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The rows of the table {@code token} that customers have. */
public final class CustomerStore {
    private final Database database;

    /** Creates the store. */
    public CustomerStore(Database database) {
        this.database = database;
    }

    /** Returns up to {@code limit} tokens of customers by reference and id, behind that of an id; from the first one if there is none. */
    List<Row> list(String after, int limit) {
        return database.primary().query(Statement.of("SELECT " + TokenStore.LISTED + """
                        FROM token
                        WHERE customer <> ''
                          AND (customer, id) > (COALESCE((SELECT customer FROM token WHERE id = ?), ''), ?)
                        ORDER BY customer, id
                        LIMIT ?
                        """, after, after, limit));
    }

    /** Returns the tokens of one customer, newest last. */
    List<Row> of(String customer) {
        return database.primary().query(Statement.of("SELECT " + TokenStore.LISTED + """
                        FROM token
                        WHERE customer = ? AND customer <> ''
                        ORDER BY created_at, id
                        LIMIT 1000
                        """, customer));
    }

    /**
     * Gives a token other limits and another end; returns false if it was revoked meanwhile. Limits that change do so later than any
     * view has changed yet: whatever its customer has seen so far bears an earlier date than what he sees from now on.
     */
    boolean change(String id, Limits limits, long expiresAt, AuditEvent event) {
        Statement unrevoked = Statement.of("SELECT 1 FROM token WHERE id = ? AND revoked_at IS NULL", id);
        Statement change = Statement.of(
                """
                UPDATE token
                SET limits_at = CASE WHEN limits = ? THEN limits_at
                                     ELSE MAX(?, (SELECT COALESCE(MAX(last_modified), 0) FROM view)) + 1000 END,
                    patterns = ?, limits = ?, expires_at = ?
                WHERE id = ? AND revoked_at IS NULL
                """,
                limits.stored(),
                limits.changedAt(),
                String.join(" ", limits.patterns()),
                limits.stored(),
                expiresAt,
                id);
        return database.batch(List.of(AuditStore.insertIf(event, unrevoked), change))
                        .get(1)
                > 0;
    }

    /** Revokes tokens of customers, which have made no others; returns false if all of them were revoked before. */
    boolean revoke(List<String> ids, long now, AuditEvent event) {
        String list = Json.write(ids);
        Statement unrevoked = Statement.of(
                "SELECT 1 FROM token WHERE id IN (SELECT value FROM json_each(?)) AND revoked_at IS NULL", list);
        Statement revoke = Statement.of("""
                UPDATE token
                SET revoked_at = ?
                WHERE id IN (SELECT value FROM json_each(?)) AND revoked_at IS NULL
                """, now, list);
        return database.batch(List.of(AuditStore.insertIf(event, unrevoked), revoke))
                        .get(1)
                > 0;
    }
}
