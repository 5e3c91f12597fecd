package packagebroker.core.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
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

    /** The columns that {@link TokenEndpoints#listed} shows. */
    public static final String LISTED = """
            id, name, kind, patterns, created_at, created_by, expires_at, revoked_at, last_used, rights, person, addresses,
            not_before, uses_left, purpose, owner, customer, limits, limits_at, upstreams
            """;

    private final Database database;
    private final Background background;

    /**
     * Creates the store.
     *
     * @param strict whether credentials are read from the primary, since a replica may not know yet that they end
     */
    public TokenStore(Database database, Background background, boolean strict) {
        this.database = strict ? database.primary() : database;
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

    /** Returns whether all of some upstreams exist. */
    boolean knowsUpstreams(List<String> ids) {
        return ids.isEmpty()
                || database.primary()
                        .query(Statement.of(
                                "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM upstream)",
                                Json.write(ids)))
                        .isEmpty();
    }

    /** Stores a token; returns false if who makes it may no longer do so. */
    public boolean create(NewToken token, Principal maker, AuditEvent event) {
        Statement insert = insert(token, maker.personId(), event.actor(), alive(maker));
        return database.batch(List.of(AuditStore.insertIf(event, alive(maker)), insert))
                        .get(1)
                > 0;
    }

    /**
     * Finds a row as long as whatever somebody came with still opens something: the token under the text that was presented, the
     * person, the session. An isolate may remember longer.
     */
    public static Statement alive(Principal caller) {
        return Statement.of(
                """
                SELECT 1
                WHERE ? IN (SELECT '' UNION ALL SELECT hash FROM token WHERE id = ? AND revoked_at IS NULL)
                  AND ? IN (SELECT '' UNION ALL SELECT id FROM person WHERE id = ? AND suspended_at IS NULL AND role <> '')
                  AND ? IN (SELECT '' UNION ALL SELECT hash FROM session WHERE hash = ?)
                """,
                caller.tokenHash(),
                caller.tokenId(),
                caller.personId(),
                caller.personId(),
                caller.sessionHash(),
                caller.sessionHash());
    }

    /** Returns whether whatever somebody came with still opens something. */
    boolean isAlive(Principal caller) {
        return database.primary().findOne(alive(caller)) != null;
    }

    /**
     * Returns the statement that stores a token if a condition, a SELECT, has a row by then.
     *
     * @param person who is behind it: what that one may not, it may not
     * @param creator with whom it ends
     */
    public static Statement insert(NewToken token, String person, String creator, Statement condition) {
        Grant grant = token.grant();
        NewToken.Span span = token.span();
        String sql = """
                INSERT INTO token (hash, id, name, kind, patterns, created_at, created_by, expires_at, rights, person, addresses,
                  not_before, uses_left, purpose, owner, customer, limits, upstreams)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE EXISTS (
                """;
        return with(
                condition,
                sql,
                hash(token.text()),
                token.id(),
                token.label().name(),
                token.kind().wireName(),
                String.join(" ", grant.patterns()),
                span.createdAt(),
                creator,
                span.expiresAt(),
                grant.rights(),
                person,
                String.join(" ", grant.addresses()),
                span.notBefore(),
                span.maxUses() == 0 ? null : span.maxUses(),
                token.label().purpose(),
                token.label().owner(),
                token.label().customer(),
                grant.limits().stored(),
                String.join(" ", grant.limits().upstreams()));
    }

    /** Returns a statement that ends with the opening of an EXISTS, closed with a condition. */
    public static Statement with(Statement condition, String sql, @Nullable Object... parameters) {
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(parameters));
        all.addAll(condition.parameters());
        return Statement.of(sql + condition.sql() + ")", all.toArray());
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
        batch.add(insert(token, "", event.actor(), alive(Principal.NOBODY)));
        batch.add(insert(breakGlass, "", event.actor(), alive(Principal.NOBODY)));
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

    /**
     * Returns a token that was not revoked, or null; and in the column {@code own} 1 if it was made with the caller's token, however
     * far down, or belongs to the caller, who is here without a token.
     */
    @Nullable
    Row find(String id, Principal caller) {
        return database.primary()
                .findOne(Statement.of(
                        """
                        WITH RECURSIVE line (id, maker) AS (
                          SELECT id, created_by FROM token WHERE id = ?
                          UNION
                          SELECT t.id, t.created_by FROM line l JOIN token t ON t.id = substr(l.maker, 7)
                        )
                        SELECT id, name, kind, patterns, rights, addresses, purpose, owner, created_at, expires_at, not_before, uses_left,
                          customer, limits, limits_at, upstreams,
                          CASE WHEN ? = '' THEN ? <> '' AND person = ? ELSE ? IN (SELECT id FROM line) END AS own
                        FROM token
                        WHERE id = ? AND revoked_at IS NULL
                        """, id, caller.tokenId(), caller.personId(), caller.personId(), caller.tokenId(), id));
    }

    /**
     * Gives a token another text and another end, and ends the sessions that were opened with the old text; returns false if it was
     * revoked meanwhile, or if the caller may do nothing any more.
     */
    boolean rotate(NewToken token, Principal caller, AuditEvent event) {
        Statement allowed =
                with(alive(caller), "SELECT 1 FROM token WHERE id = ? AND revoked_at IS NULL AND EXISTS (", token.id());
        String hash = hash(token.text());
        Statement rotate = with(
                alive(caller),
                "UPDATE token SET hash = ?, created_at = ?, expires_at = ? WHERE id = ? AND revoked_at IS NULL AND EXISTS (",
                hash,
                token.span().createdAt(),
                token.span().expiresAt(),
                token.id());
        Statement sessions = Statement.of(
                "DELETE FROM session WHERE token = ? AND EXISTS (SELECT 1 FROM token WHERE hash = ?)",
                token.id(),
                hash);
        return database.batch(List.of(AuditStore.insertIf(event, allowed), rotate, sessions))
                        .get(1)
                > 0;
    }

    /**
     * Revokes a token and whatever was made with it, however far down; returns false if there is none of this id that was not
     * revoked before, or if the caller may do nothing any more. Who makes a token at that very moment is refused by {@link #create}, or is found here.
     */
    boolean revoke(String id, Principal caller, AuditEvent event) {
        Statement allowed =
                with(alive(caller), "SELECT id FROM token WHERE id = ? AND revoked_at IS NULL AND EXISTS (", id);
        Statement revoke = RevocationStore.revoke(allowed, event.at());
        return database.batch(List.of(AuditStore.insertIf(event, allowed), revoke))
                        .get(1)
                > 0;
    }

    /** Returns a page of the tokens, newest first; those of CI jobs only as long as they open something. */
    List<Row> list(long now, Place after, int limit) {
        String sql = "SELECT " + LISTED + """
                FROM token
                WHERE (kind <> 'ci' OR expires_at > ?) AND
                """;
        return database.primary().query(Statement.of(sql + Place.PAGE, now, after.at(), after.at(), after.id(), limit));
    }

    /** Returns the statement that deletes tokens of CI jobs that ended more than an hour ago, a hundred at most. */
    public static Statement deleteEnded(long now) {
        return Statement.of("""
                DELETE FROM token
                WHERE hash IN (SELECT hash FROM token WHERE kind = 'ci' AND expires_at < ? LIMIT 100)
                """, now - HOUR_MILLIS);
    }
}
