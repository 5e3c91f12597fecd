package packagebroker.core.audit;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.json.Json;

/**
 * Which numbers of this isolate's events may never have reached the database: a write that failed, or one of whose end nothing
 * was heard because its request was cut off. They are owned up to with the next segment, so that a gap is no riddle.
 */
final class Losses {
    private static final long CUT_OFF_MILLIS = 60_000;
    private static final int MAX_AT_ONCE = 20;

    private final List<Range> ranges = new ArrayList<>();

    /** Numbers that are being written, or that were lost if {@code since} is long ago. */
    record Range(long first, long events, long since) {
        AuditEvent event(String isolate, long now) {
            String detail = Json.write(Json.object("first", first, "events", events));
            return new AuditEvent(now, isolate, "system", Action.LOSE_READS, isolate, 500, "", "", detail);
        }
    }

    /** Notes that numbers are about to be written. */
    Range begin(long first, long events, long now) {
        Range range = new Range(first, events, now);
        ranges.add(range);
        return range;
    }

    /** Notes that they were written, or that a loss was owned up to. */
    void end(Range range) {
        ranges.remove(range);
    }

    /** Notes that they were not; what is adjacent becomes one. */
    void lose(Range range) {
        int at = ranges.indexOf(range);
        Range before = at > 0 ? ranges.get(at - 1) : null;
        if (before != null && before.since() == 0 && before.first() + before.events() == range.first()) {
            ranges.remove(at);
            ranges.set(at - 1, new Range(before.first(), before.events() + range.events(), 0));
        } else {
            ranges.set(at, new Range(range.first(), range.events(), 0));
        }
    }

    /** Returns what is to be owned up to. */
    List<Range> due(long now) {
        List<Range> due = new ArrayList<>();
        for (Range range : ranges) {
            if (now - range.since() >= CUT_OFF_MILLIS && due.size() < MAX_AT_ONCE) {
                due.add(range);
            }
        }
        return due;
    }
}
