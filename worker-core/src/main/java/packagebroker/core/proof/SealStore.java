package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code seal}, and the rows of the log that it links. */
final class SealStore {
    private final Database database;

    SealStore(Database database) {
        this.database = database;
    }

    /** Rows with {@code seq}, {@code hash} and {@code bytes} that came after a seal. */
    record Unsealed(Seal last, List<Row> events, List<Row> reads) {}

    /** Returns the newest seal and what came since, up to so many rows of each stream: two statements, or one if the seal is known. */
    Unsealed unsealed(@Nullable Seal known, int maxRows) {
        String audit = known == null ? upto("audit_upto") : "" + known.auditUpto();
        String segments = known == null ? upto("segment_upto") : "" + known.segmentUpto();
        List<Statement> reads = new ArrayList<>();
        reads.add(Statement.of(
                "SELECT * FROM (SELECT 1 AS stream, seq, hash, " + LogStore.EVENT_BYTES
                        + " AS bytes FROM audit WHERE seq > " + audit + " ORDER BY seq LIMIT ?)"
                        + " UNION ALL SELECT * FROM (SELECT 2, seq, hash, " + LogStore.READS_BYTES
                        + " FROM audit_segment WHERE seq > " + segments + " ORDER BY seq LIMIT ?)",
                maxRows,
                maxRows));
        if (known == null) {
            reads.add(Statement.of("SELECT " + Seal.COLUMNS + " FROM seal ORDER BY number DESC LIMIT 1"));
        }
        List<List<Row>> rows = database.primary().queryAll(reads);
        List<Row> events = new ArrayList<>();
        List<Row> segmentRows = new ArrayList<>();
        for (Row row : rows.get(0)) {
            (row.number("stream") == 1 ? events : segmentRows).add(row);
        }
        Seal last = known != null
                ? known
                : rows.get(1).isEmpty() ? Seal.NONE : Seal.of(rows.get(1).get(0));
        return new Unsealed(last, events, segmentRows);
    }

    private static String upto(String column) {
        return "COALESCE((SELECT " + column + " FROM seal ORDER BY number DESC LIMIT 1), 0)";
    }

    /** How many rows are under no seal, and when the newest one was made. */
    record Backlog(long rows, long sealedAt) {}

    /** Returns how far the seals are behind. */
    Backlog backlog() {
        Row row = database.query(Statement.of("SELECT (SELECT COALESCE(MAX(seq), 0) FROM audit) - " + upto("audit_upto")
                        + " + (SELECT COALESCE(MAX(seq), 0) FROM audit_segment) - " + upto("segment_upto")
                        + " AS waiting, "
                        + upto("at") + " AS sealed_at"))
                .get(0);
        return new Backlog(row.number("waiting"), row.number("sealed_at"));
    }

    /** Adds a seal, unless somebody else has made the one of this number; returns whether it was added. */
    boolean add(Seal seal) {
        return database.update(Statement.of(
                        """
                        INSERT INTO seal (number, at, audit_upto, segment_upto, entries, head, note)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (number) DO NOTHING
                        """,
                        seal.number(),
                        seal.at(),
                        seal.auditUpto(),
                        seal.segmentUpto(),
                        seal.entries(),
                        seal.head(),
                        seal.note()))
                > 0;
    }

    /** Gives rows after a seal their hash that were written by a version of this product that made none. */
    void hashOld(Seal last) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of(
                                "SELECT " + LogRows.EVENTS
                                        + " FROM audit WHERE seq > ? AND hash = '' ORDER BY seq LIMIT 200",
                                last.auditUpto()),
                        Statement.of(
                                "SELECT " + LogRows.READS
                                        + " FROM audit_segment WHERE seq > ? AND hash = '' ORDER BY seq LIMIT 20",
                                last.segmentUpto())));
        List<Object> events = new ArrayList<>();
        for (Row row : rows.get(0)) {
            events.add(List.of(row.number("seq"), LogRows.event(row).hash()));
        }
        List<Object> reads = new ArrayList<>();
        for (Row row : rows.get(1)) {
            reads.add(List.of(row.number("seq"), LogRows.segment(row).hash()));
        }
        database.batch(List.of(update("audit", events), update("audit_segment", reads)));
    }

    private static Statement update(String table, List<Object> hashes) {
        return Statement.of(
                "UPDATE " + table + " SET hash = new.value ->> 1 FROM json_each(?) AS new "
                        + "WHERE seq = new.value ->> 0 AND hash = ''",
                Json.write(hashes));
    }
}
