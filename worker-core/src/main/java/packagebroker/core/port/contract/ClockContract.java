package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.port.Clock;

/** What {@link Clock} promises. */
final class ClockContract {
    private static final long YEAR_2024 = 1_704_067_200_000L;
    private static final long YEAR_2100 = 4_102_444_800_000L;

    private final Clock clock;

    ClockContract(Clock clock) {
        this.clock = clock;
    }

    List<Check> checks() {
        return List.of(
                check("the time is milliseconds of this century", this::tellsTheTime),
                check("a pause takes at least its time", this::pauses),
                check("a pause of nothing returns", this::pausesNot),
                check("the time never goes back", this::goesForward));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Clock", name, proof);
    }

    private void tellsTheTime() {
        Expect.atLeast("time", YEAR_2024, clock.millis());
        Expect.atMost("time", YEAR_2100, clock.millis());
    }

    private void pauses() {
        long before = clock.millis();
        clock.pause(60);
        // Timers may fire a little early, and busy machines fire them late.
        Expect.atLeast("milliseconds passed", 55, clock.millis() - before);
        Expect.atMost("milliseconds passed", 10_000, clock.millis() - before);
    }

    private void pausesNot() {
        long before = clock.millis();
        clock.pause(0);
        Expect.atMost("milliseconds passed", 5_000, clock.millis() - before);
    }

    private void goesForward() {
        long last = clock.millis();
        for (int i = 0; i < 20; i++) {
            clock.pause(1);
            long now = clock.millis();
            Expect.atLeast("time", last, now);
            last = now;
        }
    }
}
