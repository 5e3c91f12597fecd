package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code audit_archive}: which parts of the log lie in the object store. */
final class ArchiveStore {
    private static final String COLUMNS = "first_seal, object, sha256, size, " + Seal.COLUMNS;

    private final Database database;

    ArchiveStore(Database database) {
        this.database = database;
    }

    /** Blocks that lie in an object. */
    record Part(long firstSeal, Seal last, String object, String sha256, long size) {
        static Part of(Row row) {
            return new Part(
                    row.number("first_seal"), Seal.of(row), row.text("object"), row.text("sha256"), row.number("size"));
        }
    }

    /** Returns the newest part, or null. */
    @Nullable
    Part findLast() {
        return find("ORDER BY first_seal DESC");
    }

    /** Returns the oldest part that still has its object, or null. */
    @Nullable
    Part findOldest() {
        return find("WHERE object != '' ORDER BY first_seal");
    }

    /** Returns the newest part that has lost its object, or null; they go in their order. */
    @Nullable
    Part findExpired() {
        return find("WHERE object = '' ORDER BY first_seal DESC");
    }

    /** Returns the part that holds the seal after another one, or null. */
    @Nullable
    Part findAfter(long seal) {
        Part part = find("WHERE first_seal <= ? ORDER BY first_seal DESC", seal + 1);
        return part != null && part.last().number() > seal && !part.object().isEmpty() ? part : null;
    }

    /** Returns the last part that ended before a time, or null. */
    @Nullable
    Part findBefore(long time) {
        return find("WHERE at < ? ORDER BY first_seal DESC", time);
    }

    /** Returns the last part that ended with a seal or before it, or null. */
    @Nullable
    Part findUpto(long seal) {
        return find("WHERE number <= ? ORDER BY first_seal DESC", seal);
    }

    private @Nullable Part find(String which, Object... parameters) {
        Row row = database.primary()
                .findOne(Statement.of("SELECT " + COLUMNS + " FROM audit_archive " + which + " LIMIT 1", parameters));
        return row == null ? null : Part.of(row);
    }

    /**
     * Enters a part, with the row that records it, and only then removes its rows from the log; fails if somebody else
     * was first. The newest row of a table stays, whatever it is: the numbers of new ones begin after it.
     */
    void enter(Part part, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        Seal last = part.last();
        batch.add(Statement.of(
                """
                INSERT INTO audit_archive (first_seal, object, sha256, size, number, at, audit_upto, segment_upto, entries,
                                           head, note)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                part.firstSeal(),
                part.object(),
                part.sha256(),
                part.size(),
                last.number(),
                last.at(),
                last.auditUpto(),
                last.segmentUpto(),
                last.entries(),
                last.head(),
                last.note()));
        batch.add(AuditStore.insert(event));
        batch.add(Statement.of(
                "DELETE FROM audit WHERE seq <= ? AND seq < (SELECT MAX(seq) FROM audit)", last.auditUpto()));
        batch.add(Statement.of(
                "DELETE FROM audit_segment WHERE seq <= ? AND seq < (SELECT MAX(seq) FROM audit_segment)",
                last.segmentUpto()));
        batch.add(Statement.of("DELETE FROM seal WHERE number <= ?", last.number()));
        database.batch(batch);
    }

    /** Notes that a part's object is gone, with the row that records it. */
    void expire(Part part, AuditEvent event) {
        database.batch(List.of(
                AuditStore.insertIf(
                        event,
                        Statement.of(
                                "SELECT 1 FROM audit_archive WHERE first_seal = ? AND object = ?",
                                part.firstSeal(),
                                part.object())),
                Statement.of("UPDATE audit_archive SET object = '' WHERE first_seal = ?", part.firstSeal())));
    }
}
