package packagebroker.core.proof;

import java.util.List;
import packagebroker.core.port.Background;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;

/**
 * Links what came into the log. It runs a second after a change, for all changes of that second, and with the cron. Several
 * may run at a time: the database takes each number once, so the chain cannot fork.
 */
public final class Sealer {
    private static final int EVENTS = 1_000;
    private static final int READS = 200; // of up to 500 events each: whoever reads a seal holds all of it
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
            seal();
        });
    }

    /** Seals what there is, up to a bound; the next time goes on. */
    public void seal() {
        SealStore.Unsealed unsealed = store.unsealed(EVENTS, READS);
        if (unsealed.events().isEmpty() && unsealed.reads().isEmpty()) {
            return;
        }
        if (hasNoHash(unsealed.events()) || hasNoHash(unsealed.reads())) {
            store.hashOld(unsealed.last());
        } else {
            Seal seal = next(unsealed);
            store.add(seal.with(key.sign(seal.text())));
        }
    }

    private static boolean hasNoHash(List<Row> rows) {
        for (Row row : rows) {
            if (row.text("hash").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Seal next(SealStore.Unsealed unsealed) {
        Seal last = unsealed.last();
        Chain chain = new Chain(last.head(), last.entries());
        long auditUpto = link(chain, Chain.EVENTS, unsealed.events(), last.auditUpto());
        long segmentUpto = link(chain, Chain.READS, unsealed.reads(), last.segmentUpto());
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
