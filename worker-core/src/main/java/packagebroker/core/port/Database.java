package packagebroker.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SQL database: D1 on Workers, SQLite on the JVM.
 *
 * <p>There is no interactive transaction: a batch is one round trip and one transaction, all or nothing. Reads may be
 * answered by a replica that lags; {@link #primary} reads what was last written. Every call opens a D1 session of its own.
 */
public interface Database {
    /**
     * Runs reads in one round trip and returns one list of rows for each, in order.
     *
     * @throws DatabaseException if the database refuses or is away
     */
    List<List<Row>> queryAll(List<Statement> statements);

    /**
     * Runs changes as one transaction on the primary and returns how many rows each changed.
     *
     * @throws DatabaseException if any fails; then nothing has changed, or (kind {@code UNAVAILABLE}) nobody knows
     */
    List<Integer> batch(List<Statement> statements);

    /** Returns this database with reads from the primary. */
    Database primary();

    /** Runs one read. */
    default List<Row> query(Statement statement) {
        return queryAll(List.of(statement)).get(0);
    }

    /** Runs one read and returns its first row, or null. */
    default @Nullable Row findOne(Statement statement) {
        List<Row> rows = query(statement);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** Runs one change and returns the number of rows it changed. */
    default int update(Statement statement) {
        return batch(List.of(statement)).get(0);
    }
}
