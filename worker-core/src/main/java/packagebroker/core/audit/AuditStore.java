package packagebroker.core.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Statement;

/** The tables {@code audit} and {@code audit_segment}. */
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
                event.detail());
        parameters.addAll(condition.parameters());
        String sql = """
                INSERT INTO audit (at, request, actor, action, target, outcome, status, address, agent, detail)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
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

    /** Records a segment of reads, and what belongs beside it; recording it twice fails, so that nothing counts twice. */
    void appendSegment(String isolate, long first, List<AuditEvent> events, @Nullable Statement beside) {
        StringBuilder body = new StringBuilder(events.size() * 128);
        for (AuditEvent event : events) {
            appendLine(body, event);
        }
        write(
                Statement.of(
                        """
                        INSERT INTO audit_segment (isolate, first, events, from_at, to_at, body)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                        isolate,
                        first,
                        events.size(),
                        events.get(0).at(),
                        events.get(events.size() - 1).at(),
                        body.toString()),
                beside);
    }

    private static void appendLine(StringBuilder body, AuditEvent event) {
        body.append(event.at()).append('\t').append(event.request()).append('\t');
        body.append(event.actor()).append('\t').append(event.action()).append('\t');
        body.append(event.target()).append('\t').append(event.status()).append('\t');
        body.append(event.address()).append('\t').append(event.agent()).append('\n');
    }
}
