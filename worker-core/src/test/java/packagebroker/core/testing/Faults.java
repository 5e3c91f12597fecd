package packagebroker.core.testing;

/** When a double fails on purpose: before it does anything, or after it did all and nobody was told. */
public final class Faults {
    private int callsLeft = -1;
    private int callsUntilAct = -1;
    private Runnable act = () -> {};
    private boolean done;
    private boolean once;

    /** Lets {@code calls} more calls succeed; all later ones fail and do nothing, until {@link #mend}. */
    public synchronized void breakAfter(int calls) {
        callsLeft = calls;
        done = false;
    }

    /**
     * Lets {@code calls} more calls succeed; the next one is carried out and then fails, and so do all later ones
     * undone.
     */
    public synchronized void loseAnswerAfter(int calls) {
        callsLeft = calls;
        done = true;
    }

    /** Carries the next call out and then fails it; all later ones succeed. */
    public synchronized void loseOneAnswer() {
        loseAnswerAfter(0);
        once = true;
    }

    /** Has somebody else act after {@code calls} more calls, before the next one. */
    public synchronized void actAfter(int calls, Runnable other) {
        callsUntilAct = calls;
        act = other;
    }

    /** Lets everything succeed again. */
    public synchronized void mend() {
        callsLeft = -1;
        done = false;
        once = false;
    }

    /** Returns what becomes of the call that is beginning. */
    synchronized Turn next() {
        if (callsUntilAct >= 0 && callsUntilAct-- == 0) {
            act.run();
        }
        if (callsLeft < 0) {
            return Turn.SUCCEEDS;
        }
        if (callsLeft > 0) {
            callsLeft--;
            return Turn.SUCCEEDS;
        }
        if (done) {
            done = false;
            if (once) {
                mend();
            }
            return Turn.LOSES_ITS_ANSWER;
        }
        return Turn.FAILS;
    }

    /** What becomes of one call. */
    enum Turn {
        SUCCEEDS,
        FAILS,
        LOSES_ITS_ANSWER
    }
}
