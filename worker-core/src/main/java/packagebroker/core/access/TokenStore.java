package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.port.Background;
import packagebroker.core.port.Database;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** The table {@code token}, and the settings that a setup writes with the first of them. */
public final class TokenStore {
    private static final String COLUMNS = """
            t.id AS token_id, t.kind AS token_kind, t.patterns AS token_patterns, t.expires_at AS token_expires_at,
            t.revoked_at AS token_revoked_at, t.last_used AS token_last_used,
            (SELECT value FROM setting WHERE name = 'base_url') AS token_base_url""";

    private static final long USE_NOTED_EVERY_MILLIS = 3_600_000;

    private final Database database;
    private final Background background;

    /** Creates the store. */
    public TokenStore(Database database, Background background) {
        this.database = database;
        this.background = background;
    }

    /** A token about to be stored. */
    public record NewToken(
            String id,
            String text,
            String name,
            TokenKind kind,
            List<String> patterns,
            long createdAt,
            long expiresAt) {}

    /**
     * Reads a token's row, and beside it what else is wanted, as one statement: none if the token is unknown, else at least one.
     * A token that a replica does not know yet may have been made a moment ago, so the primary is asked once.
     */
    List<Row> read(String token, @Nullable Joined other) {
        String hash = hash(token);
        Statement read = other == null
                ? Statement.of("SELECT " + COLUMNS + " FROM token t WHERE t.hash = ?", hash)
                : other.beside(COLUMNS, "token t", "t.hash = ?", hash);
        List<Row> rows = database.query(read);
        return rows.isEmpty() ? database.primary().query(read) : rows;
    }

    private static String hash(String token) {
        return Hex.of(Sha256.of("token-v1:" + token));
    }

    /** Returns the principal of a row that {@link #read} found. */
    static Principal principal(Row row) {
        TokenKind kind = TokenKind.find(row.text("token_kind"));
        return new Principal(
                row.text("token_id"),
                kind == null ? TokenKind.READ : kind,
                PackagePattern.parseAll(row.text("token_patterns")),
                row.number("token_expires_at"),
                row.number("token_last_used"),
                row.text("token_base_url"));
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

    /** Stores a token. */
    void create(NewToken token, AuditEvent event) {
        database.batch(List.of(insert(token, event.actor()), AuditStore.insert(event)));
    }

    private static Statement insert(NewToken token, String creator) {
        return Statement.of(
                """
                INSERT INTO token (hash, id, name, kind, patterns, created_at, created_by, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                hash(token.text()),
                token.id(),
                token.name(),
                token.kind().wireName(),
                String.join(" ", token.patterns()),
                token.createdAt(),
                creator,
                token.expiresAt());
    }

    /**
     * Stores the first token, the base URL and what else a new instance has; a constraint fails if there was a setup before.
     */
    void setUp(NewToken token, String baseUrl, List<Statement> more, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of("INSERT INTO setting (name, value) VALUES ('set_up', ?)", token.id()));
        batch.add(Statement.of("INSERT INTO setting (name, value) VALUES ('base_url', ?)", baseUrl));
        batch.add(
                Statement.of("INSERT INTO setting (name, value) VALUES ('root_modified', ?)", "" + token.createdAt()));
        batch.add(Statement.of(
                "INSERT INTO setting (name, value) VALUES ('filter_modified', ?) ON CONFLICT (name) DO NOTHING",
                "" + token.createdAt()));
        batch.add(insert(token, event.actor()));
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

    /** Revokes a token; returns false if there is none of this id that was not revoked before. */
    boolean revoke(String id, long now, AuditEvent event) {
        Statement revoke = Statement.of("UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id);
        Statement unrevoked = Statement.of("SELECT 1 FROM token WHERE id = ? AND revoked_at IS NULL", id);
        return database.batch(List.of(AuditStore.insertIf(event, unrevoked), revoke))
                        .get(1)
                > 0;
    }

    /** Returns the tokens, newest last. */
    List<Row> list() {
        return database.primary().query(Statement.of("""
                        SELECT id, name, kind, patterns, created_at, created_by, expires_at, revoked_at, last_used
                        FROM token
                        ORDER BY created_at, id
                        LIMIT 1000
                        """));
    }
}
