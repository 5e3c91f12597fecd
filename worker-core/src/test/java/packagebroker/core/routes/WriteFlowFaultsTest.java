package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.Faults;
import packagebroker.core.testing.TestApp;

/**
 * Everything that writes, with something breaking at each operation of database and store: afterwards the state is the old one or
 * the new one, and the audit log says which.
 */
class WriteFlowFaultsTest {
    private static int flows;
    private static int places;
    private static int runs;
    private static int lostAnswers;
    private static int failedAnswers;

    static List<Flow> flows() {
        return Stream.of(
                        AdministrationFlows.all(),
                        AccessFlows.all(),
                        MirrorFlows.all(),
                        PublishFlows.all(),
                        BackgroundFlows.all())
                .flatMap(List::stream)
                .toList();
    }

    @AfterAll
    static void print() {
        System.out.println("write faults: " + flows + " flows, " + places + " operations, " + runs
                + " runs with a fault; answered with an error and done all the same: " + lostAnswers
                + " whose answer was lost, " + failedAnswers + " whose answer could not be made; 0 states between");
    }

    /** How an operation breaks. */
    private enum Fault {
        FROM_THEN_ON,
        ONCE,
        AFTERWARDS_AND_FROM_THEN_ON,
        AFTERWARDS_ONCE;

        void set(Faults faults, int after) {
            switch (this) {
                case FROM_THEN_ON -> faults.breakAfter(after);
                case ONCE -> faults.failOnceAfter(after);
                case AFTERWARDS_AND_FROM_THEN_ON -> faults.loseAnswerAfter(after);
                case AFTERWARDS_ONCE -> faults.loseOneAnswerAfter(after);
            }
        }

        boolean losesAnswers() {
            return this == AFTERWARDS_AND_FROM_THEN_ON || this == AFTERWARDS_ONCE;
        }
    }

    /** What breaks. */
    private enum Part {
        DATABASE,
        STORE;

        Faults of(TestApp app) {
            return this == DATABASE ? app.database().faults() : app.objects().faults();
        }
    }

