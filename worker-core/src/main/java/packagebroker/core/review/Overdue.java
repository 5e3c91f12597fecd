package packagebroker.core.review;

import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/** Raises an alert when no review began for 90 days, or one is open for that long, and again after each further 90. */
public final class Overdue implements Chore {
    private static final long DAY_MILLIS = 86_400_000;
    private static final long AGE_MILLIS = 90 * DAY_MILLIS;

    private final ReviewStore store;
    private final Random random;

    /** Creates it. */
    public Overdue(ReviewStore store, Random random) {
        this.store = store;
        this.random = random;
    }

    @Override
    public String kind() {
        return "review";
    }

    @Override
    public Cost cost() {
        return new Cost(5, 0);
    }

    /** Looks once a day. */
    @Override
    public Progress step(Turn turn) {
        Row times = store.times();
        long last = times.number("last");
        long open = times.number("open");
        if (last > 0 && turn.now() - last >= AGE_MILLIS) {
            raise("none since " + last, last, "expected a review of who may do what within 90 days", turn);
        }
        if (open > 0 && turn.now() - open >= AGE_MILLIS) {
            raise("open since " + open, open, "expected a review to be closed within 90 days", turn);
        }
        return new Progress("", DAY_MILLIS);
    }

    private void raise(String what, long since, String why, Turn turn) {
        long times = (turn.now() - since) / AGE_MILLIS;
        store.raise(what + " " + times, why, Hex.of(random.bytes(8)), turn.cause());
    }
}
