package packagebroker.core.backup;

/**
 * Whether this instance is being made of a backup: then it is closed to everybody but who restores it. Once an instance is open
 * it is never closed again, so an isolate asks until then, and no more.
 */
public final class Restoring {
    private final RestoreStore store;
    private boolean open;
    private boolean closed;

    Restoring(RestoreStore store) {
        this.store = store;
    }

    /** Returns whether the instance is closed; where nobody knows, one is asked. */
    public boolean isUnderWay() {
        if (!open) {
            RestoreStore.State state = store.state();
            closed = state.restore() != null;
            open = state.isSetUp() && !closed;
        }
        return closed;
    }

    /** Returns whether it was closed when last looked at. */
    public boolean wasUnderWay() {
        return closed;
    }

    /** Notes that a restore has begun here. */
    void begun() {
        closed = true;
    }

    /** Notes that something was changed and recorded, which nobody can do where it is not open: a setup, or the end of a restore. */
    public void opened() {
        open = true;
        closed = false;
    }
}
