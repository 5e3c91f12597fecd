package packagebroker.core.audit;

import org.jspecify.annotations.Nullable;

/**
 * Counts, in this isolate, the refusals of callers whom nobody knows. The first of each minute are events like all others; of the
 * rest one event says how many there were: whoever is refused must not decide how much is written.
 */
final class Refusals {
    private static final int A_MINUTE = 60;
    private static final long MINUTE_MILLIS = 60_000;
    private static final long OVERDUE_MILLIS = 30_000;

    private long since;
    private int refused;
    private @Nullable AuditEvent first;
    private long counted;
    private long last;

    /** Returns whether an event was one of too many, and so was only counted. */
    boolean isCounted(AuditEvent event) {
        if (!event.actor().equals("anonymous") || !event.outcome().equals("deny")) {
            return false;
        }
        if (event.at() - since >= MINUTE_MILLIS) {
            since = event.at();
            refused = 0;
        }
        if (++refused <= A_MINUTE) {
            return false;
        }
        first = first == null ? event : first;
        counted++;
        last = event.at();
        return true;
    }

    /** Returns whether the event that was counted last is the first that waits to be written. */
    boolean isFirst() {
        return counted == 1;
    }

    /** Returns whether what was counted should have been written by now. */
    boolean isOverdue(long now) {
        return first != null && now - first.at() >= OVERDUE_MILLIS;
    }

    /** Returns the event of what was counted, and begins anew; null if there was nothing. It has the marks of the first of them. */
    @Nullable
    AuditEvent take() {
        AuditEvent event = first == null ? null : first.as(Action.REFUSE_STRANGERS, counted + " until " + last, "{}");
        first = null;
        counted = 0;
        return event;
    }
}
