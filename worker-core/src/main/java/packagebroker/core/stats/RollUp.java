package packagebroker.core.stats;

import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Adds up what was counted, a bounded part at a time, within the database: no count passes through here. Once an hour, since each
 * time costs a written row for each version that was used.
 */
public final class RollUp implements Chore {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int ENTRIES_PER_STEP = 20_000;
    private static final int ROWS_PER_STEP = 1_000;

    private final TallyStore store;

    /** Creates it. */
    public RollUp(TallyStore store) {
        this.store = store;
    }

    @Override
    public String kind() {
        return "rollup";
    }

    @Override
    public Cost cost() {
        return new Cost(3, 0);
    }

    /** Adds up some of what came in before this hour. */
    @Override
    public Progress step(Turn turn) {
        long intoHour = turn.now() % HOUR_MILLIS;
        Long last = store.findLast(turn.now() - intoHour, ENTRIES_PER_STEP, ROWS_PER_STEP);
        if (last == null) {
            return new Progress("", HOUR_MILLIS - intoHour);
        }
        store.addUp(last);
        return new Progress("", 0);
    }
}
