package packagebroker.core.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Statement;

/** The tables {@code audit} and {@code audit_segment}: what is written into them, each row with its hash. */
public final class AuditStore {
    private final Database database;

    /** Creates the store. */
    public AuditStore(Database database) {
        this.database = database;
    }

    /** Returns the statement that records an event; it belongs into the batch of the change. */
    public static Statement insert(AuditEvent event) {
        return insertIf(event, Statement.of("SELECT 1"));
    }

    /** Returns the statement that records an event if {@code condition}, a SELECT, has a row by then. */
    public static Statement insertIf(AuditEvent event, Statement condition) {
        List<@Nullable Object> parameters = new ArrayList<>();
        Collections.addAll(
                parameters,
                event.at(),
                event.request(),
                event.actor(),
                event.action(),
                event.target(),
                event.outcome(),
                event.status(),
                event.address(),
                event.agent(),
                event.detail(),
                event.hash());
        parameters.addAll(condition.parameters());
        String sql = """
                INSERT INTO audit (at, request, actor, action, target, outcome, status, address, agent, detail, hash)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE EXISTS (
                """;
        return Statement.of(sql + condition.sql() + ")", parameters.toArray());
    }

    /** Records an event by itself, and what belongs beside it. */
    void append(AuditEvent event, @Nullable Statement beside) {
        write(insert(event), beside);
    }

    private void write(Statement events, @Nullable Statement beside) {
        database.batch(beside == null ? List.of(events) : List.of(events, beside));
    }

    /** Records a segment of reads, what was lost before, and what belongs beside it. */
    void appendSegment(Segment segment, List<AuditEvent> losses, @Nullable Statement beside) {
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of(
                """
                INSERT INTO audit_segment (isolate, first, events, from_at, to_at, body, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                segment.isolate(),
                segment.first(),
                segment.events(),
                segment.fromAt(),
                segment.toAt(),
                segment.body(),
                segment.hash()));
        for (AuditEvent loss : losses) {
            batch.add(insert(loss));
        }
        if (beside != null) {
            batch.add(beside);
        }
        database.batch(batch);
    }
}
