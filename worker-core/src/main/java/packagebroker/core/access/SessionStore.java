package packagebroker.core.access;

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

/** The table {@code session}. */
public final class SessionStore {
    private static final long IDLE_MILLIS = 30 * 60_000;
    private static final long NOTED_EVERY_MILLIS = 60_000;
    private static final String COLUMNS =
            "s.hash AS session_hash, s.person AS session_person, s.token AS session_token,"
                    + " s.ends_at AS session_ends_at, s.seen_at AS session_seen_at, " + TokenRow.COLUMNS;
    private static final String TABLES =
            "session s LEFT JOIN token t ON t.id = s.token LEFT JOIN person p ON p.id = s.person";

    private final Database database;
    private final Background background;

    /**
     * Creates the store.
     *
     * @param strict whether credentials are read from the primary, since a replica may not know yet that they end
     */
    public SessionStore(Database database, Background background, boolean strict) {
        this.database = strict ? database.primary() : database;
        this.background = background;
    }

    /** Reads a session's row with what it stands on, and beside it what else is wanted; none if the session is unknown. */
    List<Row> read(String text, @Nullable Joined other) {
        String hash = hash(text);
        Statement read = other == null
                ? Statement.of("SELECT " + COLUMNS + " FROM " + TABLES + " WHERE s.hash = ?", hash)
                : other.beside(COLUMNS, TABLES, "s.hash = ?", hash);
        List<Row> rows = database.query(read);
        return rows.isEmpty() ? database.primary().query(read) : rows;
    }

    private static String hash(String text) {
        return Hex.of(Sha256.of("session-v1:" + text));
    }

    /** Returns why nobody comes in with this row any more, as a code; null if that is not so. */
    static @Nullable String refusal(Row row, long now) {
        if (row.number("session_ends_at") <= now || row.number("session_seen_at") + IDLE_MILLIS <= now) {
            return "session_ended";
        }
        return row.text("session_token").isEmpty()
                ? TokenRow.isAway(row) ? "person_suspended" : null
                : row.isNull("token_id") ? "token_revoked" : TokenRow.refusal(row);
    }

    /** Returns who comes in. */
    static Principal principal(Row row) {
        long end = row.number("session_ends_at");
        long seenAt = row.number("session_seen_at");
        String hash = row.text("session_hash");
        if (!row.text("session_token").isEmpty()) {
            return TokenRow.principal(row).over(hash, end, seenAt);
        }
        Role role = Role.find(row.text("person_role"));
        Rights rights = role == null ? Rights.NONE : role.rights();
        return Principal.person(row.text("session_person"), rights, end, row.text("token_base_url"))
                .over(hash, end, seenAt);
    }

    /** Records that a session is in use, at most once a minute and after the answer. */
    void noteUse(Principal principal, long now) {
        if (now - principal.usedAt() < NOTED_EVERY_MILLIS) {
            return;
        }
        background.run(() -> database.update(
                Statement.of("UPDATE session SET seen_at = ? WHERE hash = ?", now, principal.sessionHash())));
    }

    /** Opens a session, and those that have ended go; returns false if whoever it is for opens nothing any more. */
    boolean open(String text, Principal owner, long endsAt, AuditEvent event) {
        String insert = """
                INSERT INTO session (hash, token, person, created_at, ends_at, seen_at)
                SELECT ?, ?, ?, ?, ?, ?
                WHERE EXISTS (
                """;
        return database.batch(List.of(
                                Statement.of("DELETE FROM session WHERE ends_at <= ?", event.at()),
                                AuditStore.insertIf(event, TokenStore.alive(owner)),
                                TokenStore.with(
                                        TokenStore.alive(owner),
                                        insert,
                                        hash(text),
                                        owner.tokenId(),
                                        owner.personId(),
                                        event.at(),
                                        endsAt,
                                        event.at())))
                        .get(2)
                > 0;
    }

    /** Closes a session. */
    void close(String hash, AuditEvent event) {
        database.batch(List.of(Statement.of("DELETE FROM session WHERE hash = ?", hash), AuditStore.insert(event)));
    }
}
