package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Background;
import packagebroker.core.port.Database;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** The table {@code token}, and the settings that a setup writes with the first of them. */
public final class TokenStore {
    private static final long USE_NOTED_EVERY_MILLIS = 3_600_000;
    private static final long HOUR_MILLIS = 3_600_000;

    /** What a list of tokens shows. */
    static final String LISTED = """
            id, name, kind, patterns, created_at, created_by, expires_at, revoked_at, last_used, rights, person, addresses,
            not_before, uses_left, purpose, owner, customer, limits, limits_at
            """;

    private final Database database;
    private final Background background;

    /** Creates the store. */
    public TokenStore(Database database, Background background) {
        this.database = database;
        this.background = background;
    }

    /**
     * Reads a token's row, and beside it what else is wanted, as one statement: none if the token is unknown, else at least one.
     * A token that a replica does not know yet may have been made a moment ago, so the primary is asked once.
     */
    List<Row> read(String token, @Nullable Joined other) {
        String hash = hash(token);
        Statement read = other == null
                ? Statement.of("SELECT " + TokenRow.COLUMNS + " FROM " + TokenRow.OF_TOKEN + " WHERE t.hash = ?", hash)
                : other.beside(TokenRow.COLUMNS, TokenRow.OF_TOKEN, "t.hash = ?", hash);
        List<Row> rows = database.query(read);
        return rows.isEmpty() ? database.primary().query(read) : rows;
    }

    private static String hash(String token) {
        return Hex.of(Sha256.of("token-v1:" + token));
    }

    /** Records that a token is in use, at most once an hour and after the answer. */
    void noteUse(Principal principal, long now) {
        if (now - principal.usedAt() < USE_NOTED_EVERY_MILLIS) {
            return;
        }
        background.run(
                () -> database.update(Statement.of("""
                UPDATE token
                SET last_used = ?
                WHERE id = ? AND last_used < ?
                """, now, principal.tokenId(), now - USE_NOTED_EVERY_MILLIS)));
    }

    /** Takes one of a token's uses; returns false if none is left. */
    boolean takeUse(String id) {
        return database.update(
                        Statement.of("UPDATE token SET uses_left = uses_left - 1 WHERE id = ? AND uses_left > 0", id))
                > 0;
    }

    /** Records a use that somebody should look at, and raises an alert for the hour. */
    void noteWatchedUse(String id, AuditEvent event) {
        database.batch(List.of(
                Statement.of("""
                        INSERT INTO alert (kind, subject, detail, raised_at, id)
                        VALUES ('break_glass', ?, ?, ?, ?)
                        ON CONFLICT (kind, subject) DO NOTHING
                        """, id + "/" + event.at() / HOUR_MILLIS, event.address(), event.at(), event.request()),
                AuditStore.insert(event)));
    }

    /** Stores a token; returns false if who makes it may no longer do so. */
    public boolean create(NewToken token, Principal maker, AuditEvent event) {
        Statement insert = insert(token, maker, event.actor());
        return database.batch(List.of(AuditStore.insertIf(event, alive(maker)), insert))
                        .get(1)
                > 0;
    }

    /** Finds a row as long as neither the token nor the person of a maker was taken out of use. */
    private static Statement alive(Principal maker) {
        return Statement.of("""
                SELECT 1
                WHERE NOT EXISTS (SELECT 1 FROM token WHERE id = ? AND revoked_at IS NOT NULL)
                  AND NOT EXISTS (SELECT 1 FROM person WHERE id = ? AND suspended_at IS NOT NULL)
                """, maker.tokenId(), maker.personId());
    }

    /** Returns the statement that stores a token in the name of somebody else: it ends with its maker, and is within the person. */
    public static Statement insertFor(NewToken token, String person, String creator) {
        return insert(token, Principal.person(person, Rights.NONE, 0), creator);
    }

    private static Statement insert(NewToken token, Principal maker, String creator) {
        Grant grant = token.grant();
        NewToken.Span span = token.span();
        String columns = """
                INSERT INTO token (hash, id, name, kind, patterns, created_at, created_by, expires_at, rights, person, addresses,
                  not_before, uses_left, purpose, owner, customer, limits)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE EXISTS (
                """;
        return Statement.of(
                columns + alive(maker).sql() + ")",
                hash(token.text()),
                token.id(),
                token.label().name(),
                token.kind().wireName(),
                String.join(" ", grant.patterns()),
                span.createdAt(),
                creator,
                span.expiresAt(),
                grant.rights(),
                maker.personId(),
                String.join(" ", grant.addresses()),
                span.notBefore(),
                span.maxUses() == 0 ? null : span.maxUses(),
                token.label().purpose(),
                token.label().owner(),
                token.label().customer(),
                grant.limits().stored(),
                maker.tokenId(),
                maker.personId());
    }

