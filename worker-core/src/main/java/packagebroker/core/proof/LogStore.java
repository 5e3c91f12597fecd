package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The sealed part of the log, read forward. */
final class LogStore {
    private static final int SEALS = 500;
    private static final long BYTES = 2 << 20;

    /** What a row of {@code audit} takes, as SQL. */
    static final String EVENT_BYTES = "octet_length(detail) + octet_length(target) + octet_length(agent) + 400";

    /** What a row of {@code audit_segment} takes, as SQL. */
    static final String READS_BYTES = "octet_length(body) + 300";

    private final Database database;

    LogStore(Database database) {
        this.database = database;
    }

    /** Returns some blocks after a seal, in order: in two round trips, two megabytes of rows and one block more. */
    List<Block> blocksAfter(Seal before) {
        List<Seal> seals = sealsAfter(before);
        return seals.isEmpty() ? List.of() : blocks(before, seals);
    }

    private List<Seal> sealsAfter(Seal before) {
        return seals(Statement.of(
                """
                WITH RECURSIVE way(number, audit_upto, segment_upto, bytes) AS (
                  SELECT ?, ?, ?, 0
                  UNION ALL
                  SELECT seal.number, seal.audit_upto, seal.segment_upto, bytes
                         + COALESCE((SELECT SUM(%events) FROM audit
                                     WHERE seq > way.audit_upto AND seq <= seal.audit_upto), 0)
                         + COALESCE((SELECT SUM(%reads) FROM audit_segment
                                     WHERE seq > way.segment_upto AND seq <= seal.segment_upto), 0)
                  FROM way JOIN seal ON seal.number = (SELECT MIN(number) FROM seal WHERE number > way.number)
                  WHERE bytes < ?
                  LIMIT ?
                )
                SELECT %columns FROM seal WHERE number > ? AND number <= (SELECT MAX(number) FROM way) ORDER BY number
                """.replace("%events", EVENT_BYTES)
                        .replace("%reads", READS_BYTES)
                        .replace("%columns", Seal.COLUMNS),
                before.number(),
                before.auditUpto(),
                before.segmentUpto(),
                BYTES,
                SEALS + 1,
                before.number()));
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
        return seals(Statement.of(
                "SELECT " + Seal.COLUMNS + " FROM seal WHERE number > ? ORDER BY number LIMIT ?", number, limit));
    }

    private List<Seal> seals(Statement read) {
        List<Seal> seals = new ArrayList<>();
        for (Row row : database.primary().query(read)) {
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

    /**
     * Returns the last seal before a time, or null if there is none. It finds the first one at that time or after it, and takes the
     * one before: the numbers have no gaps and the times never fall, so the range is halved, which reads a few rows and needs no
     * index.
     */
    @Nullable
    Seal findSealBefore(long time) {
        Row row = database.primary().findOne(Statement.of("""
                WITH RECURSIVE span(low, high) AS (
                  SELECT MIN(number), MAX(number) + 1 FROM seal
                  UNION ALL
                  SELECT IIF((SELECT at FROM seal WHERE number = (low + high) / 2) < ?, (low + high) / 2 + 1, low),
                         IIF((SELECT at FROM seal WHERE number = (low + high) / 2) < ?, high, (low + high) / 2)
                  FROM span
                  WHERE low < high
                )
                SELECT %s FROM seal WHERE number = (SELECT low FROM span WHERE low >= high) - 1
                """.replace("%s", Seal.COLUMNS), time, time));
        return row == null ? null : Seal.of(row);
    }
}
