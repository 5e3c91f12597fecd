package packagebroker.core.port.contract;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Background;
import packagebroker.core.port.Clock;

/** What {@link Background} promises, while the request that started a task waits by its clock. */
final class BackgroundContract {
    private static final int PATIENCE = 5_000;
    private static final int STEP = 10;

    private final Background background;
    private final Clock clock;

    BackgroundContract(Background background, Clock clock) {
        this.background = background;
        this.clock = clock;
    }

    List<Check> checks() {
        return List.of(
                check("a task runs although nobody waits for it", this::runs),
                check("a task that waits does not hold up who started it", this::doesNotHoldUp),
                check("a task's failure goes nowhere", this::swallowsFailures),
                check("a task may start another", this::startsAnother),
                check("several tasks all run", this::runsSeveral));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Background", name, proof);
    }

    private void await(String what, List<String> done, int count) {
        for (int waited = 0; done.size() < count && waited < PATIENCE; waited += STEP) {
            clock.pause(STEP);
        }
        Expect.number(what, count, done.size());
    }

    private void runs() {
        List<String> done = new ArrayList<>();
        background.run(() -> done.add("done"));
        await("tasks done", done, 1);
    }

    private void doesNotHoldUp() {
        List<String> done = new ArrayList<>();
        background.run(() -> {
            clock.pause(50);
            done.add("done");
        });
        Expect.number("tasks done at once", 0, done.size());
        await("tasks done", done, 1);
    }

    private void swallowsFailures() {
        List<String> done = new ArrayList<>();
        background.run(() -> {
            done.add("failing");
            throw new IllegalStateException("expected by the contract: this task fails");
        });
        background.run(() -> done.add("fine"));
        await("tasks done", done, 2);
    }

    private void startsAnother() {
        List<String> done = new ArrayList<>();
        background.run(() -> {
            background.run(() -> done.add("inner"));
            done.add("outer");
        });
        await("tasks done", done, 2);
    }

    private void runsSeveral() {
        List<String> done = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            background.run(() -> {
                clock.pause(1);
                done.add("done");
            });
        }
        await("tasks done", done, 20);
    }
}
