package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;

/**
 * One event of the log, be it a row of {@code audit} or a line of a segment.
 *
 * @param seq the number of the row
 * @param line the number of the line in a segment, from 1; 0 for a row of {@code audit}
 * @param event what is said there
 */
record LogEvent(long seq, int line, AuditEvent event) {
    private static final int FIELDS = 8;

    /** Returns the event of a row of {@code audit}. */
    static LogEvent of(Row row) {
        return new LogEvent(row.number("seq"), 0, LogRows.event(row));
    }

    /** Returns the events of a row of {@code audit_segment}, in their order. */
    static List<LogEvent> ofReads(Row row) {
        List<LogEvent> events = new ArrayList<>();
        String body = row.text("body");
        int line = 0;
        for (int from = 0; from < body.length(); ) {
            int end = body.indexOf('\n', from);
            end = end < 0 ? body.length() : end;
            events.add(new LogEvent(row.number("seq"), ++line, ofLine(body.substring(from, end))));
            from = end + 1;
        }
        return events;
    }

    private static AuditEvent ofLine(String line) {
        List<String> fields = new ArrayList<>();
        for (int from = 0; from <= line.length(); ) {
            int tab = line.indexOf('\t', from);
            int end = tab < 0 ? line.length() : tab;
            fields.add(line.substring(from, end));
            from = end + 1;
        }
        while (fields.size() < FIELDS) {
            fields.add(""); // Tampered with; whoever searches shall see it all the same.
        }
        return new AuditEvent(
                number(fields.get(0)),
                fields.get(1),
                fields.get(2),
                fields.get(3),
                fields.get(4),
                (int) number(fields.get(5)),
                fields.get(6),
                fields.get(7),
                "{}");
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Returns when it was. */
    long at() {
        return event.at();
    }

    /** Returns which stream it is in. */
    String stream() {
        return line == 0 ? "event" : "read";
    }

    /** Returns the event as the API shows it. */
    Map<String, @Nullable Object> shown() {
        return Json.object(
                "stream",
                stream(),
                "seq",
                seq,
                "line",
                line,
                "at",
                at(),
                "request",
                event.request(),
                "actor",
                event.actor(),
                "action",
                event.action(),
                "target",
                event.target(),
                "outcome",
                event.outcome(),
                "status",
                event.status(),
                "address",
                event.address(),
                "agent",
                event.agent(),
                "detail",
                event.detail());
    }
}
