package packagebroker.core.backup;

/**
 * Whether this instance is being made of a backup: then it is closed to everybody but who restores it. Once an instance is open
 * it is never closed again, so an isolate asks until then, and no more.
 */
public final class Restoring {
    private static final long KNOWN_MILLIS = 10_000;

    private final RestoreStore store;
    private boolean open;
    private boolean closed;
    private String known = "";
    private long knownUntil;

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

    /** Notes that a restore was seen to be under way. */
    void know(String id, long now) {
        known = id;
        knownUntil = now + KNOWN_MILLIS;
    }

    /** Returns whether this restore was seen to be under way a moment ago. */
    boolean isKnown(String id, long now) {
        return !id.isEmpty() && id.equals(known) && now < knownUntil;
    }
}
