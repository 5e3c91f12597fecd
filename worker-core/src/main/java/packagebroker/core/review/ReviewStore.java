package packagebroker.core.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.RevocationStore;
import packagebroker.core.access.TokenStore;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.identity.PersonStore;
import packagebroker.core.identity.RuleStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code review}, {@code review_page} and {@code review_decision}. */
public final class ReviewStore {
    /** How many items of a kind a review can hold. */
    static final int MOST = 10_000;

    private static final String COLUMNS = """
            id, created_at, created_by, items, sha256, note, closed_at, closed_by,
            (SELECT COUNT(*) FROM review_decision d WHERE d.review = review.id) AS decided,
            (SELECT COUNT(*) FROM review_decision d WHERE d.review = review.id AND d.decision = 'revoke') AS revoked
            """;

    private final Database database;

    /** Creates the store. */
    public ReviewStore(Database database) {
        this.database = database;
    }

    /** Who may do something at the moment, read at once. */
    record Present(List<Row> people, List<Row> tokens, List<Row> rules) {
        boolean isWhole() {
            return people.size() <= MOST && tokens.size() <= MOST && rules.size() <= MOST;
        }
    }

    /** Reads who may do something: all people, the tokens that open something and are no CI job's, the rules for CI jobs. */
    Present present(long now) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of("""
                        SELECT id, email, role, role_source, suspended_at, created_at, last_seen
                        FROM person
                        ORDER BY id
                        LIMIT ?
                        """, MOST + 1),
                        Statement.of("SELECT " + TokenStore.LISTED + """
                        FROM token
                        WHERE revoked_at IS NULL AND expires_at > ? AND kind <> 'ci'
                        ORDER BY id
                        LIMIT ?
                        """, now, MOST + 1),
                        Statement.of("""
                        SELECT id, name, provider, issuer, repository, namespace, ref, environment, rights, patterns, created_at,
                          created_by
                        FROM oidc_rule
                        ORDER BY id
                        LIMIT ?
                        """, MOST + 1)));
        return new Present(rows.get(0), rows.get(1), rows.get(2));
    }

    /** Stores a review with its snapshot. */
    void create(String id, Snapshot snapshot, String sha256, String note, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of(
                "INSERT INTO review (id, created_at, created_by, items, sha256, note) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                event.at(),
                event.actor(),
                snapshot.itemLines().size(),
                sha256,
                note));
        int page = 0;
        for (String body : snapshot.pages()) {
            batch.add(Statement.of("INSERT INTO review_page (review, page, body) VALUES (?, ?, ?)", id, page++, body));
        }
        batch.add(AuditStore.insert(event));
        database.batch(batch);
    }

    /** Returns the newest hundred reviews, newest first. */
    List<Row> list() {
        return database.primary()
                .query(Statement.of("SELECT " + COLUMNS + " FROM review ORDER BY created_at DESC, id LIMIT 100"));
    }

    /** Returns a review, or null. */
    @Nullable
    Row find(String id) {
        return database.primary().findOne(Statement.of("SELECT " + COLUMNS + " FROM review WHERE id = ?", id));
    }

    /** Returns the snapshot of a review. */
    Snapshot snapshot(String id) {
        return Snapshot.stored(database.primary()
                .query(Statement.of("SELECT body FROM review_page WHERE review = ? ORDER BY page", id)));
    }

    /** Returns what was decided in a review. */
    List<Row> decisions(String id) {
        return database.primary().query(Statement.of("""
                        SELECT kind, item, decision, reason, at, by
                        FROM review_decision
                        WHERE review = ?
                        """, id));
    }

    /** Returns how many items of a review are decided, and how many of them revoked, once these decisions are recorded. */
    Row countsWith(String id, String decisions) {
        return database.primary().query(Statement.of("""
                        SELECT COUNT(*) AS decided, SUM(revoked) AS revoked
                        FROM (
                          SELECT MAX(decision = 'revoke') AS revoked
                          FROM (
                            SELECT kind, item, decision FROM review_decision WHERE review = ?
                            UNION ALL
                            SELECT json_extract(value, '$.item'), json_extract(value, '$.id'), json_extract(value, '$.decision')
                            FROM json_each(?))
                          GROUP BY kind, item)
                        """, id, decisions)).get(0);
    }

    /**
     * Applies decisions and records them, all or nothing. What was revoked before stays so.
     *
     * @return false if the review is closed, or if nobody of those who own the instance would be left
     */
    boolean decide(String review, List<Decision> decisions, AuditEvent event) {
        List<Object> shown = new ArrayList<>();
        for (Decision decision : decisions) {
            shown.add(decision.shown());
        }
        List<Statement> batch = new ArrayList<>();
        List<String> people = Decision.revoked(decisions, "person");
        List<String> tokens = Decision.revoked(decisions, "token");
        List<String> rules = Decision.revoked(decisions, "rule");
        if (!people.isEmpty()) {
            batch.addAll(PersonStore.suspend(people, event.at()));
        }
        if (!tokens.isEmpty()) {
            batch.add(RevocationStore.revoke(tokens, event.at()));
        }
        if (!rules.isEmpty()) {
            batch.add(RuleStore.delete(rules));
        }
        batch.add(record(review, Json.write(shown), Json.write(people), event));
        batch.add(AuditStore.insert(event));
        try {
            database.batch(batch);
            return true;
        } catch (DatabaseException e) {
            if (e.kind() == DatabaseException.Kind.CONSTRAINT) {
                return false; // A decision that may not be is NULL, which no row takes: so nothing of the batch
                // happens.
            }
            throw e;
        }
    }

    private static Statement record(String review, String decisions, String people, AuditEvent event) {
        return Statement.of("""
                INSERT INTO review_decision (review, kind, item, decision, reason, at, by)
                SELECT ?, json_extract(d.value, '$.item'), json_extract(d.value, '$.id'),
                  CASE WHEN EXISTS (SELECT 1 FROM review WHERE id = ? AND closed_at IS NULL)
                    AND (NOT EXISTS (SELECT 1 FROM person WHERE role = 'owner' AND id IN (SELECT value FROM json_each(?)))
                      OR EXISTS (SELECT 1 FROM person WHERE role = 'owner' AND suspended_at IS NULL))
                  THEN json_extract(d.value, '$.decision') END,
                  json_extract(d.value, '$.reason'), ?, ?
                FROM json_each(?) d
                WHERE 1
                ON CONFLICT (review, kind, item) DO UPDATE SET
                  decision = excluded.decision, reason = excluded.reason, at = excluded.at, by = excluded.by
                WHERE review_decision.decision <> 'revoke'
                """, review, review, people, event.at(), event.actor(), decisions);
    }

    /** Closes a review in which everything was decided; returns false if it is another one. */
    boolean close(String id, AuditEvent event) {
        Statement done = Statement.of("""
                SELECT 1
                FROM review
                WHERE id = ? AND closed_at IS NULL AND (SELECT COUNT(*) FROM review_decision WHERE review = ?) = items
                """, id, id);
        Statement close = Statement.of("""
                UPDATE review
                SET closed_at = ?, closed_by = ?
                WHERE id = ? AND closed_at IS NULL AND (SELECT COUNT(*) FROM review_decision WHERE review = ?) = items
                """, event.at(), event.actor(), id, id);
        return database.batch(List.of(AuditStore.insertIf(event, done), close)).get(1) > 0;
    }

    /** Returns when the last review began, or the first token was made; and when the oldest one began that is not closed, or 0. */
    Row times() {
        return database.primary().query(Statement.of("""
                        SELECT MAX(COALESCE((SELECT MAX(created_at) FROM review), 0),
                            COALESCE((SELECT t.created_at FROM token t JOIN setting s ON s.value = t.id WHERE s.name = 'set_up'), 0)) AS last,
                          COALESCE((SELECT MIN(created_at) FROM review WHERE closed_at IS NULL), 0) AS open
                        """)).get(0);
    }

    /** Raises an alert about a review that is missing, once for each subject. */
    void raise(String subject, String why, String id, AuditEvent cause) {
        Map<String, @Nullable Object> detail = Json.object("alert", id, "why", why);
        database.batch(List.of(
                AuditStore.insertIf(
                        cause.as(Action.MISS_REVIEW, subject, Json.write(detail)),
                        Statement.of(
                                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM alert WHERE kind = 'review' AND subject = ?)",
                                subject)),
                Statement.of("""
                        INSERT INTO alert (kind, subject, detail, raised_at, id)
                        VALUES ('review', ?, ?, ?, ?)
                        ON CONFLICT (kind, subject) DO NOTHING
                        """, subject, why, cause.at(), id)));
    }
}
