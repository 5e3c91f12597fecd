package packagebroker.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packagebroker.core.port.DatabaseException.Kind;

/** Messages as D1 and SQLite word them. */
class DatabaseExceptionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONSTRAINT | D1_ERROR: UNIQUE constraint failed: c.id: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)",
                "CONSTRAINT | D1_ERROR: NOT NULL constraint failed: c.id: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_NOTNULL)",
                "CONSTRAINT | D1_ERROR: CHECK constraint failed: n >= 0: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_CHECK)",
                "CONSTRAINT | D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)",
                "CONSTRAINT | D1_ERROR: append only: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_TRIGGER)",
                "CONSTRAINT | [SQLITE_CONSTRAINT_PRIMARYKEY] A PRIMARY KEY constraint failed (UNIQUE constraint failed: c.id)",
                "NOT_MIGRATED | D1_ERROR: no such table: absent: SQLITE_ERROR",
                "NOT_MIGRATED | D1_ERROR: no such column: absent at offset 7: SQLITE_ERROR",
                "NOT_MIGRATED | D1_ERROR: table token has no column named rank: SQLITE_ERROR",
                "UNAVAILABLE | D1_ERROR: Network connection lost.",
                "UNAVAILABLE | D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
                "UNAVAILABLE | D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.",
                "UNAVAILABLE | D1_ERROR: D1 DB reset because its code was updated.",
                "UNAVAILABLE | D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
                "UNAVAILABLE | D1_ERROR: D1 DB is overloaded. Too many requests queued.",
                "UNAVAILABLE | D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
                "UNAVAILABLE | D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.",
                "UNAVAILABLE | D1_ERROR: D1 DB exceeded its CPU time limit and was reset.",
                "UNAVAILABLE | D1_ERROR: internal error; reference = 0123456789abcdef",
                "REFUSED | D1_ERROR: Wrong number of parameter bindings for SQL query.",
                "REFUSED | D1_ERROR: statement too long: SQLITE_TOOBIG",
                "REFUSED | D1_ERROR: not authorized: SQLITE_AUTH",
                "REFUSED | D1_ERROR: near \"SELEC\": syntax error at offset 0: SQLITE_ERROR",
            })
    void isClassifiedByItsWords(Kind kind, String message) {
        assertThat(DatabaseException.of(message).kind()).isEqualTo(kind);
    }
}
