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

    /** Returns the position after the newest row of each stream. */
    Position newest() {
        Row row = database.query(Statement.of("""
                SELECT COALESCE((SELECT MAX(seq) FROM audit), 0) + 1 AS events,
                       COALESCE((SELECT MAX(seq) FROM audit_segment), 0) + 1 AS reads
                """)).get(0);
        return new Position(row.number("events"), row.number("reads"));
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
