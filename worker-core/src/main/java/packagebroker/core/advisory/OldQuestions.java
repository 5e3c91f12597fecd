package packagebroker.core.advisory;

import packagebroker.core.port.Ports;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/** Forgets which questions were answered lately, once that is no longer so. */
public final class OldQuestions implements Chore {
    private static final long PAUSE_MILLIS = 3_600_000;

    private final RelayStore store;

    /** Creates the chore. */
    public OldQuestions(Ports ports) {
        this.store = new RelayStore(ports.database());
    }

    @Override
    public String kind() {
        return "questions";
    }

    @Override
    public Cost cost() {
        return new Cost(1, 0);
    }

    @Override
    public Progress step(Turn turn) {
        store.forgetOldQuestions(turn.now());
        return new Progress("", PAUSE_MILLIS);
    }
}
