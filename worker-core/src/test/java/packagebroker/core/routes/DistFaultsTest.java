package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** {@code GET /dist/…} while something breaks: afterwards all is there or nothing, and the next request heals it. */
class DistFaultsTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
    private static final String UP_ZIP = UPSTREAM + "/a/" + A + ".zip";

    private static TestApp start() {
        TestApp app = TestApp.start();
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.drain();
        return app;
    }

    private static byte[] large() {
        byte[] bytes = Arrays.copyOf(zip("large"), (10 << 20) + 1);
        bytes[bytes.length - 1] = 7;
        return bytes;
    }

    private static void isWholeOrAbsent(TestApp app) {
        assertThat(app.count("audit WHERE action = 'mirror.dist'")).isEqualTo(app.count("version"));
        assertThat(app.count("audit WHERE action = 'mirror.document'")).isEqualTo(app.count("document"));
        for (var row : app.rows("SELECT artifact FROM version")) {
            assertThat(app.objects().keys()).contains(row.text("artifact"));
        }
        for (var row : app.rows("SELECT object FROM document")) {
            assertThat(app.objects().keys()).contains(row.text("object"));
        }
    }

    /** Breaks something after one more call each time, in an instance of its own, until a request gets through. */
    private static void breaksEverywhere(byte[] archive, int expectedSteps, Breaking breaking) {
        int steps = 0;
        boolean through = false;
        while (!through) {
            try (TestApp app = start()) {
                app.serve(UP_ZIP, archive);
                breaking.of(app).accept(steps);
                Response response = app.admin().get(DIST);
                through = response.status() == 200;
                if (!through) {
                    assertThat(response.status()).as("step " + steps).isEqualTo(503);
                    assertThat(text(response)).contains("_unavailable\"").contains("\"warning\"");
                }
                app.database().faults().mend();
                app.objects().faults().mend();
                isWholeOrAbsent(app);
                assertThat(app.objects().openUploads())
                        .as("uploads after step " + steps)
                        .isEmpty();
                assertThat(app.admin().get(DIST).body().bytes(20 << 20)).isEqualTo(archive);
                assertThat(app.count("version")).isEqualTo(1);
                isWholeOrAbsent(app);
            }
            steps++;
        }
        assertThat(steps).isGreaterThan(expectedSteps);
    }

    private interface Breaking {
        IntConsumer of(TestApp app);
    }

    @Test
    void theDatabaseMayBreakAtEachStep() {
        breaksEverywhere(zip("one"), 5, app -> app.database().faults()::breakAfter);
    }

    @Test
    void theDatabaseMayLoseEachAnswer() {
        breaksEverywhere(zip("one"), 5, app -> app.database().faults()::loseAnswerAfter);
    }

    @Test
    void theStoreMayBreakAtEachStep() {
        breaksEverywhere(zip("one"), 2, app -> app.objects().faults()::breakAfter);
    }

    @Test
    void theStoreMayLoseEachAnswer() {
        breaksEverywhere(zip("one"), 2, app -> app.objects().faults()::loseAnswerAfter);
    }

    @Test
    void theDatabaseMayBreakAtEachStepOfALargeArchive() {
        breaksEverywhere(large(), 6, app -> app.database().faults()::breakAfter);
    }

    @Test
    void theDatabaseMayLoseEachAnswerOfALargeArchive() {
        breaksEverywhere(large(), 6, app -> app.database().faults()::loseAnswerAfter);
    }

    @Test
    void anUploadThatTheStoreCouldNotAbortIsSweptAfterADay() {
        try (TestApp app = start()) {
            app.serve(UP_ZIP, large());
            app.admin().get("/p2/acme/tool.json");
            app.objects().faults().breakAfter(3);
            assertThat(app.admin().get(DIST).status()).isEqualTo(503);
            assertThat(app.objects().openUploads()).hasSize(1);
            assertThat(app.count("upload")).isEqualTo(1);
            app.objects().faults().mend();
            app.clock().advance(Duration.ofHours(23));
            app.work(5);
            assertThat(app.objects().openUploads()).hasSize(1);
            app.clock().advance(Duration.ofHours(2));
            app.work(5);
            assertThat(app.objects().openUploads()).isEmpty();
            assertThat(app.count("upload")).isZero();
        }
    }

    @Test
    void twoColdFetchesAtOnceLeaveOneArchive() {
        try (TestApp app = start()) {
            boolean[] nested = {false};
            app.upstream().serves(UP_ZIP, request -> {
                if (!nested[0]) {
                    nested[0] = true;
                    Response inner = app.admin().at(app.isolate()).get(DIST);
                    assertThat(inner.body().bytes(100)).isEqualTo(zip("inner"));
                    return new Response(200, Headers.of(), Body.of(zip("outer")));
                }
                return new Response(200, Headers.of(), Body.of(zip("inner")));
            });
            assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip("inner"));
            assertThat(app.count("version")).isEqualTo(1);
            assertThat(app.count("audit WHERE action = 'mirror.dist'")).isEqualTo(1);
            assertThat(app.objects().keys().stream().filter(key -> key.startsWith("artifact/")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, 502, upstream_unreachable",
        "TIMEOUT, 504, upstream_timeout",
        "CUT, 502, upstream_unreachable",
        "TOO_LARGE, 503, over_limit"
    })
    void aBrokenTransferHasItsWordAndStoresNothing(Reason reason, int status, String code) {
        try (TestApp app = start()) {
            app.upstream().fails(UP_ZIP, reason);
            Response response = app.admin().get(DIST);
            assertThat(response.status()).isEqualTo(status);
            assertThat(text(response)).contains("\"" + code + "\"").contains("\"warning\"");
            assertThat(app.count("version")).isZero();
            app.serve(UP_ZIP, zip("one"));
            assertThat(app.admin().get(DIST).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, 502",
        "403, 502",
        "404, 410",
        "410, 410",
        "429, 503",
        "500, 503",
        "503, 503",
        "206, 502",
        "302, 502"
    })
    void aStatusHasItsMeaningAndStoresNothing(int upstream, int status) {
        try (TestApp app = start()) {
            app.serveStatus(UP_ZIP, upstream);
            assertThat(app.admin().get(DIST).status()).isEqualTo(status);
            assertThat(app.count("version")).isZero();
            assertThat(app.count("alert")).isZero();
        }
    }

    @Test
    void whatIsLargerThanTheInstanceTakesInIsRefused() {
        try (TestApp app = TestApp.start("MAX_ARCHIVE_BYTES", "6000000")) {
            app.addUpstream("acme/*");
            app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            app.serve(UP_ZIP, large());
            Response response = app.admin().get(DIST);
            assertThat(response.status()).isEqualTo(503);
            assertThat(text(response)).contains("\"over_limit\"");
            assertThat(app.count("upload")).isZero();
            assertThat(app.objects().keys()).noneMatch(key -> key.startsWith("artifact/"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5 << 20, (5 << 20) + 1, 10 << 20})
    void anArchiveOfAnySizeComesWhole(int size) {
        try (TestApp app = start()) {
            byte[] archive = Arrays.copyOf(zip(""), Math.max(size, 4));
            archive[archive.length - 1] = 9;
            app.serve(UP_ZIP, archive);
            Response cold = app.admin().get(DIST);
            assertThat(cold.findHeader("content-length")).isEqualTo("" + archive.length);
            assertThat(cold.body().bytes(20 << 20)).isEqualTo(archive);
            assertThat(app.admin().get(DIST).body().bytes(20 << 20)).isEqualTo(archive);
            assertThat(app.upstream().requestsTo(UP_ZIP)).hasSize(1);
            assertThat(app.count("upload")).isZero();
        }
    }

    @Test
    void aLargeArchiveWithAnotherSha1LeavesNothingBehind() {
        try (TestApp app = start()) {
            app.publish(
                    "acme/tool",
                    version("acme/tool", "1.0.0", A, "").replace("\"shasum\":\"\"", "\"shasum\":\"" + A + "\""));
            app.serve(UP_ZIP, large());
            for (int i = 0; i < 3; i++) {
                assertThat(app.admin().get(DIST).status()).isEqualTo(502);
            }
            assertThat(app.count("upload")).isZero();
            assertThat(app.count("alert WHERE kind = 'dist'")).isEqualTo(1);
            assertThat(app.count("audit WHERE action = 'refuse.dist'")).isEqualTo(1);
            assertThat(app.objects().keys()).noneMatch(key -> key.startsWith("artifact/"));
        }
    }

    @Test
    void aLostLargeObjectComesBackOnlyWithTheSameBytes() {
        try (TestApp app = start()) {
            app.serve(UP_ZIP, large());
            app.admin().get(DIST);
            String object = app.rows("SELECT artifact FROM version").get(0).text("artifact");
            app.objects().delete(object);
            byte[] other = large();
            other[8] = 1;
            app.serve(UP_ZIP, other);
            assertThat(app.admin().get(DIST).status()).isEqualTo(502);
            assertThat(app.objects().keys()).doesNotContain(object);
            app.serve(UP_ZIP, large());
            assertThat(app.admin().get(DIST).body().bytes(20 << 20)).isEqualTo(large());
            assertThat(app.count("audit WHERE action = 'mirror.dist'")).isEqualTo(1);
        }
    }
}
