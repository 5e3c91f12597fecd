package packagebroker.entry.adapter;

import packagebroker.core.port.Clock;
import packagebroker.entry.js.Timer;

/** The runtime's clock. */
public final class RuntimeClock implements Clock {
    /** Creates one. */
    public RuntimeClock() {}

    @Override
    public long millis() {
        return (long) Timer.now();
    }

    @Override
    public void pause(int millis) {
        Promises.done(Timer.after(millis));
    }
}
