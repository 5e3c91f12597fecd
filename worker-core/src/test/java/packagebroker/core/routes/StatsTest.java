package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packagebroker.core.http.Response;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code POST /downloads} and {@code GET /api/packages/{vendor}/{name}/stats}: installs, downloads, and how they are added up. */
class StatsTest {
    private static final String A = "a".repeat(40);
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
    private static final String STATS = "/api/packages/acme/tool/stats";
    private static final long DAY = Instant.parse("2026-11-23T00:00:00Z").toEpochMilli();

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("*");
        take("acme/tool");
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("tool"));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void take(String name) {
        app.publish(name, version(name, "1.0.0", A, ""));
        assertThat(app.admin().get("/p2/" + name + ".json").status()).isEqualTo(200);
    }

    private static String entry(String name, String version) {
        return "{\"name\":\"" + name + "\",\"version\":\"" + version + "\"}";
    }

    private Response report(TestApp.Caller caller, String... entries) {
        return caller.send("POST", "/downloads", "{\"downloads\":[" + String.join(",", entries) + "]}");
    }

    private void report(String... entries) {
        assertThat(report(app.admin(), entries).status()).isEqualTo(200);
    }

    private String stats() {
        return stats("");
    }

    /** Returns what is shown, which is the same before and after it was added up. */
    private String stats(String query) {
        app.drain();
        String before = text(app.admin().get(STATS + query));
        addUp();
        assertThat(app.count("tally")).isZero();
        Response response = app.admin().get(STATS + query);
        assertThat(response.status()).isEqualTo(200);
        String after = text(response);
        assertThat(after).isEqualTo(before);
        return after;
    }

    private void addUp() {
        app.clock().advance(Duration.ofHours(1));
        workEnough();
    }

    /** Runs the background as often as it takes to make all jobs and to do what is due of each. */
    private void workEnough() {
        for (int i = 0; i < 6; i++) {
            app.product().scheduled();
        }
    }

    private static String counts(long installs, long downloads) {
        return "\"installs\":" + installs + ",\"downloads\":" + downloads;
    }

    /** P73. */
    @Test
    void aReportIsCountedByDayAndVersion() {
        Response first = report(app.admin(), entry("acme/tool", "1.0.0.0"), entry("Acme/Tool", "1.1.0.0"));
        assertThat(first.status()).isEqualTo(200);
        assertThat(text(first)).isEqualTo("{\"status\":\"success\"}");
        app.clock().advance(Duration.ofHours(13));
        report(entry("acme/tool", "1.0.0.0"));
        assertThat(stats())
                .isEqualTo("{\"name\":\"acme/tool\",\"days\":30," + counts(3, 0)
                        + ",\"by_day\":[{\"day\":" + DAY + "," + counts(2, 0) + "},{\"day\":" + (DAY + 86_400_000) + ","
                        + counts(1, 0) + "}],\"by_version\":[{\"version\":\"1.0.0.0\"," + counts(2, 0)
                        + "},{\"version\":\"1.1.0.0\"," + counts(1, 0) + "}]}");
        assertThat(stats("?days=1")).contains("\"days\":1," + counts(1, 0));
    }

    @Test
    void aReportCostsOneRowHoweverLongItIs() {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            entries.add(entry("acme/tool", "1.0." + i + ".0"));
        }
        report(entries.toArray(new String[0]));
        assertThat(app.count("tally")).isOne();
        assertThat(stats()).contains("\"days\":30," + counts(3_000, 0));
    }

    /** P74. */
    @Test
    void aVersionCountsOnceForEachReport() {
        report(entry("acme/tool", "1.0.0.0"), entry("acme/tool", "1.0.0.0"), entry("ACME/tool", "v1.0.0"));
        assertThat(stats()).contains("\"days\":30," + counts(1, 0));
    }

    /** P73: a client could do nothing about it. */
    @ParameterizedTest
    @CsvSource({
        "nobody/knows, 1.0.0.0",
        "acme/tool, not a version",
        "no-slash, 1.0.0.0",
        "../x, 1.0.0.0",
        "con/nul, 1.0"
    })
    void whatNobodyKnowsIsPassedOver(String name, String version) {
        report(entry(name, version));
        addUp();
        assertThat(app.count("download_day")).isZero();
        assertThat(app.count("tally")).isZero();
    }

    @Test
    void aPackageThatTheTokenMayNotSeeIsPassedOver() {
        take("globex/tool");
        TestApp.Caller reader = app.as(app.token("globex/*"));
        assertThat(report(reader, entry("acme/tool", "1.0.0.0"), entry("globex/tool", "1.0.0.0"))
                        .status())
                .isEqualTo(200);
        assertThat(stats()).contains("\"days\":30," + counts(0, 0));
        assertThat(app.count("download_day WHERE package = 'globex/tool' AND installs = 1"))
                .isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 422",
                "{\"downloads\":{}} | 422",
                "{\"downloads\":[1]} | 422",
                "{\"downloads\":[{}]} | 422",
                "{\"downloads\":[{\"name\":1,\"version\":2}]} | 422",
                "[] | 422",
                "nothing | 400",
                "{\"downloads\":[]} | 200",
                "{\"downloads\":[{\"name\":\"acme/tool\",\"version\":\"1.0.0.0\",\"downloaded\":true}],\"more\":1} | 200"
            })
    void aReportOfAnotherFormIsRefused(String body, int status) {
        assertThat(app.admin().send("POST", "/downloads", body).status()).isEqualTo(status);
    }

    @Test
    void aReportWithoutEndIsRefused() {
        String[] entries = new String[20_000];
        java.util.Arrays.fill(entries, entry("acme/tool", "1.0.0.0"));
        assertThat(report(app.admin(), entries).status()).isEqualTo(413);
        assertThat(app.count("tally")).isZero();
    }

    @Test
    void downloadsAreCountedApartFromInstalls() {
        for (int i = 0; i < 3; i++) {
            assertThat(app.admin().get(DIST).status()).isEqualTo(200);
        }
        report(entry("acme/tool", "1.0.0.0"));
        assertThat(stats())
                .contains("\"days\":30," + counts(1, 3))
                .contains("\"by_version\":[{\"version\":\"1.0.0.0\"," + counts(1, 3) + "}]");
    }

    @Test
    void aBranchWithASlashIsOneVersionForBoth() {
        app.serve(
                UPSTREAM + "/p2/acme/tool~dev.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-feature/x", A, "") + "]}}");
        String dev = text(app.admin().get("/p2/acme/tool~dev.json"));
        String path = dev.substring(dev.indexOf(TestApp.BASE) + TestApp.BASE.length());
        assertThat(app.admin().get(path.substring(0, path.indexOf('"'))).status())
                .isEqualTo(200);
        report(entry("acme/tool", "dev-feature/x"));
        assertThat(stats()).contains("\"by_version\":[{\"version\":").containsOnlyOnce("\"version\":");
    }

    @Test
    void whatWasNotHandedOutIsNotCounted() {
        app.admin().get("/dist/acme/tool/9.0.0.0/r" + A + ".zip");
        app.anonymous().get(DIST);
        app.as(app.token("globex/*")).get(DIST);
        assertThat(stats()).contains("\"days\":30," + counts(0, 0));
    }

    @Test
    void downloadsAreWrittenWithTheirSegment() {
        app.admin().get(DIST);
        app.drain();
        long trips = app.counts().of("d1_round_trips");
        app.admin().get(DIST);
        app.admin().get(DIST);
        long asked = app.counts().of("d1_round_trips") - trips;
        app.drain();
        assertThat(app.counts().of("d1_round_trips")).isEqualTo(trips + asked + 1);
        assertThat(app.count("tally")).isEqualTo(2);
    }

    @Test
    void inStrictModeADownloadIsCountedBeforeItBegins() {
        try (TestApp strict = TestApp.start("AUDIT_MODE", "strict")) {
            strict.addUpstream("*");
            strict.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            strict.serve(UPSTREAM + "/a/" + A + ".zip", zip("tool"));
            assertThat(strict.admin().get(DIST).status()).isEqualTo(200);
            assertThat(text(strict.admin().get(STATS))).contains("\"days\":30," + counts(0, 1));
        }
    }

    /** Runs the background until a step has added up; of what is due each run does as much as it may. */
    private void workUntilTalliesAre(long left) {
        long before = app.count("tally");
        for (int run = 0; run < 5 && app.count("tally") == before; run++) {
            app.product().scheduled();
        }
        assertThat(app.count("tally")).isEqualTo(left);
    }

    @Test
    void manyReportsAreAddedUpInBoundedSteps() {
        addUp();
        app.database().update(Statement.of("""
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
                        INSERT INTO tally (at, entries, body)
                        SELECT 1000, 1, '[["acme/tool","1.0.0.0",1,0]]' FROM n
                        """));
        app.clock().advance(Duration.ofHours(1));
        workUntilTalliesAre(500);
        workUntilTalliesAre(0);
        assertThat(app.rows("SELECT installs FROM download_day").get(0).number("installs"))
                .isEqualTo(1_500);
    }

    @Test
    void aLargeReportIsAStepOfItsOwn() {
        addUp();
        app.database().update(Statement.of("""
                        INSERT INTO tally (at, entries, body)
                        VALUES (0, 30000, '[["acme/tool","1.0.0.0",1,0]]'), (0, 30000, '[["acme/tool","1.0.0.0",1,0]]')
                        """));
        app.clock().advance(Duration.ofHours(1));
        workUntilTalliesAre(1);
        workUntilTalliesAre(0);
        assertThat(app.rows("SELECT installs FROM download_day").get(0).number("installs"))
                .isEqualTo(2);
    }

    @Test
    void whatCameInThisHourWaitsForTheNext() {
        addUp();
        report(entry("acme/tool", "1.0.0.0"));
        app.clock().advance(Duration.ofMinutes(59));
        workEnough();
        assertThat(app.count("tally")).isOne();
        app.clock().advance(Duration.ofMinutes(1));
        workEnough();
        assertThat(app.count("tally")).isZero();
    }

    /** Whatever breaks and is tried again, nothing counts twice and nothing is lost. */
    @Test
    void addingUpIsAllOrNothing() {
        addUp();
        report(entry("acme/tool", "1.0.0.0"));
        for (int calls = 0; calls < 40; calls++) {
            app.clock().advance(Duration.ofHours(1));
            if (calls % 2 == 0) {
                app.database().faults().breakAfter(calls / 2);
            } else {
                app.database().faults().loseAnswerAfter(calls / 2);
            }
            try {
                app.product().scheduled();
            } catch (DatabaseException e) {
                assertThat(e.kind()).isNotEqualTo(DatabaseException.Kind.REFUSED);
            }
            app.database().faults().mend();
        }
        assertThat(stats("?days=30")).contains("\"days\":30," + counts(1, 0));
    }

    @Test
    void aPackageThatNobodyHasHasNoStats() {
        assertThat(app.admin().get("/api/packages/acme/none/stats").status()).isEqualTo(404);
        assertThat(app.admin().get("/api/packages/acme/../stats").status()).isEqualTo(404);
        for (String days : List.of("0", "367", "x", "-1")) {
            assertThat(app.admin().get(STATS + "?days=" + days).status()).isEqualTo(400);
        }
        assertThat(app.as(app.token("*")).get(STATS).status()).isEqualTo(403);
    }

    @Test
    void aReportIsAnEventAndNoChange() {
        app.drain();
        long changes = app.count("audit");
        report(entry("acme/tool", "1.0.0.0"));
        app.drain();
        assertThat(app.count("audit")).isEqualTo(changes);
        assertThat(app.rows("SELECT body FROM audit_segment ORDER BY to_at DESC, first DESC")
                        .get(0)
                        .text("body"))
                .contains("notify.installs\t1 packages\t200");
    }
}
