package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The log as it lies in the database, read backward, a window of rows at a time. */
final class SearchStore {
    /** How many rows of {@code audit} one question looks at, and how many segments. */
    static final int EVENTS = 5_000;

    /** How many segments one question looks at. */
    static final int READS = 20;

    private final Database database;

    SearchStore(Database database) {
        this.database = database;
    }

    /** Where each stream ends: rows below {@code events} and {@code reads} are still to be looked at. */
    record Position(long events, long reads) {}

    /**
     * Returns the position below which all rows are that a time was written in: a row that was written later is no row of an
     * earlier time, so the range is halved. Times may fall a little from row to row, but where this ends, at a row that is later,
     * all that follow were written later still.
     */
    Position after(long time) {
        List<List<Row>> rows =
                database.queryAll(List.of(firstAfter("audit", "at", time), firstAfter("audit_segment", "to_at", time)));
        return new Position(rows.get(0).get(0).number("low"), rows.get(1).get(0).number("low"));
    }

    private static Statement firstAfter(String table, String at, long time) {
        String middle = "(SELECT %at FROM %table WHERE seq >= (low + high) / 2 ORDER BY seq LIMIT 1) <= ?";
        return Statement.of(
                """
                WITH RECURSIVE span(low, high) AS (
                  SELECT COALESCE(MIN(seq), 1), COALESCE(MAX(seq), 0) + 1 FROM %table
                  UNION ALL
                  SELECT IIF(%middle, (low + high) / 2 + 1, low), IIF(%middle, high, (low + high) / 2)
                  FROM span
                  WHERE low < high
                )
                SELECT low FROM span WHERE low >= high
                """.replace("%middle", middle).replace("%table", table).replace("%at", at), time, time);
    }

    /** Returns the events of a window, newest first, at most {@code limit}; and the segments that may hold some. */
    List<List<Row>> find(Filter filter, Position from, Position downTo, int limit) {
        List<@Nullable Object> events = new ArrayList<>(List.of(from.events(), downTo.events()));
        String onEvents = filter.onEvents(events);
        events.add(limit);
        List<@Nullable Object> reads = new ArrayList<>(List.of(from.reads(), downTo.reads()));
        String onReads = filter.onReads(reads);
        return database.queryAll(List.of(
                Statement.of(
                        "SELECT " + LogRows.EVENTS + " FROM audit WHERE seq < ? AND seq >= ?" + onEvents
                                + " ORDER BY seq DESC LIMIT ?",
                        events.toArray()),
                Statement.of(
                        "SELECT " + LogRows.READS + " FROM audit_segment WHERE seq < ? AND seq >= ?" + onReads
                                + " ORDER BY seq DESC",
                        reads.toArray())));
    }
}
