package packagebroker.core.audit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Background;
import packagebroker.core.port.Clock;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Hex;

/**
 * Collects the events of reads in this isolate and writes them as segments: the first request to add one becomes the
 * leader, waits half a second after its answer, and writes what has come by then. A leader that was cut off is replaced.
 */
public final class AccessLog {
    private static final int MAX_EVENTS = 500;
    private static final int WAIT_MILLIS = 500;
    private static final int LEADER_MILLIS = 5_000;
    private static final int COUNT_MILLIS = 10_000;

    private final AuditStore store;
    private final Companion companion;
    private final Background background;
    private final Clock clock;
    private final Log log;
    private final boolean strict;
    private final Random random;
    private String isolate = "";

    private final Losses losses = new Losses();
    private final Refusals refusals = new Refusals();
    private List<AuditEvent> waiting = new ArrayList<>();
    private long written;
    private long segments;
    private long rows;
    private long leaderUntil;

    /** What another room writes beside events, in the same batch. */
    public interface Companion {
        /** Returns the statement, or null if these events mean nothing to it. */
        @Nullable
        Statement beside(List<AuditEvent> events);
    }

    /** Creates the log of an isolate; strict means a row for each event before its answer. */
    public AccessLog(AuditStore store, Companion companion, Ports ports, boolean strict) {
        this.store = store;
        this.companion = companion;
        this.background = ports.background();
        this.clock = ports.clock();
        this.log = ports.log();
        this.strict = strict;
        this.random = ports.random();
    }

    /**
     * Adds an event.
     *
     * @throws DatabaseException in strict mode, if it cannot be written: then the answer must not be given
     */
    public void add(AuditEvent event) {
        if (refusals.isCounted(event)) {
            if (refusals.isFirst()) {
                background.run(this::writeCount);
            }
            return;
        }
        if (refusals.isOverdue(event.at())) {
            background.run(this::takeCount);
        }
        append(event);
    }

    private void writeCount() {
        clock.pause(COUNT_MILLIS);
        takeCount();
    }

    private void takeCount() {
        AuditEvent count = refusals.take();
        if (count != null) {
            append(count);
        }
    }

    private void append(AuditEvent event) {
        if (strict) {
            store.append(event, companion.beside(List.of(event)));
            return;
        }
        waiting.add(event);
        if (event.at() >= leaderUntil || waiting.size() == MAX_EVENTS) {
            leaderUntil = event.at() + LEADER_MILLIS;
            background.run(this::lead);
        }
    }

    /** Returns how many segments this isolate has written: one round trip each. */
    public long segments() {
        return segments;
    }

    /** Returns how many rows they were, with those beside them. */
    public long rows() {
        return rows;
    }

    /** Returns the random id of this isolate, made when first asked for: Workers hand out no randomness before a request. */
    public String isolate() {
        if (isolate.isEmpty()) {
            isolate = Hex.of(random.bytes(8));
        }
        return isolate;
    }

    private void lead() {
        if (waiting.size() < MAX_EVENTS) {
            clock.pause(WAIT_MILLIS);
        }
        // From here on a new event finds a new leader, while this one writes what it took.
        leaderUntil = 0;
        List<AuditEvent> events = waiting;
        waiting = new ArrayList<>();
        for (int from = 0; from < events.size(); from += MAX_EVENTS) {
            write(events.subList(from, Math.min(events.size(), from + MAX_EVENTS)));
        }
    }

    private void write(List<AuditEvent> events) {
        long now = clock.millis();
        List<Losses.Range> due = losses.due(now);
        List<AuditEvent> owned = new ArrayList<>();
        for (Losses.Range range : due) {
            owned.add(range.event(isolate(), now));
        }
        Segment segment = Segment.of(isolate(), written + 1, events);
        written += events.size();
        Losses.Range range = losses.begin(segment.first(), segment.events(), now);
        try {
            Statement beside = companion.beside(events);
            segments++;
            rows += (beside == null ? 1 : 2) + owned.size();
            store.appendSegment(segment, owned, beside);
        } catch (DatabaseException e) {
            losses.lose(range);
            log.failure(
                    "audit.gap", e, "isolate", isolate(), "first", "" + segment.first(), "events", "" + events.size());
            return;
        }
        losses.end(range);
        due.forEach(losses::end);
    }
}