    /**
     * Stores the first tokens, the base URL and what else a new instance has; a constraint fails if there was a setup before.
     */
    void setUp(NewToken token, NewToken breakGlass, String baseUrl, List<Statement> more, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        // NULL, and so refused, where somebody has begun to restore a backup here.
        batch.add(Statement.of(
                "INSERT INTO setting (name, value) VALUES ('set_up', (SELECT ? WHERE NOT EXISTS (SELECT 1 FROM restore)))",
                token.id()));
        batch.add(Statement.of("INSERT INTO setting (name, value) VALUES ('base_url', ?)", baseUrl));
        batch.add(Statement.of(
                "INSERT INTO setting (name, value) VALUES ('root_modified', ?)",
                "" + token.span().createdAt()));
        batch.add(Statement.of(
                "INSERT INTO setting (name, value) VALUES ('filter_modified', ?) ON CONFLICT (name) DO NOTHING",
                "" + token.span().createdAt()));
        batch.add(insert(token, Principal.NOBODY, event.actor()));
        batch.add(insert(breakGlass, Principal.NOBODY, event.actor()));
        batch.addAll(more);
        batch.add(AuditStore.insert(event));
        database.batch(batch);
    }

    /** Returns whether there was a setup. */
    public boolean isSetUp() {
        return findFirstToken() != null;
    }

    /** Returns the id of the token that the setup made, or null if there was none. */
    @Nullable
    String findFirstToken() {
        Row row = database.primary().findOne(Statement.of("SELECT value FROM setting WHERE name = 'set_up'"));
        return row == null ? null : row.text("value");
    }

    /** Returns a token that was not revoked, or null. */
    @Nullable
    Row find(String id) {
        return database.primary().findOne(Statement.of("""
                        SELECT id, name, kind, patterns, rights, addresses, purpose, owner, expires_at, customer, limits, limits_at
                        FROM token
                        WHERE id = ? AND revoked_at IS NULL
                        """, id));
    }

    /** Gives a token another text and another end; returns false if it was revoked meanwhile. */
    boolean rotate(NewToken token, AuditEvent event) {
        Statement unrevoked = Statement.of("SELECT 1 FROM token WHERE id = ? AND revoked_at IS NULL", token.id());
        Statement rotate = Statement.of(
                "UPDATE token SET hash = ?, expires_at = ? WHERE id = ? AND revoked_at IS NULL",
                hash(token.text()),
                token.span().expiresAt(),
                token.id());
        return database.batch(List.of(AuditStore.insertIf(event, unrevoked), rotate))
                        .get(1)
                > 0;
    }

    /**
     * Revokes a token and whatever was made with it, however far down; returns false if there is none of this id that was not
     * revoked before. Who makes a token at that very moment is refused by {@link #create}, or is found here.
     */
    boolean revoke(String id, long now, AuditEvent event) {
        Statement unrevoked = Statement.of("SELECT 1 FROM token WHERE id = ? AND revoked_at IS NULL", id);
        Statement revoke = Statement.of("""
                WITH RECURSIVE doomed (id) AS (
                  SELECT id FROM token WHERE id = ? AND revoked_at IS NULL
                  UNION
                  SELECT t.id FROM doomed d JOIN token t ON t.created_by = 'token:' || d.id
                )
                UPDATE token
                SET revoked_at = ?
                WHERE id IN (SELECT id FROM doomed) AND revoked_at IS NULL
                """, id, now);
        return database.batch(List.of(AuditStore.insertIf(event, unrevoked), revoke))
                        .get(1)
                > 0;
    }

    /** Returns the tokens, newest last; those of CI jobs only as long as they open something. */
    List<Row> list(long now) {
        return database.primary().query(Statement.of("SELECT " + LISTED + """
                        FROM token
                        WHERE kind <> 'ci' OR expires_at > ?
                        ORDER BY created_at, id
                        LIMIT 1000
                        """, now));
    }
}
