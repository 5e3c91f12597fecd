package packagebroker.core.identity;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code oidc_rule} and {@code oidc_used}. */
public final class RuleStore {
    private static final String COLUMNS = """
            r.id, r.name, r.provider, r.issuer, r.repository, r.namespace, r.ref, r.environment, r.rights, r.patterns, r.created_at,
            r.created_by, r.person
            """;

    private final Database database;

    /** Creates the store. */
    public RuleStore(Database database) {
        this.database = database;
    }

    /** A rule about to be stored. */
    record NewRule(
            String id,
            String name,
            Provider provider,
            String issuer,
            Provider.Job job,
            String rights,
            List<String> patterns,
            String person) {}

    /** Stores a rule. */
    void create(NewRule rule, AuditEvent event) {
        database.batch(List.of(
                Statement.of(
                        """
                        INSERT INTO oidc_rule (id, name, provider, issuer, repository, namespace, ref, environment, rights, patterns,
                          created_at, created_by, person)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                        rule.id(),
                        rule.name(),
                        rule.provider().wireName(),
                        rule.issuer(),
                        rule.job().repository(),
                        rule.job().namespace(),
                        rule.job().ref(),
                        rule.job().environment(),
                        rule.rights(),
                        String.join(" ", rule.patterns()),
                        event.at(),
                        event.actor(),
                        rule.person()),
                AuditStore.insert(event)));
    }

    /** Deletes a rule; returns false if there is none of this id. */
    boolean delete(String id, AuditEvent event) {
        Statement there = Statement.of("SELECT 1 FROM oidc_rule WHERE id = ?", id);
        return database.batch(List.of(
                                AuditStore.insertIf(event, there),
                                Statement.of("DELETE FROM oidc_rule WHERE id = ?", id)))
                        .get(1)
                > 0;
    }

    /** Returns the statement that deletes several rules. */
    public static Statement delete(List<String> ids) {
        return Statement.of("DELETE FROM oidc_rule WHERE id IN (SELECT value FROM json_each(?))", Json.write(ids));
    }

    /** Returns the rules, oldest first. */
    List<Row> list() {
        return database.primary()
                .query(Statement.of("SELECT " + COLUMNS + " FROM oidc_rule r ORDER BY r.created_at, r.id LIMIT 1000"));
    }

    /**
     * Returns the rules of an issuer, oldest first, with the base URL, which is the audience: those whose maker is still there.
     */
    List<Row> ofIssuer(String issuer) {
        return database.primary().query(Statement.of("SELECT " + COLUMNS + """
                        , p.role AS person_role, (SELECT value FROM setting WHERE name = 'base_url') AS base_url
                        FROM oidc_rule r
                        LEFT JOIN person p ON p.id = r.person
                        WHERE r.issuer = ?
                          AND (r.person = '' OR (p.id IS NOT NULL AND p.suspended_at IS NULL))
                          AND NOT EXISTS (SELECT 1 FROM token m WHERE m.id = substr(r.created_by, 7) AND m.revoked_at IS NOT NULL)
                        ORDER BY r.created_at, r.id
                        LIMIT 1000
                        """, issuer));
    }

    /**
     * Exchanges an identity token for one of ours, at most once; returns false if it was exchanged before.
     *
     * @param used which identity token, and until when it must be remembered
     * @param minted the statement that stores ours
     */
    boolean exchange(Used used, Statement minted, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of("DELETE FROM oidc_used WHERE until < ?", event.at()));
        batch.add(Statement.of("INSERT INTO oidc_used (id, until) VALUES (?, ?)", used.id(), used.until()));
        batch.add(minted);
        batch.add(AuditStore.insert(event));
        try {
            database.batch(batch);
            return true;
        } catch (DatabaseException e) {
            if (e.kind() == DatabaseException.Kind.CONSTRAINT) {
                return false; // The key of oidc_used: whoever came first has it.
            }
            throw e;
        }
    }

    /** An identity token that is exchanged. */
    record Used(String id, long until) {}
}
