package packagebroker.core.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import packagebroker.core.port.Clock;

/** A clock that stands still until a test or a pause moves it. */
public final class FixedClock implements Clock {
    private final AtomicLong now;

    private FixedClock(long millis) {
        now = new AtomicLong(millis);
    }

    /** Returns a clock that shows a time such as {@code 2026-01-31T12:00:00Z}. */
    public static FixedClock at(String time) {
        return new FixedClock(Instant.parse(time).toEpochMilli());
    }

    /** Moves on. */
    public void advance(Duration duration) {
        now.addAndGet(duration.toMillis());
    }

    /** Shows another time. */
    public void set(String time) {
        now.set(Instant.parse(time).toEpochMilli());
    }

    @Override
    public long millis() {
        return now.get();
    }

    @Override
    public void pause(int millis) {
        now.addAndGet(millis);
    }
}
