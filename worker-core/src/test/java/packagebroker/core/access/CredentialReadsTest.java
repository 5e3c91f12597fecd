package packagebroker.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.port.Background;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.Counts;
import packagebroker.core.testing.SqliteDatabase;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** Where credentials are read, while a replica lags behind. */
class CredentialReadsTest {
    private static final Background LATER = task -> {};

    /** A primary, and a replica that has not heard yet of what was written last. */
    private record Lagging(Database replica, Database primary) implements Database {
        @Override
        public List<List<Row>> queryAll(List<Statement> statements) {
            return replica.queryAll(statements);
        }

        @Override
        public List<Integer> batch(List<Statement> statements) {
            return primary.batch(statements);
        }
    }

    private final Lagging database =
            new Lagging(SqliteDatabase.migrated(new Counts()), SqliteDatabase.migrated(new Counts()));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereNothingIsRememberedARevocationIsSeenAtOnce(boolean strict) {
        String hash = Hex.of(Sha256.of("token-v1:text"));
        Statement made = Statement.of("""
                INSERT INTO token (hash, id, name, kind, patterns, created_at, created_by, expires_at)
                VALUES (?, 'i', 'n', 'read', '*', 0, 'setup', 1)
                """, hash);
        database.replica().update(made);
        database.update(made);
        database.update(Statement.of("UPDATE token SET revoked_at = 1"));
        Row row = new TokenStore(database, LATER, strict).read("text", null).get(0);
        assertThat(row.isNull("token_revoked_at")).isEqualTo(!strict);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereNothingIsRememberedAClosedSessionIsSeenAtOnce(boolean strict) {
        String hash = Hex.of(Sha256.of("session-v1:text"));
        database.replica().update(Statement.of("""
                INSERT INTO session (hash, token, person, created_at, ends_at, seen_at)
                VALUES (?, '', 'p', 0, 1, 0)
                """, hash));
        assertThat(new SessionStore(database, LATER, strict).read("text", null)).hasSize(strict ? 0 : 1);
    }
}
