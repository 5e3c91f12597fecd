package packagebroker.core.testing;

import packagebroker.core.port.Clock;

/** The machine's clock; while it waits, something else goes on. */
public final class SystemClock implements Clock {
    private final Runnable meanwhile;

    /** Creates one; {@code meanwhile} is run at each pause, as a Worker runs what is in the background. */
    public SystemClock(Runnable meanwhile) {
        this.meanwhile = meanwhile;
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        meanwhile.run();
    }
}
