package packagebroker.core.identity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.NewToken;
import packagebroker.core.access.Place;
import packagebroker.core.access.Principal;
import packagebroker.core.access.TokenStore;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code oidc_rule} and {@code oidc_used}. */
public final class RuleStore {
    /** Holds for a rule whose maker, the token and the person, is still there. */
    private static final String IN_FORCE = """
            (r.person = '' OR EXISTS (SELECT 1 FROM person WHERE id = r.person AND suspended_at IS NULL AND role <> ''))
            AND (substr(r.created_by, 1, 6) <> 'token:'
              OR EXISTS (SELECT 1 FROM token m WHERE m.id = substr(r.created_by, 7) AND m.revoked_at IS NULL))
            """;

    private static final String COLUMNS = """
            r.id, r.name, r.provider, r.issuer, r.repository, r.namespace, r.ref, r.environment, r.rights, r.patterns, r.created_at,
            r.created_by, r.person
            """;

    private static final int MAX_RULES = 1_000;

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
            List<String> patterns) {}

    /** Stores a rule; returns false if there are too many, if its issuer is another provider's, or if who makes it may no longer do so. */
    boolean create(NewRule rule, Principal maker, AuditEvent event) {
        Statement allowed = TokenStore.with(
                TokenStore.alive(maker),
                "SELECT 1 WHERE (SELECT COUNT(*) FROM oidc_rule) < ?"
                        + " AND NOT EXISTS (SELECT 1 FROM oidc_rule WHERE issuer = ? AND provider <> ?) AND EXISTS (",
                MAX_RULES,
                rule.issuer(),
                rule.provider().wireName());
        String insert = """
                INSERT INTO oidc_rule (id, name, provider, issuer, repository, namespace, ref, environment, rights, patterns,
                  created_at, created_by, person)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE EXISTS (
                """;
        Statement stored = TokenStore.with(
                allowed,
                insert,
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
                maker.personId());
        return database.batch(List.of(AuditStore.insertIf(event, allowed), stored))
                        .get(1)
                > 0;
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

    /** Returns a page of the rules, newest first. */
    List<Row> list(Place after, int limit) {
        return database.primary()
                .query(Statement.of(
                        "SELECT " + COLUMNS + " FROM oidc_rule r WHERE " + Place.PAGE,
                        after.at(),
                        after.at(),
                        after.id(),
                        limit));
    }

    /** Returns a rule, or null. */
    @Nullable
    Row find(String id) {
        return database.primary().findOne(Statement.of("SELECT " + COLUMNS + " FROM oidc_rule r WHERE r.id = ?", id));
    }

    /** Returns whether the issuer of a rule is another provider's by the rules there are: keys and claims would be read in two ways. */
    boolean isForeign(NewRule rule) {
        return database.primary()
                        .findOne(Statement.of(
                                "SELECT 1 FROM oidc_rule WHERE issuer = ? AND provider <> ?",
                                rule.issuer(),
                                rule.provider().wireName()))
                != null;
    }

    /** Returns whether there are as many rules as there may be. */
    boolean isFull() {
        return database.primary()
                        .query(Statement.of("SELECT 1 FROM oidc_rule LIMIT ?", MAX_RULES))
                        .size()
                == MAX_RULES;
    }

    /**
     * Returns the rules of an issuer, oldest first, with the base URL, which is the audience: those whose maker is still there.
     */
    List<Row> ofIssuer(String issuer) {
        return database.primary()
                .query(Statement.of(
                        "SELECT " + COLUMNS + ", (SELECT value FROM setting WHERE name = 'base_url') AS base_url"
                                + " FROM oidc_rule r WHERE r.issuer = ? AND " + IN_FORCE
                                + " ORDER BY r.created_at, r.id LIMIT ?",
                        issuer,
                        MAX_RULES));
    }

    /**
     * Exchanges an identity token for one of ours, at most once, and while the rule is in force; returns null if it did so, else why
     * not.
     *
     * @param used which identity token, and until when it must be remembered
     */
    @Nullable
    String exchange(Used used, NewToken token, Row rule, AuditEvent event) {
        Statement inForce = Statement.of("SELECT 1 FROM oidc_rule r WHERE r.id = ? AND " + IN_FORCE, rule.text("id"));
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of("DELETE FROM oidc_used WHERE until < ?", event.at()));
        batch.add(TokenStore.deleteEnded(event.at()));
        batch.add(TokenStore.with(
                inForce, "INSERT INTO oidc_used (id, until) SELECT ?, ? WHERE EXISTS (", used.id(), used.until()));
        batch.add(AuditStore.insertIf(event, inForce));
        batch.add(TokenStore.insert(token, rule.text("person"), rule.text("created_by"), inForce));
        try {
            return database.batch(batch).get(4) > 0 ? null : "no rule is for this job";
        } catch (DatabaseException e) {
            if (e.kind() == DatabaseException.Kind.CONSTRAINT) {
                return "it was used before"; // The key of oidc_used: whoever came first has it.
            }
            throw e;
        }
    }

    /** An identity token that is exchanged. */
    record Used(String id, long until) {}
}
