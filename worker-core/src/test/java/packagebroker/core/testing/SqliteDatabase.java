package packagebroker.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.DatabaseException.Kind;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Utf8;

/**
 * A database in memory that is as strict as D1: its limits, foreign keys on, one statement at a time, no transactions
 * of one's own, every number bound as REAL as D1 does, rows changed by triggers and cascades counted. Stricter than D1
 * in one thing: a read may not write.
 */
public final class SqliteDatabase implements Database, AutoCloseable {
    private static final List<String> FORBIDDEN = List.of(
            "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM", "PRAGMA");

    private final Object lock = new Object();
    private final Connection connection;
    private final Counts counts;
    private final Faults faults = new Faults();

    private SqliteDatabase(Counts counts) {
        this.counts = counts;
        SQLiteConfig config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        try {
            connection = DriverManager.getConnection("jdbc:sqlite::memory:", config.toProperties());
        } catch (SQLException e) {
            throw new IllegalStateException("no SQLite", e);
        }
    }

    /** Returns a database without tables. */
    public static SqliteDatabase empty(Counts counts) {
        SqliteDatabase database = new SqliteDatabase(counts);
        database.limit();
        return database;
    }

    /** Returns a database with the product's own tables, made by its migrations. */
    public static SqliteDatabase migrated(Counts counts) {
        SqliteDatabase database = new SqliteDatabase(counts);
        try {
            database.connection.unwrap(SQLiteConnection.class).deserialize("main", Migrated.BYTES);
        } catch (SQLException e) {
            throw new IllegalStateException("no copy of the migrated database", e);
        }
        database.limit();
        return database;
    }

    /** The tables as the migrations make them, once for all tests: thousands begin with them. */
    private static final class Migrated {
        static final byte[] BYTES = bytes();

        private static byte[] bytes() {
            try (SqliteDatabase database = new SqliteDatabase(new Counts());
                    Stream<Path> files = Files.list(schema())) {
                for (Path file : files.filter(f -> f.toString().endsWith(".sql"))
                        .sorted()
                        .toList()) {
                    database.migrate(Files.readString(file));
                }
                return database.connection.unwrap(SQLiteConnection.class).serialize("main");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException("a migration failed", e);
            }
        }
    }

    private static Path schema() {
        Path beside = Path.of("..", "schema");
        return Files.isDirectory(beside) ? beside : Path.of("schema");
    }

    private void migrate(String sql) {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("a migration failed", e);
        }
    }

    private void limit() {
        try {
            SQLiteConnection sqlite = connection.unwrap(SQLiteConnection.class);
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, 2_000_000);
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, 100_000);
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_COLUMN, 100);
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH, 100);
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_VARIABLE_NUMBER, 100);
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50);
        } catch (SQLException e) {
            throw new IllegalStateException("no limits", e);
        }
    }

    /** Returns the switch for failures. */
    public Faults faults() {
        return faults;
    }

    @Override
    public Database primary() {
        return this;
    }

    @Override
    public List<List<Row>> queryAll(List<Statement> statements) {
        synchronized (lock) {
            return call(statements, () -> {
                List<List<Row>> all = new ArrayList<>();
                execute("PRAGMA query_only = ON");
                try {
                    for (Statement statement : statements) {
                        all.add(read(statement));
                    }
                } finally {
                    execute("PRAGMA query_only = OFF");
                }
                return all;
            });
        }
    }

    @Override
    public List<Integer> batch(List<Statement> statements) {
        synchronized (lock) {
            return call(statements, () -> {
                execute("BEGIN IMMEDIATE");
                try {
                    List<Integer> changed = new ArrayList<>();
                    for (Statement statement : statements) {
                        changed.add(change(statement));
                    }
                    execute("COMMIT");
                    return changed;
                } catch (SQLException | RuntimeException e) {
                    execute("ROLLBACK");
                    throw e;
                }
            });
        }
    }

    private <T> List<T> call(List<Statement> statements, Work<T> work) {
        if (statements.isEmpty()) {
            return List.of();
        }
        counts.add(Counts.ROUND_TRIPS, 1);
        counts.add(Counts.STATEMENTS, statements.size());
        Faults.Turn turn = faults.next();
        if (turn == Faults.Turn.FAILS) {
            throw away();
        }
        List<T> answer;
        try {
            answer = work.run();
        } catch (SQLException e) {
            throw DatabaseException.of(String.valueOf(e.getMessage()));
        }
        if (turn == Faults.Turn.LOSES_ITS_ANSWER) {
            throw away();
        }
        return answer;
    }

    private static DatabaseException away() {
        return new DatabaseException(Kind.UNAVAILABLE, "D1_ERROR: Network connection lost.");
    }

    private void execute(String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<Row> read(Statement statement) throws SQLException {
        try (PreparedStatement prepared = prepare(statement);
                ResultSet results = prepared.executeQuery()) {
            List<Row> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(SqliteRow.of(results));
            }
            return rows;
        }
    }

    private int change(Statement statement) throws SQLException {
        long before = totalChanges();
        try (PreparedStatement prepared = prepare(statement)) {
            prepared.execute();
        }
        return Math.toIntExact(totalChanges() - before);
    }

    private long totalChanges() throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT total_changes()")) {
            return result.getLong(1);
        }
    }

    private PreparedStatement prepare(Statement statement) throws SQLException {
        refuseWhatD1Refuses(statement.sql());
        PreparedStatement prepared = connection.prepareStatement(statement.sql());
        int expected = prepared.getParameterMetaData().getParameterCount();
        if (expected != statement.parameters().size()) {
            prepared.close();
            throw DatabaseException.refused("D1_ERROR: Wrong number of parameter bindings for SQL query.");
        }
        for (int i = 0; i < expected; i++) {
            bind(prepared, i + 1, statement.parameters().get(i));
        }
        return prepared;
    }

    private static void bind(PreparedStatement prepared, int index, Object value) throws SQLException {
        if (value instanceof String text) {
            prepared.setString(index, Utf8.decode(Utf8.encode(text)));
        } else if (value instanceof Number number) {
            prepared.setDouble(index, number.doubleValue()); // D1 gets JavaScript numbers: 5 / 2 is 2.5 there.
        } else if (value == null) {
            prepared.setObject(index, null);
        } else {
            throw new IllegalArgumentException("expected text or a number but found " + value.getClass());
        }
    }

    private static void refuseWhatD1Refuses(String sql) {
        String start = sql.strip().toUpperCase(Locale.ROOT);
        for (String word : FORBIDDEN) {
            if (start.startsWith(word)) {
                throw DatabaseException.refused("D1 does not take " + word);
            }
        }
        int semicolon = sql.indexOf(';');
        boolean trigger = start.startsWith("CREATE TRIGGER");
        if (semicolon >= 0 && !trigger && !sql.substring(semicolon + 1).isBlank()) {
            throw DatabaseException.refused("D1 runs the last of several statements only: give it one");
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("SQLite does not close", e);
        }
    }

    private interface Work<T> {
        List<T> run() throws SQLException;
    }
}
