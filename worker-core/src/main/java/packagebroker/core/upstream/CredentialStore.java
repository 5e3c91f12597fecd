package packagebroker.core.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.secrets.Safe;

/** The table {@code credential}, how each fares, and the alerts about them: one for each upstream and way to fail. */
public final class CredentialStore {
    private final Database database;

    /** Creates the store. */
    public CredentialStore(Database database) {
        this.database = database;
    }

    /**
     * What a change of a source does to its credential.
     *
     * @param isAnother whether it is another one, or none, from now on
     * @param expiresAt when it expires as somebody says, 0 if nobody knows; null: as it was
     */
    record Change(boolean isAnother, @Nullable Long expiresAt) {}

    /** Returns the statements that store a source's credential, new, changed or none; it is tried soon afterwards. */
    static List<Statement> changes(Source source, Change change, long at) {
        List<Statement> statements = new ArrayList<>();
        if (change.isAnother()) {
            statements.add(sealed(source, at));
            statements.add(trusted(source.id(), at));
        }
        if (change.expiresAt() != null) {
            statements.add(Statement.of(
                    "UPDATE credential SET expires_at = ? WHERE upstream = ?", change.expiresAt(), source.id()));
        }
        if (!statements.isEmpty()) {
            statements.add(
                    Statement.of("DELETE FROM job WHERE kind = ? AND subject = ?", CredentialCheck.KIND, source.id()));
        }
        return statements;
    }

    private static Statement sealed(Source source, long at) {
        Source.SealedCredential credential = source.credential();
        if (credential == null) {
            return Statement.of("DELETE FROM credential WHERE upstream = ?", source.id());
        }
        // What a key sealed that was retired meanwhile is NULL, which the column refuses: the change is to be made
        // again.
        return Statement.of(
                """
                INSERT INTO credential (upstream, kind, origin, sealed, changed_at)
                VALUES (?, ?, ?, (SELECT ? WHERE NOT EXISTS (SELECT 1 FROM sealing_key WHERE id = ? AND retired_at > 0)), ?)
                ON CONFLICT (upstream) DO UPDATE SET
                  kind = excluded.kind, origin = excluded.origin, sealed = excluded.sealed, changed_at = excluded.changed_at,
                  expires_at = 0, seen_expires_at = 0, ok_at = 0, failed_at = 0, problem = ''
                """,
                source.id(),
                credential.kind(),
                credential.origin(),
                credential.sealed(),
                Safe.keyOf(credential.sealed()),
                at);
    }

    /** Returns the statement that clears all alerts about an upstream's credential: it is another one, or gone. */
    static Statement trusted(String upstreamId, long at) {
        return Statement.of("""
                UPDATE alert
                SET state = 'cleared', decided_at = ?
                WHERE kind = 'credential' AND subject > ? AND subject < ? AND state <> 'cleared'
                """, at, upstreamId + " ", upstreamId + "!");
    }

    /** Returns how an upstream's credential fares, as the primary has it, or null if it has none. */
    @Nullable
    Row find(String upstreamId) {
        return database.primary().findOne(Statement.of("""
                SELECT changed_at, expires_at, seen_expires_at, ok_at, failed_at, problem
                FROM credential
                WHERE upstream = ?
                """, upstreamId));
    }

    /**
     * What trying a credential has shown.
     *
     * @param changedAt which credential of the upstream it was
     * @param seenExpiresAt when it expires as the upstream says; 0 if it does not, negative if it could not be asked
     * @param problem why it failed, in a word, or empty
     */
    record Trial(String upstreamId, long changedAt, long seenExpiresAt, String problem) {}

    /** Something that may be wrong with a credential: its word, and what to tell people, or an empty text if it is not so. */
    record Doubt(String word, String text) {}

    /** Stores what a trial has shown, and raises and clears alerts, unless the credential is another one meanwhile. */
    void record(Trial trial, List<Doubt> doubts, String alertId, AuditEvent cause) {
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of(
                """
                UPDATE credential
                SET ok_at = CASE WHEN ? = '' THEN ? ELSE ok_at END, failed_at = CASE WHEN ? = '' THEN failed_at ELSE ? END,
                  problem = ?, seen_expires_at = CASE WHEN ? < 0 THEN seen_expires_at ELSE ? END
                WHERE upstream = ? AND changed_at = ?
                """,
                trial.problem(),
                cause.at(),
                trial.problem(),
                cause.at(),
                trial.problem(),
                trial.seenExpiresAt(),
                trial.seenExpiresAt(),
                trial.upstreamId(),
                trial.changedAt()));
        for (Doubt doubt : doubts) {
            batch.addAll(doubt.text().isEmpty() ? clear(trial, doubt, cause) : raise(trial, doubt, alertId, cause));
        }
        database.batch(batch);
    }

    private static List<Statement> raise(Trial trial, Doubt doubt, String alertId, AuditEvent cause) {
        String subject = trial.upstreamId() + " " + doubt.word();
        String id = alertId + doubt.word().charAt(0);
        String detail = Json.write(Json.object("alert", id, "why", doubt.text()));
        Statement isNew = Statement.of("""
                SELECT 1
                FROM credential
                WHERE upstream = ? AND changed_at = ?
                  AND NOT EXISTS (SELECT 1 FROM alert WHERE kind = 'credential' AND subject = ? AND state <> 'cleared')
                """, trial.upstreamId(), trial.changedAt(), subject);
        Statement alert =
                Statement.of("""
                INSERT INTO alert (id, kind, subject, detail, raised_at)
                SELECT ?, 'credential', ?, ?, ?
                FROM credential
                WHERE upstream = ? AND changed_at = ?
                ON CONFLICT (kind, subject) DO UPDATE SET
                  id = excluded.id, detail = excluded.detail, raised_at = excluded.raised_at, state = 'open', decided_at = 0
                WHERE state = 'cleared'
                """, id, subject, doubt.text(), cause.at(), trial.upstreamId(), trial.changedAt());
        return List.of(
                AuditStore.insertIf(cause.as(Action.DOUBT_CREDENTIAL, trial.upstreamId(), detail), isNew), alert);
    }

    private static List<Statement> clear(Trial trial, Doubt doubt, AuditEvent cause) {
        String subject = trial.upstreamId() + " " + doubt.word();
        String detail = Json.write(Json.object("was", doubt.word()));
        return List.of(
                AuditStore.insertIf(
                        cause.as(Action.TRUST_CREDENTIAL, trial.upstreamId(), detail),
                        Statement.of(
                                "SELECT 1 FROM alert WHERE kind = 'credential' AND subject = ? AND state <> 'cleared'",
                                subject)),
                Statement.of("""
                        UPDATE alert
                        SET state = 'cleared', decided_at = ?
                        WHERE kind = 'credential' AND subject = ? AND state <> 'cleared'
                        """, cause.at(), subject));
    }
}
