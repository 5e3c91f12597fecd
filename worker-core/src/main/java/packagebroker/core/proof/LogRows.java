package packagebroker.core.proof;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.Segment;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;

/** The rows of the log, as they are hashed and as they are shown. */
final class LogRows {
    /** The columns of {@code audit}. */
    static final String EVENTS =
            "seq, at, request, actor, action, target, outcome, status, address, agent, detail, hash";

    /** The columns of {@code audit_segment}. */
    static final String READS = "seq, isolate, first, events, from_at, to_at, body, hash";

    private LogRows() {}

    /** Returns the event of a row of {@code audit}. */
    static AuditEvent event(Row row) {
        return new AuditEvent(
                row.number("at"),
                row.text("request"),
                row.text("actor"),
                row.text("action"),
                row.text("target"),
                (int) row.number("status"),
                row.text("address"),
                row.text("agent"),
                row.text("detail"));
    }

    /** Returns the segment of a row of {@code audit_segment}. */
    static Segment segment(Row row) {
        return new Segment(
                row.text("isolate"),
                row.number("first"),
                (int) row.number("events"),
                row.number("from_at"),
                row.number("to_at"),
                row.text("body"));
    }

    /** Returns whether a row of {@code audit} still is what was written; of the outcome a hash knows what the status says. */
    static boolean isIntactEvent(Row row) {
        AuditEvent event = event(row);
        return event.outcome().equals(row.text("outcome")) && event.hash().equals(row.text("hash"));
    }

    /** Returns whether a row of {@code audit_segment} still is what was written. */
    static boolean isIntactSegment(Row row) {
        return segment(row).hash().equals(row.text("hash"));
    }

    /** Returns the line of an export for a row of {@code audit}. */
    static String eventLine(Row row) {
        return line(
                "event",
                Json.object(
                        "seq", row.number("seq"),
                        "at", row.number("at"),
                        "request", row.text("request"),
                        "actor", row.text("actor"),
                        "action", row.text("action"),
                        "target", row.text("target"),
                        "outcome", row.text("outcome"),
                        "status", row.number("status"),
                        "address", row.text("address"),
                        "agent", row.text("agent"),
                        "detail", row.text("detail"),
                        "hash", row.text("hash")));
    }

    /** Returns the line of an export for a row of {@code audit_segment}. */
    static String readsLine(Row row) {
        return line(
                "reads",
                Json.object(
                        "seq", row.number("seq"),
                        "isolate", row.text("isolate"),
                        "first", row.number("first"),
                        "events", row.number("events"),
                        "from_at", row.number("from_at"),
                        "to_at", row.number("to_at"),
                        "body", row.text("body"),
                        "hash", row.text("hash")));
    }

    /** Returns a line of an export: an object whose type comes first. */
    static String line(String type, Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("type", type);
        all.putAll(fields);
        return Json.write(all) + "\n";
    }
}
