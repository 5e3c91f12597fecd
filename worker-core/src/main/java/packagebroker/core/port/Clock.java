package packagebroker.core.port;

/** The time. On Workers it stands still while code computes and moves on with each wait. */
public interface Clock {
    /** Returns milliseconds since 1970, UTC. */
    long millis();

    /** Waits {@code millis} milliseconds, while other requests go on. */
    void pause(int millis);
}
