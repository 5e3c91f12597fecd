package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** Many rows of the tables {@code token} and {@code session} at once: found by filters, revoked in one batch. */
public final class RevocationStore {
    /** How many tokens one call looks at. */
    static final int MOST = 10_000;

    private static final String LISTED = "SELECT value FROM json_each(?)";

    /** Begins a statement: the tokens of a list, and whatever was made with them, however far down. */
    private static final String DOOMED = doomed(LISTED);

    /** The sessions of people: of one or of all, by roles and times, but one. */
    private static final String OF_PEOPLE = """
            session
            WHERE token = '' AND (? = '' OR person = ?) AND created_at < ? AND seen_at < ? AND hash <> ?
              AND person IN (SELECT id FROM person WHERE role IN (SELECT value FROM json_each(?)))
            """;

    private final Database database;

    /** Creates the store. */
    public RevocationStore(Database database) {
        this.database = database;
    }

    /** Returns the tokens that the filters select as far as SQL can say it; of CI jobs those that still open something. */
    List<Row> find(Revocation by, long now) {
        return database.primary()
                .query(Statement.of(
                        """
                SELECT id, name, kind, patterns, rights, addresses
                FROM token
                WHERE revoked_at IS NULL AND (kind <> 'ci' OR expires_at > ?)
                  AND (? = '' OR owner = ?) AND (? = '' OR person = ?) AND (? = '' OR created_by = ?) AND (? = '' OR kind = ?)
                  AND (? = '' OR customer = ?)
                  AND (? = '' OR instr(name, ?) > 0) AND created_at < ? AND last_used < ?
                ORDER BY created_at, id
                LIMIT ?
                """,
                        now,
                        by.text("owner"),
                        by.text("owner"),
                        by.text("person"),
                        by.text("person"),
                        by.text("created_by"),
                        by.text("created_by"),
                        by.text("kind"),
                        by.text("kind"),
                        by.text("customer"),
                        by.text("customer"),
                        by.text("name"),
                        by.text("name"),
                        by.before("created_before"),
                        by.before("last_used_before"),
                        MOST));
    }

    /** Returns the ids of a token and of those it was made with, however far up: what revokes one of them revokes it. */
    public List<String> findLine(String id) {
        List<String> ids = new ArrayList<>();
        for (Row row : database.primary().query(Statement.of("""
                        WITH RECURSIVE line (id) AS (
                          SELECT ?
                          UNION
                          SELECT substr(t.created_by, 7) FROM line l JOIN token t ON t.id = l.id WHERE t.created_by > 'token:'
                        )
                        SELECT id FROM line
                        """, id))) {
            ids.add(row.text("id"));
        }
        return ids;
    }

    /** Returns all tokens that go with some, oldest first. */
    List<Row> withDescendants(List<String> ids) {
        return database.primary().query(Statement.of(DOOMED + """
                        SELECT t.id, t.name, t.kind, t.owner, t.person, t.created_by, t.last_used
                        FROM doomed d
                        JOIN token t ON t.id = d.id
                        WHERE t.revoked_at IS NULL
                        ORDER BY t.created_at, t.id
                        """, Json.write(ids)));
    }

    /**
     * Which sessions of people: of one person or of all where that is empty, of those with some roles, but one.
     *
     * @param own the hash of the session that stays, or empty
     */
    record Sessions(String person, List<String> roles, long openedBefore, long seenBefore, String own) {
        private Statement in(String verb) {
            return Statement.of(
                    verb + " FROM " + OF_PEOPLE, person, person, openedBefore, seenBefore, own, Json.write(roles));
        }
    }

    /** Returns how many sessions would be closed. */
    long count(List<String> ids, Sessions sessions) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        sessions.in("SELECT COUNT(*) AS n"),
                        Statement.of(
                                DOOMED + "SELECT COUNT(*) AS n FROM session WHERE token IN (SELECT id FROM doomed)",
                                Json.write(ids))));
        return rows.get(0).get(0).number("n") + rows.get(1).get(0).number("n");
    }

    /** Revokes tokens with whatever was made with them, and closes sessions, in one batch with its events. */
    void revoke(List<String> ids, Sessions sessions, long now, List<AuditEvent> events) {
        List<Statement> batch = new ArrayList<>();
        batch.add(sessions.in("DELETE"));
        batch.add(Statement.of(DOOMED + "DELETE FROM session WHERE token IN (SELECT id FROM doomed)", Json.write(ids)));
        batch.add(revoke(ids, now));
        for (AuditEvent event : events) {
            batch.add(AuditStore.insert(event));
        }
        database.batch(batch);
    }

    /** Records that somebody asked what would be revoked. */
    void record(AuditEvent event) {
        database.batch(List.of(AuditStore.insert(event)));
    }

    /** Returns the statement that revokes tokens with whatever was made with them. */
    public static Statement revoke(List<String> ids, long now) {
        return revoke(Statement.of(LISTED, Json.write(ids)), now);
    }

    /** Returns the statement that revokes the tokens whose ids a SELECT returns, with whatever was made with them. */
    static Statement revoke(Statement ids, long now) {
        List<@Nullable Object> parameters = new ArrayList<>(ids.parameters());
        parameters.add(now);
        return Statement.of(doomed(ids.sql()) + """
                UPDATE token
                SET revoked_at = ?
                WHERE id IN (SELECT id FROM doomed) AND revoked_at IS NULL
                """, parameters.toArray());
    }

    private static String doomed(String ids) {
        return "WITH RECURSIVE doomed (id) AS (" + ids + """

                  UNION
                  SELECT t.id FROM doomed d JOIN token t ON t.created_by = 'token:' || d.id
                )
                """;
    }
}
