package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.zip;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import packagebroker.core.port.Row;
import packagebroker.core.testing.TestApp;

/** A restore in which something breaks at any step: nothing is served, or all of it; and the next attempt succeeds. */
class RestoreFaultsTest {
    private interface Breaking {
        IntConsumer of(TestApp app);
    }

    private static final byte[] LARGE = Arrays.copyOf(zip("large"), (5 << 20) + 1);

    private static void breaksEverywhere(byte[] archive, int expectedSteps, Breaking breaking) {
        try (TestApp from = BackupTest.source(archive)) {
            Copying copy = Copying.of(from);
            int steps = 0;
            int served = 0;
            boolean through = false;
            while (!through) {
                try (TestApp to = TestApp.fresh()) {
                    breaking.of(to).accept(steps);
                    through = copy.restoreInto(to) == 200;
                    to.cutOff();
                    to.database().faults().mend();
                    to.objects().faults().mend();
                    served += isOldOrNew(from, to, copy) ? 1 : 0;
                    // What was cut off is known, and so is swept after a day.
                    for (Row row : to.rows("SELECT object, upload FROM upload")) {
                        to.objects()
                                .upload(row.text("object"), row.text("upload"))
                                .abort();
                    }
                }
                steps++;
            }
            System.out.println(
                    "restore: " + steps + " operations broken, " + served + " times the new state after all");
            assertThat(steps).isGreaterThan(expectedSteps);
        }
    }

    /** Returns whether it was the new state; else a second attempt has to make it so. */
    private static boolean isOldOrNew(TestApp from, TestApp to, Copying copy) {
        int status =
                to.as(from.adminToken()).at(to.isolate()).get("/packages.json").status();
        boolean opened = status == 200;
        if (!opened) {
            // Never begun: nobody's token is known. Begun: closed.
            assertThat(status).isEqualTo(to.count("restore") == 0 ? 401 : 503);
            assertThat(to.count("restore") == 0 ? to.count("token") : 0).isZero();
            assertThat(to.count("audit WHERE action = 'restore.backup'")).isZero();
            assertThat(copy.restoreInto(to)).isEqualTo(200);
        }
        assertThat(to.count("audit WHERE action = 'restore.backup'")).isEqualTo(1);
        for (String table : copy.rows.keySet()) {
            long more = table.equals("audit") ? 1 : 0;
            if (!table.equals("audit_segment") && !table.equals("seal")) {
                assertThat(to.count(table)).as(table).isEqualTo(copy.count(table) + more);
            }
        }
        assertThat(to.objects().keys()).containsAll(copy.objects.keySet());
        assertThat(to.as(from.adminToken()).get("/p2/acme/tool.json").status()).isEqualTo(200);
        return opened;
    }

    @Test
    void theDatabaseMayBreakAtEachStep() {
        breaksEverywhere(LARGE, 40, app -> app.database().faults()::breakAfter);
    }

    @Test
    void theDatabaseMayLoseEachAnswer() {
        breaksEverywhere(LARGE, 40, app -> app.database().faults()::loseAnswerAfter);
    }

    @Test
    void theStoreMayBreakAtEachStep() {
        breaksEverywhere(LARGE, 3, app -> app.objects().faults()::breakAfter);
    }

    @Test
    void theStoreMayLoseEachAnswer() {
        // Of an upload in parts whose first answer was lost nobody knows the id; R2 itself aborts it after a week.
        breaksEverywhere(zip("small"), 2, app -> app.objects().faults()::loseAnswerAfter);
    }
}
