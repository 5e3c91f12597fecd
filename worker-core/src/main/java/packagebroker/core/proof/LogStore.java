package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The sealed part of the log, read forward. */
final class LogStore {
    private static final int SEALS = 100;
    private static final long EVENTS = 1_000;
    private static final long READS = 200;

    private final Database database;

    LogStore(Database database) {
        this.database = database;
    }

    /** Returns a few blocks after a seal, in order: in two round trips, at most some megabytes. */
    List<Block> blocksAfter(Seal before) {
        List<Seal> seals = sealsAfter(before.number(), SEALS);
        int count = 0;
        while (count < seals.size() && (count == 0 || fits(before, seals.get(count)))) {
            count++;
        }
        return count == 0 ? List.of() : blocks(before, seals.subList(0, count));
    }

    private static boolean fits(Seal before, Seal last) {
        return last.auditUpto() - before.auditUpto() <= EVENTS && last.segmentUpto() - before.segmentUpto() <= READS;
    }

    private List<Block> blocks(Seal before, List<Seal> seals) {
        Seal last = seals.get(seals.size() - 1);
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of(
                                "SELECT " + LogRows.EVENTS + " FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq",
                                before.auditUpto(),
                                last.auditUpto()),
                        Statement.of(
                                "SELECT " + LogRows.READS
                                        + " FROM audit_segment WHERE seq > ? AND seq <= ? ORDER BY seq",
                                before.segmentUpto(),
                                last.segmentUpto())));
        List<Block> blocks = new ArrayList<>();
        int event = 0;
        int read = 0;
        for (Seal seal : seals) {
            int events = until(rows.get(0), event, seal.auditUpto());
            int reads = until(rows.get(1), read, seal.segmentUpto());
            blocks.add(new Block(
                    seal, rows.get(0).subList(event, events), rows.get(1).subList(read, reads)));
            event = events;
            read = reads;
        }
        return blocks;
    }

    private static int until(List<Row> rows, int from, long upto) {
        int at = from;
        while (at < rows.size() && rows.get(at).number("seq") <= upto) {
            at++;
        }
        return at;
    }

    /** Returns up to {@code limit} seals after a number, in order. */
    List<Seal> sealsAfter(long number, int limit) {
        List<Row> rows = database.primary()
                .query(Statement.of(
                        "SELECT " + Seal.COLUMNS + " FROM seal WHERE number > ? ORDER BY number LIMIT ?",
                        number,
                        limit));
        List<Seal> seals = new ArrayList<>();
        for (Row row : rows) {
            seals.add(Seal.of(row));
        }
        return seals;
    }

    /** Returns the newest seal, or null. */
    @Nullable
    Seal findNewest() {
        Row row = database.primary()
                .findOne(Statement.of("SELECT " + Seal.COLUMNS + " FROM seal ORDER BY number DESC LIMIT 1"));
        return row == null ? null : Seal.of(row);
    }

    /** Returns a seal, or null. */
    @Nullable
    Seal findSeal(long number) {
        Row row = database.primary()
                .findOne(Statement.of("SELECT " + Seal.COLUMNS + " FROM seal WHERE number = ?", number));
        return row == null ? null : Seal.of(row);
    }

    /** Returns the last seal before a time, or null if there is none. */
    @Nullable
    Seal findSealBefore(long time) {
        return findByTime(time, -1);
    }

    /** Returns the first seal at a time or after it, or null if there is none. */
    @Nullable
    Seal findSealFrom(long time) {
        return findByTime(time, 0);
    }

    /**
     * Finds the first seal at a time or after it, and returns the one {@code beside} it: the numbers have no gaps and the times
     * never fall, so the range is halved, which reads a few rows and needs no index.
     */
    private @Nullable Seal findByTime(long time, int beside) {
        Row row = database.primary().findOne(Statement.of("""
                WITH RECURSIVE span(low, high) AS (
                  SELECT MIN(number), MAX(number) + 1 FROM seal
                  UNION ALL
                  SELECT IIF((SELECT at FROM seal WHERE number = (low + high) / 2) < ?, (low + high) / 2 + 1, low),
                         IIF((SELECT at FROM seal WHERE number = (low + high) / 2) < ?, high, (low + high) / 2)
                  FROM span
                  WHERE low < high
                )
                SELECT %s FROM seal WHERE number = (SELECT low FROM span WHERE low >= high) + ?
                """.replace("%s", Seal.COLUMNS), time, time, beside));
        return row == null ? null : Seal.of(row);
    }
}
