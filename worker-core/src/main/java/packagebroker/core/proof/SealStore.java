package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code seal}, and the rows of the log that it links. */
final class SealStore {
    private static final String LAST = "(SELECT number FROM seal ORDER BY number DESC LIMIT 1)";

    private final Database database;

    SealStore(Database database) {
        this.database = database;
    }

    /** The last seal, and what came since: rows with {@code seq} and {@code hash}. */
    record Unsealed(Seal last, List<Row> events, List<Row> reads) {}

    /** Returns rows that no seal links yet, up to so many of each stream. */
    Unsealed unsealed(int maxEvents, int maxReads) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of("SELECT " + Seal.COLUMNS + " FROM seal ORDER BY number DESC LIMIT 1"),
                        Statement.of("""
                                SELECT seq, hash
                                FROM audit
                                WHERE seq > COALESCE((SELECT audit_upto FROM seal WHERE number = %s), 0)
                                ORDER BY seq
                                LIMIT ?
                                """.replace("%s", LAST), maxEvents),
                        Statement.of("""
                                SELECT seq, hash
                                FROM audit_segment
                                WHERE seq > COALESCE((SELECT segment_upto FROM seal WHERE number = %s), 0)
                                ORDER BY seq
                                LIMIT ?
                                """.replace("%s", LAST), maxReads)));
        Seal last = rows.get(0).isEmpty() ? Seal.NONE : Seal.of(rows.get(0).get(0));
        return new Unsealed(last, rows.get(1), rows.get(2));
    }

    /** Adds a seal, unless somebody else has made the one of this number. */
    void add(Seal seal) {
        database.update(Statement.of(
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
                seal.note()));
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
