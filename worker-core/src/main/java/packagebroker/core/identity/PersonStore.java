package packagebroker.core.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Place;
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

    /** From one role to another; an empty text is none. */
    record Step(String from, String to) {}

    /** Notes that somebody has signed in for the first time, with the role that his groups lead to. */
    void create(String id, String email, Role role, AuditEvent event) {
        Statement unknown = Statement.of("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM person WHERE id = ?)", id);
        Statement insert = Statement.of("""
                INSERT INTO person (id, email, role, role_source, created_at, last_seen)
                VALUES (?, ?, ?, 'groups', ?, ?)
                ON CONFLICT (id) DO NOTHING
                """, id, email, role.wireName(), event.at(), event.at());
        database.batch(List.of(AuditStore.insertIf(event, unknown), insert));
    }

    /**
     * Notes that somebody has signed in again, and gives him the role that his groups lead to: one given by hand stays, and so does
     * that of the last owner.
     */
    void signIn(String id, String email, Step step, AuditEvent event) {
        Statement seen = Statement.of("UPDATE person SET email = ?, last_seen = ? WHERE id = ?", email, event.at(), id);
        follow(id, step, event, seen);
    }

    /**
     * Takes the role from whom no group leads to one any more, as long as it was a group that gave it, and unless he is the last
     * owner: until a group or somebody's hand gives another, he is as if suspended.
     */
    void leave(String id, String role, AuditEvent event) {
        follow(id, new Step(role, ""), event, sessionsOfNobody());
    }

    private void follow(String id, Step step, AuditEvent event, Statement beside) {
        String condition = "id = ? AND role = ? AND role <> ? AND role_source = 'groups' AND " + NOT_THE_LAST_OWNER;
        Statement due = Statement.of("SELECT 1 FROM person WHERE " + condition, id, step.from(), step.to());
        Statement change =
                Statement.of("UPDATE person SET role = ? WHERE " + condition, step.to(), id, step.from(), step.to());
        database.batch(List.of(AuditStore.insertIf(event, due), change, beside));
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

    /** Returns a page of the people, newest first. */
    List<Row> list(Place after, int limit) {
        String sql = "SELECT id, email, role, role_source, suspended_at, created_at, last_seen FROM person WHERE ";
        return database.primary().query(Statement.of(sql + Place.PAGE, after.at(), after.at(), after.id(), limit));
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

    /** Lets a person in again; returns false if he is gone. */
    boolean restore(String id, AuditEvent event) {
        return change(
                "UPDATE person SET suspended_at = NULL WHERE id = ?",
                Statement.of("SELECT 1 FROM person WHERE id = ?", id),
                event,
                id);
    }

    /** Forgets a person, whose tokens are revoked, whose rules and sessions are over; returns false if nobody would own the instance then. */
    boolean delete(String id, long now, AuditEvent event) {
        String condition = "id = ? AND " + NOT_THE_LAST_OWNER;
        Statement allowed = Statement.of("SELECT 1 FROM person WHERE " + condition, id);
        Statement revoke = Statement.of(
                "UPDATE token SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL AND EXISTS (" + allowed.sql()
                        + ")",
                now,
                id,
                id);
        // Who comes again has the same id, and would find his rules at work.
        Statement rules =
                Statement.of("DELETE FROM oidc_rule WHERE person = ? AND EXISTS (" + allowed.sql() + ")", id, id);
        return database.batch(List.of(
                                AuditStore.insertIf(event, allowed),
                                revoke,
                                rules,
                                Statement.of("DELETE FROM person WHERE " + condition, id),
                                sessionsOfNobody()))
                        .get(3)
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

    /** Sessions of whoever was suspended, has no role or is gone. */
    private static Statement sessionsOfNobody() {
        return Statement.of("""
                DELETE FROM session
                WHERE person <> '' AND person NOT IN (SELECT id FROM person WHERE suspended_at IS NULL AND role <> '')
                """);
    }
}
