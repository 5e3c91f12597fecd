package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.PublishScene.publish;
import static packagebroker.core.routes.PublishScene.zip;
import static packagebroker.core.testing.TestApp.json;

import java.time.Duration;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.testing.RawZip;
import packagebroker.core.testing.TestApp;

/** Publishing while something breaks at any step: the version is there or not at all, and the next attempt succeeds. */
class PublishFaultsTest {
    private static final byte[] LARGE = RawZip.of("{\"name\":\"acme/tool\"}")
            .stored("large", new byte[11 << 20])
            .bytes();

    private interface Breaking {
        IntConsumer of(TestApp app);
    }

    private static void breaksEverywhere(byte[] archive, int expectedSteps, Breaking breaking) {
        int steps = 0;
        int published = 0;
        boolean through = false;
        while (!through) {
            try (TestApp app = TestApp.start()) {
                app.drain();
                breaking.of(app).accept(steps);
                Response response = publish(app, "1.0.0", archive);
                through = response.status() == 201;
                if (!through) {
                    assertThat(response.status()).as("step " + steps).isEqualTo(503);
                }
                app.cutOff();
                app.database().faults().mend();
                app.objects().faults().mend();
                boolean isNew = app.count("published") == 1;
                published += isNew && !through ? 1 : 0;
                isOldOrNew(app, isNew);
                Response again = publish(app, "1.0.0", archive);
                assertThat(again.status()).as("after step " + steps).isEqualTo(isNew ? 200 : 201);
                isOldOrNew(app, true);
                String url = json(again).text("url", 300).substring(TestApp.BASE.length());
                assertThat(app.admin().get(url).body().bytes(20 << 20)).isEqualTo(archive);
                app.clock().advance(Duration.ofHours(25));
                app.work(10);
                assertThat(app.count("upload")).isZero();
                assertThat(app.objects().keys().stream().filter(key -> key.startsWith("artifact/")))
                        .as("after step " + steps)
                        .hasSize(1);
            }
            steps++;
        }
        System.out.println(
                "publishing: " + steps + " operations broken, " + published + " times the new state after all");
        assertThat(steps).isGreaterThan(expectedSteps);
    }

    private static void isOldOrNew(TestApp app, boolean isNew) {
        long expected = isNew ? 1 : 0;
        for (String table : new String[] {"published", "version", "release", "released", "package", "upstream"}) {
            assertThat(app.count(table)).as(table).isEqualTo(expected);
        }
        assertThat(app.count("audit WHERE action = 'publish.version'")).isEqualTo(expected);
        int status = app.admin().at(app.isolate()).get("/p2/acme/tool.json").status();
        assertThat(status).isEqualTo(isNew ? 200 : 404);
    }

    @Test
    void theDatabaseMayBreakAtEachStep() {
        breaksEverywhere(zip(""), 3, app -> app.database().faults()::breakAfter);
    }

    @Test
    void theDatabaseMayLoseEachAnswer() {
        breaksEverywhere(zip(""), 3, app -> app.database().faults()::loseAnswerAfter);
    }

    @Test
    void theStoreMayBreakAtEachStep() {
        breaksEverywhere(zip(""), 4, app -> app.objects().faults()::breakAfter);
    }

    @Test
    void theStoreMayLoseEachAnswer() {
        breaksEverywhere(zip(""), 4, app -> app.objects().faults()::loseAnswerAfter);
    }

    @Test
    void theDatabaseMayBreakAtEachStepOfALargeArchive() {
        breaksEverywhere(LARGE, 4, app -> app.database().faults()::breakAfter);
    }

    @Test
    void theStoreMayBreakAtEachStepOfALargeArchive() {
        breaksEverywhere(LARGE, 8, app -> app.objects().faults()::breakAfter);
    }
}