    @Test
    void everyRouteThatIsNotOnlyReadHasAFlow() {
        List<String> covered = flows().stream().map(Flow::route).toList();
        try (TestApp app = TestApp.start()) {
            List<String> missing = new ArrayList<>();
            for (String row : app.product().routes()) {
                String route = row.substring(0, row.lastIndexOf(' '));
                if (!route.startsWith("GET ") && !covered.contains(route)) {
                    missing.add(route);
                }
            }
            assertThat(missing).as("routes without a flow, see Flow").isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void aFaultAnywhereLeavesTheOldStateOrTheNewOne(Flow flow) {
        List<InstanceState> states = states(flow);
        flows++;
        for (Part part : Part.values()) {
            for (Fault fault : Fault.values()) {
                int after = 0;
                while (breaks(flow, states, new Break(part, fault, after))) {
                    after++;
                }
                places += fault == Fault.ONCE ? after : 0;
            }
        }
    }

    /** One place and way of breaking. */
    private record Break(Part part, Fault fault, int after) {}

    /** Returns the states that there may be: the old one, the new one, and of several changes those between them. */
    private static List<InstanceState> states(Flow flow) {
        List<InstanceState> states = new ArrayList<>();
        try (TestApp app = flow.start()) {
            Flow.Act act = prepared(flow, app);
            states.add(InstanceState.of(app, flow.watched()));
            assertThat(act.run()).as("the answer if nothing breaks").isEqualTo(flow.answer());
            app.drain();
            InstanceState done = InstanceState.of(app, flow.watched());
            assertThat(done).as("the new state").isNotEqualTo(states.get(0));
            assertThat(done.loggedSince(states.get(0))).containsExactlyInAnyOrderElementsOf(flow.changes());
            states.addAll(flow.stages() > 1 ? between(flow, states.get(0), done) : List.of());
            assertThat(states).hasSize(flow.stages());
            states.add(done);
        }
        return states;
    }

    /** Returns the states after each change but the last: a change is what the log has something of. */
    private static List<InstanceState> between(Flow flow, InstanceState old, InstanceState done) {
        List<InstanceState> between = new ArrayList<>();
        InstanceState[] seen = {old};
        for (int after = 0; seen[0] != null; after++) {
            seen[0] = null;
            try (TestApp app = flow.start()) {
                Flow.Act act = prepared(flow, app);
                app.database().faults().actAfter(after, () -> seen[0] = InstanceState.of(app, flow.watched()));
                act.run();
                app.drain();
            }
            InstanceState last = between.isEmpty() ? old : between.get(between.size() - 1);
            if (seen[0] != null && !seen[0].equals(done) && !seen[0].hasSameLog(last)) {
                between.add(seen[0]);
            }
        }
        return between;
    }

    private static Flow.Act prepared(Flow flow, TestApp app) {
        Flow.Act act = flow.scene().prepare(app);
        app.drain();
        return act;
    }

    /** Does it once more with a fault; returns whether that struck. */
    private static boolean breaks(Flow flow, List<InstanceState> states, Break at) {
        try (TestApp app = flow.start()) {
            Flow.Act act = prepared(flow, app);
            InstanceState old = InstanceState.of(app, flow.watched());
            assertThat(old).as(old.difference(states.get(0))).isEqualTo(states.get(0));
            Faults faults = at.part().of(app);
            at.fault().set(faults, at.after());
            int status = status(act);
            app.drain();
            boolean struck = faults.struck();
            faults.mend();
            judge(flow, states, InstanceState.of(app, flow.watched()), status, at);
            assertThat(InstanceState.missingObjects(app)).as(flow + " " + at).isEmpty();
            runs += struck ? 1 : 0;
            recovers(flow, app, act, at);
            return struck;
        }
    }

    private static int status(Flow.Act act) {
        try {
            return act.run();
        } catch (RuntimeException e) {
            return 503; // an answer that broke off, or what runs by itself
        }
    }

    private static void judge(Flow flow, List<InstanceState> states, InstanceState found, int status, Break at) {
        String place = flow + " " + at;
        int state = states.indexOf(found);
        assertThat(state)
                .as(place + ", status " + status + ": neither the old state nor the new one; from the old one "
                        + found.difference(states.get(0)) + "; from the new one "
                        + found.difference(states.get(states.size() - 1)))
                .isNotNegative();
        if (flow.isAwaited() && status == flow.answer()) {
            assertThat(state).as(place + ": acknowledged and not done").isPositive();
        } else if (flow.isAwaited()) {
            assertThat(status).as(place).isEqualTo(503);
            boolean answerable =
                    state == states.size() - 1 && !flow.isRead() && !at.fault().losesAnswers();
            assertThat(answerable)
                    .as(place + ": done, known to be done, and answered with an error")
                    .isFalse();
            // The change is done and in the log, but its answer was lost, or what a read was to be answered with.
            lostAnswers += state > 0 && at.fault().losesAnswers() ? 1 : 0;
            failedAnswers += state > 0 && !at.fault().losesAnswers() ? 1 : 0;
        }
    }

    /** Sees to it that it can be tried again, that no upload is forgotten, and that the log still proves itself. */
    private static void recovers(Flow flow, TestApp app, Flow.Act act, Break at) {
        if (flow.isAwaited()) {
            assertThat(act.run()).as(flow + " " + at + ", once more").isLessThan(503);
        }
        app.drain();
        Response verified = app.admin().get("/api/audit/verify");
        if (verified.status() == 200) {
            assertThat(TestApp.json(verified).flag("ok", false))
                    .as(flow + " " + at)
                    .isTrue();
        }
        if (!at.fault().losesAnswers()) {
            assertThat(app.count("upload"))
                    .isGreaterThanOrEqualTo(app.objects().openUploads().size());
        }
        app.objects().expireUploads();
    }
}
