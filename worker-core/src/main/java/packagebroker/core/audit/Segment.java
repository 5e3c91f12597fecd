package packagebroker.core.audit;

import java.util.List;

/**
 * Events of reads that one isolate collected.
 *
 * @param isolate the isolate's random id
 * @param first the number of the first event in this isolate, from 1 and without gaps
 * @param events how many there are
 * @param fromAt when the first was, ms since 1970
 * @param toAt when the last was
 * @param body one event a line: time, request, actor, action, target, status, address, agent, separated by tabs
 */
public record Segment(String isolate, long first, int events, long fromAt, long toAt, String body) {
    /** Returns the segment of some events, at least one. */
    static Segment of(String isolate, long first, List<AuditEvent> events) {
        StringBuilder body = new StringBuilder(events.size() * 128);
        for (AuditEvent event : events) {
            body.append(event.at()).append('\t').append(event.request()).append('\t');
            body.append(event.actor()).append('\t').append(event.action()).append('\t');
            body.append(event.target()).append('\t').append(event.status()).append('\t');
            body.append(event.address()).append('\t').append(event.agent()).append('\n');
        }
        long fromAt = events.get(0).at();
        long toAt = events.get(events.size() - 1).at();
        return new Segment(isolate, first, events.size(), fromAt, toAt, body.toString());
    }

    /** Returns the hash that goes into the segment's row: of every field but the row's number. */
    public String hash() {
        return new RecordHash(RecordHash.SEGMENT)
                .add(isolate)
                .add(first)
                .add(events)
                .add(fromAt)
                .add(toAt)
                .add(body)
                .hex();
    }
}
