package packagebroker.core.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Role;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code person}. */
public final class PersonStore {
    /** Holds for a person who is no owner, and for an owner beside whom another one is at work. */
    private static final String NOT_THE_LAST_OWNER = """
            (role <> 'owner' OR EXISTS (
              SELECT 1 FROM person o WHERE o.role = 'owner' AND o.suspended_at IS NULL AND o.id <> person.id))
            """;

    private final Database database;

    /** Creates the store. */
    public PersonStore(Database database) {
        this.database = database;
    }

    /**
     * Notes that somebody has signed in, with the role that his groups lead to: a role given by hand stays, and so does that of the
     * last owner.
     */
    void signIn(String id, String email, Role role, long now) {
        String upsert = """
                INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                VALUES (?, ?, ?, 'groups', ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                  email = excluded.email,
                  last_seen = excluded.last_seen,
                  role = CASE WHEN role_source <> 'groups' THEN role WHEN
                """;
        database.update(Statement.of(
                upsert + NOT_THE_LAST_OWNER + " THEN excluded.role ELSE role END",
                id,
                email,
                role.wireName(),
                now,
                now));
    }

    /** Returns a person, or null. */
    @Nullable
    Row find(String id) {
        return database.primary().findOne(Statement.of("""
                        SELECT id, email, role, role_source, suspended_at, created_at, last_seen
                        FROM person
                        WHERE id = ?
                        """, id));
    }

    /** Returns the people, by address. */
    List<Row> list() {
        return database.primary().query(Statement.of("""
                        SELECT id, email, role, role_source, suspended_at, created_at, last_seen
                        FROM person
                        ORDER BY email, id
                        LIMIT 1000
                        """));
    }

    /** Gives a person a role by hand; returns false if nobody would own the instance then. */
    boolean give(String id, Role role, AuditEvent event) {
        String condition = "id = ? AND (? = 'owner' OR " + NOT_THE_LAST_OWNER + ")";
        return change(
                "UPDATE person SET role_source = 'hand', role = ? WHERE " + condition,
                Statement.of("SELECT 1 FROM person WHERE " + condition, id, role.wireName()),
                event,
                role.wireName(),
                id,
                role.wireName());
    }

    /** Suspends a person, whose sessions are over; returns false if nobody would own the instance then. */
    boolean suspend(String id, long now, AuditEvent event) {
        String condition = "id = ? AND " + NOT_THE_LAST_OWNER;
        return change(
                "UPDATE person SET suspended_at = ? WHERE " + condition,
                Statement.of("SELECT 1 FROM person WHERE " + condition, id),
                event,
                now,
                id);
    }

    /** Returns the statements that suspend several people; that somebody still owns the instance is for their batch to see to. */
    public static List<Statement> suspend(List<String> ids, long now) {
        return List.of(Statement.of("""
                        UPDATE person
                        SET suspended_at = ?
                        WHERE suspended_at IS NULL AND id IN (SELECT value FROM json_each(?))
                        """, now, Json.write(ids)), sessionsOfNobody());
    }

    /** Lets a person in again. */
    void restore(String id, AuditEvent event) {
        database.batch(List.of(
                AuditStore.insert(event), Statement.of("UPDATE person SET suspended_at = NULL WHERE id = ?", id)));
    }

    /** Forgets a person, whose tokens are revoked and whose sessions are over; returns false if nobody would own the instance then. */
    boolean delete(String id, long now, AuditEvent event) {
        String condition = "id = ? AND " + NOT_THE_LAST_OWNER;
        Statement allowed = Statement.of("SELECT 1 FROM person WHERE " + condition, id);
        Statement revoke = Statement.of(
                "UPDATE token SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL AND EXISTS (" + allowed.sql()
                        + ")",
                now,
                id,
                id);
        return database.batch(List.of(
                                AuditStore.insertIf(event, allowed),
                                revoke,
                                Statement.of("DELETE FROM person WHERE " + condition, id),
                                sessionsOfNobody()))
                        .get(2)
                > 0;
    }

    private boolean change(String update, Statement allowed, AuditEvent event, @Nullable Object... parameters) {
        return database.batch(List.of(
                                AuditStore.insertIf(event, allowed),
                                Statement.of(update, parameters),
                                sessionsOfNobody()))
                        .get(1)
                > 0;
    }

    /** Sessions of whoever was suspended or is gone. */
    private static Statement sessionsOfNobody() {
        return Statement.of("""
                DELETE FROM session
                WHERE person <> '' AND person NOT IN (SELECT id FROM person WHERE suspended_at IS NULL)
                """);
    }
}
