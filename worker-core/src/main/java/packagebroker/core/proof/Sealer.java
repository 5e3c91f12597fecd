package packagebroker.core.proof;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.port.Background;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;

/**
 * Links what came into the log. It runs a second after a change, for all changes of that second, and with the cron. Several
 * may run at a time: the database takes each number once, so the chain cannot fork. A seal is bounded by its rows, since each is
 * hashed, and by their bytes, since whoever reads a block holds all of it.
 */
public final class Sealer {
    /** What one run may do: three statements for the first seal and two for each other, of the ten that jobs leave. */
    private static final int SEALS = 4;

    private static final int ROWS = 1_000; // of each stream
    private static final long BYTES = 1 << 20; // of each stream, and a row more
    private static final int WAIT_MILLIS = 1_000;
    private static final int LEADER_MILLIS = 5_000;

    private final SealStore store;
    private final SigningKey key;
    private final Background background;
    private final Clock clock;
    private long leaderUntil;

    /** Creates the sealer of an isolate. */
    public Sealer(Ports ports, SigningKey key) {
        this.store = new SealStore(ports.database());
        this.key = key;
        this.background = ports.background();
        this.clock = ports.clock();
    }

    /** Seals soon after a change: its request leads, and waits for others; a leader that was cut off is replaced. */
    public void soon(long now) {
        if (now < leaderUntil) {
            return;
        }
        leaderUntil = now + LEADER_MILLIS;
        background.run(() -> {
            clock.pause(WAIT_MILLIS);
            // From here on a new change finds a new leader.
            leaderUntil = 0;
            seal(1); // The request may have asked much of the database already.
        });
    }

    /** Seals what there is, as far as one run may go, and returns whether that was all. */
    public boolean seal() {
        return seal(SEALS);
    }

    private boolean seal(int most) {
        Seal last = null;
        for (int seals = 0; seals < most; seals++) {
            SealStore.Unsealed unsealed = store.unsealed(last, ROWS);
            List<Row> events = fitting(unsealed.events());
            List<Row> reads = fitting(unsealed.reads());
            if (events.isEmpty() && reads.isEmpty()) {
                return true;
            }
            if (hasNoHash(events) || hasNoHash(reads)) {
                store.hashOld(unsealed.last());
                return false;
            }
            Seal next = next(unsealed.last(), events, reads);
            last = next.with(key.sign(next.text()));
            // Whoever made the seal of this number instead goes on from there.
            if (!store.add(last)) {
                return false;
            }
            if (isAll(events, unsealed.events()) && isAll(reads, unsealed.reads())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAll(List<Row> taken, List<Row> found) {
        return taken.size() == found.size() && found.size() < ROWS;
    }

    /** Returns the first of the rows, as many as a seal may hold. */
    private static List<Row> fitting(List<Row> rows) {
        long bytes = 0;
        int count = 0;
        while (count < rows.size() && bytes < BYTES) {
            bytes += rows.get(count++).number("bytes");
        }
        return rows.subList(0, count);
    }

    /** Returns how far the seals are behind, as the API shows it. */
    public Map<String, @Nullable Object> backlog() {
        SealStore.Backlog backlog = store.backlog();
        return Json.object("unsealed", backlog.rows(), "sealed_at", backlog.sealedAt());
    }

    private static boolean hasNoHash(List<Row> rows) {
        for (Row row : rows) {
            if (row.text("hash").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Seal next(Seal last, List<Row> events, List<Row> reads) {
        Chain chain = new Chain(last.head(), last.entries());
        long auditUpto = link(chain, Chain.EVENTS, events, last.auditUpto());
        long segmentUpto = link(chain, Chain.READS, reads, last.segmentUpto());
        // Times never fall along the chain, so that a seal can be found by its time.
        long at = Math.max(clock.millis(), last.at());
        return new Seal(last.number() + 1, at, auditUpto, segmentUpto, chain.entries(), chain.head(), "");
    }

    private static long link(Chain chain, int stream, List<Row> rows, long upto) {
        long last = upto;
        for (Row row : rows) {
            last = row.number("seq");
            chain.link(stream, last, row.text("hash"));
        }
        return last;
    }
}
