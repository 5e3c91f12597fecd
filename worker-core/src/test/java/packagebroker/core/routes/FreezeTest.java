package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packagebroker.core.App;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** {@code /api/freeze}: in an incident only what is stored is served, and nothing is taken in. */
class FreezeTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String DIST_A = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
    private static final String DIST_B = "/dist/acme/tool/1.1.0.0/r" + B + ".zip";

    private TestApp app;
    private String upstream = "";

    @BeforeEach
    void start() {
        app = TestApp.start();
        upstream = app.addUpstream("*");
        app.serve(UPSTREAM + "/a/" + A + ".zip", TestApp.zip("a"));
        app.serve(UPSTREAM + "/a/" + B + ".zip", TestApp.zip("b"));
        app.publish("acme/tool", version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
        app.serveStatus(UPSTREAM + "/p2/psr/virtual.json", 404);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        assertThat(status(DIST_A)).isEqualTo(200);
        assertThat(app.admin().get("/p2/psr/virtual.json").status()).isEqualTo(404);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void freeze() {
        Response frozen =
                app.admin().send("POST", "/api/freeze", "{\"reason\":\"a maintainer's account was taken over\"}");
        assertThat(frozen.status()).isEqualTo(200);
    }

    private void thaw() {
        assertThat(app.admin().send("DELETE", "/api/freeze", "{}").status()).isEqualTo(204);
    }

    private int status(String path) {
        Response response = app.admin().get(path);
        response.body().cancel();
        return response.status();
    }

    private long written() {
        return app.rows("SELECT total_changes() AS n").get(0).number("n");
    }

    private void publishNewVersion() {
        app.publish(
                "acme/tool",
                version("acme/tool", "1.2.0", "c".repeat(40), ""),
                version("acme/tool", "1.1.0", B, ""),
                version("acme/tool", "1.0.0", A, ""));
    }

    @Test
    void whatIsStoredIsServedAsItIsHoweverOldAndNobodyIsAsked() {
        freeze();
        publishNewVersion();
        app.clock().advance(Duration.ofDays(30));
        int asked = app.upstream().requests().size();
        long written = written();
        for (int i = 0; i < 3; i++) {
            assertThat(text(app.admin().get(TOOL))).contains("1.1.0").doesNotContain("1.2.0");
            assertThat(status(DIST_A)).isEqualTo(200);
            assertThat(status("/p2/psr/virtual.json"))
                    .as("it was absent before")
                    .isEqualTo(404);
        }
        assertThat(app.upstream().requests()).hasSize(asked);
        assertThat(written()).as("serving writes nothing").isEqualTo(written);
        thaw();
        assertThat(text(app.admin().get(TOOL))).contains("1.2.0");
    }

    @Test
    void whatIsNotStoredIs503AndNeverAnAbsence() {
        app.publish("acme/new", version("acme/new", "1.0.0", A, ""));
        freeze();
        for (String path : List.of("/p2/acme/new.json", "/p2/acme/new~dev.json", DIST_B)) {
            Response response = app.admin().get(path);
            assertThat(response.status()).as(path).isEqualTo(503);
            assertThat(text(response)).contains("\"code\":\"frozen\"", "\"warning\":");
        }
        assertThat(status("/dist/acme/new/1.0.0.0/r" + A + ".zip")).isEqualTo(503);
        assertThat(app.count("package")).isEqualTo(1);
        assertThat(app.count("version")).isEqualTo(1);
        thaw();
        assertThat(status("/p2/acme/new.json")).isEqualTo(200);
        assertThat(status(DIST_B)).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/api/upstreams|{\"name\":\"u\",\"url\":\"https://u.example.com\",\"patterns\":[\"*\"]}",
                "PATCH|/api/upstreams/ID|{\"enabled\":false}",
                "DELETE|/api/upstreams/ID|{}",
                "PATCH|/api/settings|{\"packagist\":false}",
                "DELETE|/api/packages/acme/tool|{}",
                "DELETE|/api/packages/acme/tool?purge=true|{}",
                "POST|/api/alerts/0123456789abcdef/accept|{}"
            })
    void changesOfWhatIsServedAreRefused(String method, String path, String body) {
        freeze();
        long changes = app.count("audit");
        Response refused = app.admin().send(method, path.replace("ID", upstream), body);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(text(refused)).contains("\"code\":\"frozen\"", "taken over");
        assertThat(app.count("audit")).isEqualTo(changes);
        assertThat(app.count("upstream WHERE enabled = 1")).isEqualTo(1);
    }

    @Test
    void tokensPeopleAndAdvisoriesCanStillBeSeenTo() {
        freeze();
        assertThat(app.admin()
                        .send("POST", "/api/tokens/revoke", "{\"kind\":\"read\"}")
                        .status())
                .isEqualTo(200);
        assertThat(app.admin()
                        .send(
                                "POST",
                                "/api/advisories",
                                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"<2\",\"title\":\"Bad\"}")
                        .status())
                .isEqualTo(201);
        assertThat(text(app.admin().get(TOOL))).contains("\"title\":\"Bad\"");
    }

    @Test
    void itIsSaidInTheRootInHealthAndInTheLog() {
        String before = app.admin().get("/packages.json").findHeader("last-modified");
        assertThat(text(app.anonymous().get("/api/health"))).contains("\"warnings\":[]");
        freeze();
        Response root = app.admin().get("/packages.json");
        assertThat(root.findHeader("last-modified")).isNotEqualTo(before);
        assertThat(text(root))
                .contains(
                        "\"warnings\":[{\"message\":\"This repository is frozen", "taken over\",\"versions\":\"*\"}]");
        assertThat(text(app.anonymous().get("/api/health")))
                .contains("\"status\":\"ok\"", "the instance is frozen")
                .doesNotContain("taken over");
        assertThat(text(app.admin().get("/api/freeze")))
                .contains("\"reason\":\"a maintainer's account was taken over\"", "\"by\":\"token:");
        thaw();
        assertThat(text(app.admin().get("/api/freeze"))).isEqualTo("{\"frozen\":null}");
        assertThat(text(app.admin().get("/packages.json"))).doesNotContain("frozen");
        assertThat(app.count("audit WHERE action IN ('freeze.instance', 'thaw.instance')"))
                .isEqualTo(2);
    }

    @Test
    void anotherReasonDoesNotMoveTheBeginning() {
        freeze();
        long since = app.clock().millis();
        app.clock().advance(Duration.ofHours(1));
        app.admin().send("POST", "/api/freeze", "{\"reason\":\"over soon\"}");
        assertThat(text(app.admin().get("/api/freeze"))).contains("\"since\":" + since, "over soon");
    }

    @Test
    void inTheBackgroundNothingIsTakenInAndNothingIsMissedAfterwards() {
        app.serve(
                UPSTREAM + "/packages.json",
                "{\"metadata-url\":\"/p2/%package%.json\",\"metadata-changes-url\":\"/metadata/changes.json\"}");
        app.upstream()
                .servesUnder(
                        UPSTREAM + "/metadata/changes.json?",
                        request -> new Response(
                                200,
                                Headers.of(),
                                Body.of(
                                        ("{\"actions\":[{\"type\":\"update\",\"package\":\"acme/tool\",\"time\":1795521600}],"
                                                        + "\"timestamp\":"
                                                        + app.clock().millis() * 10 + "}")
                                                .getBytes(StandardCharsets.UTF_8))));
        app.work(3);
        freeze();
        publishNewVersion();
        int asked = app.upstream().requests().size();
        app.work(120);
        app.clock().advance(Duration.ofDays(2));
        app.work(5);
        assertThat(app.upstream().requests()).hasSize(asked);
        assertThat(app.count("job WHERE problem <> ''")).isZero();
        thaw();
        app.work(3);
        asked = app.upstream().requests().size();
        assertThat(text(app.admin().get(TOOL))).contains("1.2.0");
        assertThat(app.upstream().requests())
                .as("it was there before anybody asked")
                .hasSize(asked);
    }

    @Test
    void aPurgeThatWasAskedForBeforeRests() {
        app.admin().send("DELETE", "/api/upstreams/" + upstream + "?purge=true", "{}");
        app.addUpstream("*");
        freeze();
        app.work(10);
        assertThat(app.count("version WHERE state = 'stored'")).isEqualTo(1);
        thaw();
        app.work(10);
        assertThat(app.count("version")).isZero();
    }

    @Test
    void anIsolateThatKnowsNothingOfItTakesNothingInEither() {
        try (TestApp remembering = TestApp.start("META_CACHE_SECONDS", "10")) {
            remembering.addUpstream("*");
            for (String name : List.of("acme/tool", "acme/late", "acme/other")) {
                remembering.publish(name, version(name, "1.0.0", A, ""));
            }
            App other = remembering.isolate();
            assertThat(remembering.admin().at(other).get("/p2/acme/tool.json").status())
                    .isEqualTo(200);
            remembering.admin().send("POST", "/api/freeze", "{\"reason\":\"x\"}");
            Response late = remembering.admin().at(other).get("/p2/acme/late.json");
            assertThat(late.status()).as("it was asked for, and came too late").isEqualTo(503);
            assertThat(remembering.count("package")).isEqualTo(1);
            remembering.clock().advance(Duration.ofSeconds(10));
            int asked = remembering.upstream().requests().size();
            assertThat(remembering.admin().at(other).get("/p2/acme/other.json").status())
                    .isEqualTo(503);
            assertThat(remembering.upstream().requests()).hasSize(asked);
        }
    }

    /** Freezes before each operation of a request for something new, and thaws before the next one. */
    private void freezesForAMoment(IntFunction<String> path) {
        boolean[] frozen = {true};
        int moments = 0;
        for (; frozen[0]; moments++) {
            String wanted = path.apply(moments);
            frozen[0] = false;
            app.database().faults().actAfter(moments, () -> {
                frozen[0] = true;
                freeze();
                app.database().faults().actAfter(0, this::thaw);
            });
            assertThat(status(wanted)).as("frozen before operation " + moments).isIn(200, 503);
            app.database().faults().actAfter(-1, () -> {});
            app.admin().send("DELETE", "/api/freeze", "{}");
            assertThat(status(wanted)).isEqualTo(200);
        }
        assertThat(moments).isGreaterThan(4);
    }

    @Test
    void aPackageIsNotAbsentBecauseOfAFreezeThatIsOverAlready() {
        freezesForAMoment(moment -> {
            String name = "acme/new" + moment;
            app.publish(name, version(name, "1.0.0", A, ""));
            return "/p2/" + name + ".json";
        });
    }

    @Test
    void anArchiveIsNotAbsentBecauseOfAFreezeThatIsOverAlready() {
        freezesForAMoment(moment -> {
            String name = "acme/new" + moment;
            app.publish(name, version(name, "1.0.0", A, ""));
            assertThat(status("/p2/" + name + ".json")).isEqualTo(200);
            return "/dist/" + name + "/1.0.0.0/r" + A + ".zip";
        });
    }

    @Test
    void anArchiveThatSuchAnIsolateHasFetchedIsNotKept() {
        try (TestApp remembering = TestApp.start("META_CACHE_SECONDS", "10")) {
            remembering.addUpstream("*");
            for (String name : List.of("acme/tool", "acme/other")) {
                remembering.publish(name, version(name, "1.0.0", A, ""));
            }
            remembering.serve(UPSTREAM + "/a/" + A + ".zip", TestApp.zip("a"));
            App other = remembering.isolate();
            // The first answer of an upstream says what it offers; from the second on the isolate remembers it.
            for (String path : List.of("/p2/acme/other.json", TOOL)) {
                assertThat(remembering.admin().at(other).get(path).status()).isEqualTo(200);
            }
            remembering.admin().send("POST", "/api/freeze", "{\"reason\":\"x\"}");
            Response dist = remembering.admin().at(other).get("/dist/acme/tool/1.0.0.0/r" + A + ".zip");
            assertThat(remembering.upstream().requestsTo(UPSTREAM + "/a/" + A + ".zip"))
                    .hasSize(1);
            assertThat(dist.status()).isEqualTo(503);
            assertThat(text(dist)).contains("\"frozen\"");
            assertThat(remembering.count("version")).isZero();
            assertThat(remembering.count("audit WHERE action = 'mirror.dist'")).isZero();
        }
    }

    @Test
    void aStaleDocumentOfAnIsolateThatKnowsNothingOfItStaysAsItIs() {
        try (TestApp remembering = TestApp.start("META_CACHE_SECONDS", "10", "FRESH_SECONDS", "1")) {
            remembering.addUpstream("*");
            remembering.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            App other = remembering.isolate();
            assertThat(remembering.admin().at(other).get(TOOL).status()).isEqualTo(200);
            remembering.publish(
                    "acme/tool", version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
            remembering.admin().send("POST", "/api/freeze", "{\"reason\":\"x\"}");
            remembering.clock().advance(Duration.ofSeconds(2));
            assertThat(text(remembering.admin().at(other).get(TOOL)))
                    .contains("1.0.0")
                    .doesNotContain("1.1.0");
        }
    }

    @Test
    void theWarmPathCostsNoMore() {
        app.admin().get("/packages.json");
        app.admin().get(TOOL);
        long before = app.counts().of("d1_round_trips");
        app.admin().get("/packages.json");
        app.admin().get(TOOL);
        app.admin().get(DIST_A).body().cancel();
        assertThat(app.counts().of("d1_round_trips") - before).isEqualTo(3);
        freeze();
        before = app.counts().of("d1_round_trips");
        app.admin().get("/packages.json");
        app.admin().get(TOOL);
        app.admin().get(DIST_A).body().cancel();
        assertThat(app.counts().of("d1_round_trips") - before).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"reason\":\"\"}", "{\"reason\":7}", "{\"reason\":\"a\\u001bb\"}", "{\"frozen\":true}"})
    void aFreezeNeedsAReason(String body) {
        assertThat(app.admin().send("POST", "/api/freeze", body).status()).isEqualTo(422);
        assertThat(app.count("setting WHERE name = 'frozen'")).isZero();
    }
}
