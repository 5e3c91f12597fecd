package packagebroker.core.testing;

/** When a double fails on purpose: before it does anything, or after it did all and nobody was told. */
public final class Faults {
    private int callsLeft = -1;
    private int callsUntilAct = -1;
    private Runnable act = () -> {};
    private boolean done;
    private boolean once;
    private boolean struck;

    /** Lets {@code calls} more calls succeed; all later ones fail and do nothing, until {@link #mend}. */
    public synchronized void breakAfter(int calls) {
        arm(calls, false, false);
    }

    /** Lets {@code calls} more calls succeed; the next one fails and does nothing; all later ones succeed. */
    public synchronized void failOnceAfter(int calls) {
        arm(calls, false, true);
    }

    /**
     * Lets {@code calls} more calls succeed; the next one is carried out and then fails, and so do all later ones
     * undone.
     */
    public synchronized void loseAnswerAfter(int calls) {
        arm(calls, true, false);
    }

    /** Lets {@code calls} more calls succeed; the next one is carried out and then fails; all later ones succeed. */
    public synchronized void loseOneAnswerAfter(int calls) {
        arm(calls, true, true);
    }

    /** Carries the next call out and then fails it; all later ones succeed. */
    public synchronized void loseOneAnswer() {
        loseOneAnswerAfter(0);
    }

    private void arm(int calls, boolean carriedOut, boolean onlyOnce) {
        callsLeft = calls;
        done = carriedOut;
        once = onlyOnce;
        struck = false;
    }

    /** Returns whether a call has failed since the last of these was asked for. */
    public synchronized boolean struck() {
        return struck;
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
        struck = true;
        boolean carriedOut = done;
        done = false;
        if (once) {
            mend();
        }
        return carriedOut ? Turn.LOSES_ITS_ANSWER : Turn.FAILS;
    }

    /** What becomes of one call. */
    enum Turn {
        SUCCEEDS,
        FAILS,
        LOSES_ITS_ANSWER
    }
}
