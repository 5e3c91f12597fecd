package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** {@code DELETE /api/packages/{vendor}/{name}} and {@code DELETE /api/upstreams/{id}}: giving up names, with or without bytes. */
class PurgeTest {
    private static final String OTHER = "https://other.example.com";
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String PACKAGE = "/api/packages/acme/tool";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;
    private String upstream;

    @BeforeEach
    void start() {
        app = TestApp.start();
        upstream = app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
        app.admin().get(TOOL);
        app.admin().get(DIST);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response delete(String path) {
        return app.admin().send("DELETE", path, "");
    }

    private int status(String path) {
        return app.admin().get(path).status();
    }

    @Test
    void aReleasedNameIsNobodysAndOldLocksStillInstall() {
        assertThat(delete(PACKAGE).status()).isEqualTo(204);
        assertThat(app.count("package")).isZero();
        assertThat(app.count("document")).isZero();
        app.upstream().forgetRequests();
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip(A));
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(app.rows("SELECT target, detail FROM audit WHERE action = 'release.package'"))
                .singleElement()
                .satisfies(row ->
                        assertThat(row.text("target") + row.text("detail")).isEqualTo("acme/tool{\"purge\":false}"));
        assertThat(status(TOOL)).isEqualTo(200);
    }

    @Test
    void whoMirrorsUsIsToldToLookAgain() {
        app.clock().advance(Duration.ofMinutes(10));
        String feed = "/metadata/changes.json?since=" + (app.clock().millis() - 300_000) * 10;
        assertThat(text(app.admin().get(feed))).doesNotContain("resync");
        delete(PACKAGE);
        assertThat(text(app.admin().get(feed))).contains("resync");
    }

    @Test
    void aReleasedNameCanBelongToAnotherUpstreamWhoseArchivesHaveUrlsOfTheirOwn() {
        app.addUpstream(OTHER, "acme/*", 1, false);
        app.publishAt(OTHER, "acme/tool", version("acme/tool", "1.0.0", A, "").replace(UPSTREAM, OTHER));
        app.serve(OTHER + "/a/" + A + ".zip", zip("other"));
        delete(PACKAGE);
        String served = text(app.admin().get(TOOL));
        assertThat(served).doesNotContain(DIST);
        int at = served.indexOf("/dist/acme/tool/1.0.0.0/r" + A + "v");
        String url = served.substring(at, served.indexOf('"', at));
        assertThat(app.admin().get(url).body().bytes(100)).isEqualTo(zip("other"));
        assertThat(app.admin().get(DIST).body().bytes(100)).isEqualTo(zip(A));
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(text(app.admin().get(TOOL))).contains(url);
        assertThat(app.count("alert")).isZero();
    }

    @Test
    void theSameUpstreamGetsItsOldUrlsBack() {
        String before = text(app.admin().get(TOOL));
        delete(PACKAGE);
        app.clock().advance(Duration.ofSeconds(2));
        assertThat(text(app.admin().get(TOOL))).contains("\"url\":\"https://packages.example.org" + DIST);
        assertThat(before).contains(DIST);
    }

    @Test
    void aPurgeRemovesTheBytesAtOnce() {
        assertThat(app.objects().list("artifact/", null, 10)).hasSize(1);
        assertThat(delete(PACKAGE + "?purge=true").status()).isEqualTo(204);
        assertThat(app.count("version")).isZero();
        assertThat(app.count("purge")).isZero();
        assertThat(app.objects().list("artifact/", null, 10)).isEmpty();
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'purge.dists'")
                        .get(0)
                        .text("detail"))
                .isEqualTo("{\"archives\":[\"1.0.0.0/r" + A + ".zip\"]}");
        assertThat(app.count("audit WHERE action = 'purge.package'")).isEqualTo(1);
    }

    @Test
    void aLargePurgeHidesEverythingAtOnceAndGoesOnInSteps() {
        String[] versions = new String[70];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = version("acme/large", "1." + i + ".0", A, "");
        }
        app.publish("acme/large", versions);
        app.admin().get("/p2/acme/large.json");
        for (int i = 0; i < versions.length; i++) {
            assertThat(status("/dist/acme/large/1." + i + ".0.0/r" + A + ".zip"))
                    .isEqualTo(200);
        }
        app.serveStatus(UPSTREAM + "/p2/acme/large.json", 404);
        delete("/api/packages/acme/large?purge=true");
        assertThat(app.count("version WHERE package = 'acme/large'")).isEqualTo(40);
        for (int i = 0; i < versions.length; i++) {
            assertThat(status("/dist/acme/large/1." + i + ".0.0/r" + A + ".zip"))
                    .isEqualTo(404);
        }
        app.work(10);
        assertThat(app.count("version WHERE package = 'acme/large'")).isZero();
        assertThat(app.count("purge")).isZero();
        assertThat(app.objects().list("artifact/", null, 10)).hasSize(1);
        assertThat(app.admin().get(DIST).status()).isEqualTo(200);
    }

    @Test
    void whatWasReleasedBeforeCanBePurgedLater() {
        delete(PACKAGE);
        assertThat(delete(PACKAGE + "?purge=true").status()).isEqualTo(204);
        assertThat(app.count("version")).isZero();
        assertThat(delete(PACKAGE + "?purge=true").status()).isEqualTo(404);
    }

    @Test
    void anUpstreamIsPurgedPackageByPackage() {
        for (int i = 0; i < 15; i++) {
            app.publish("acme/p" + i, version("acme/p" + i, "1.0.0", A, ""));
            app.admin().get("/p2/acme/p" + i + ".json");
            app.admin().get("/dist/acme/p" + i + "/1.0.0.0/r" + A + ".zip");
        }
        app.addUpstream(OTHER, "other/*", 1, false);
        app.publishAt(OTHER, "other/tool", version("other/tool", "1.0.0", A, ""));
        app.admin().get("/p2/other/tool.json");
        assertThat(delete("/api/upstreams/" + upstream + "?purge=true").status())
                .isEqualTo(204);
        assertThat(app.count("purge")).isEqualTo(1);
        app.work(60);
        assertThat(app.count("purge")).isZero();
        assertThat(app.count("version")).isZero();
        assertThat(app.count("document WHERE package LIKE 'acme/%'")).isZero();
        assertThat(app.count("document")).isEqualTo(1);
        // Its names stay owned: nobody else is asked for them.
        assertThat(app.count("package WHERE upstream = '" + upstream + "'")).isEqualTo(16);
        app.addUpstream(OTHER + "/public", "*", 50, false);
        app.upstream().forgetRequests();
        assertThat(app.admin().get("/p2/acme/p1.json").status()).isEqualTo(404);
        assertThat(app.admin().get("/dist/acme/p1/1.0.0.0/r" + A + ".zip").status())
                .isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(app.objects().list("artifact/", null, 10)).isEmpty();
        assertThat(app.count("audit WHERE action = 'purge.package'")).isEqualTo(16);
    }

    @Test
    void anUpstreamThatIsOnlyDeletedKeepsItsNamesAndBytes() {
        delete("/api/upstreams/" + upstream);
        app.work(5);
        assertThat(app.count("package")).isEqualTo(1);
        assertThat(app.count("version")).isEqualTo(1);
        assertThat(status(DIST)).isEqualTo(200);
    }

    @Test
    void aRefreshThatWasUnderWayDoesNotTakeANameBack() {
        app.clock().advance(Duration.ofMinutes(6));
        String json = "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.1.0", A, "") + "]}}";
        app.upstream().serves(UPSTREAM + TOOL, request -> {
            delete(PACKAGE);
            return new Response(200, Headers.of(), Body.of(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        });
        app.admin().get(TOOL);
        assertThat(app.count("package")).isZero();
        assertThat(app.count("document")).isZero();
    }

    @Test
    void theIsolateThatActedForgetsAtOnce() {
        try (TestApp warm = TestApp.start("META_CACHE_SECONDS", "60")) {
            warm.addUpstream("acme/*");
            warm.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            warm.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
            warm.admin().get(TOOL);
            warm.admin().get(DIST);
            warm.admin().get(DIST);
            warm.serveStatus(UPSTREAM + TOOL, 404);
            warm.admin().send("DELETE", PACKAGE + "?purge=true", "");
            assertThat(warm.admin().get(TOOL).status()).isEqualTo(404);
            assertThat(warm.admin().get(DIST).status()).isEqualTo(404);
        }
    }

    @Test
    void nothingElseIsDeleted() {
        assertThat(delete("/api/packages/acme/none").status()).isEqualTo(404);
        assertThat(delete("/api/packages/acme/..%2f").status()).isEqualTo(404);
        assertThat(delete(PACKAGE + "?purge=1").status()).isEqualTo(400);
        assertThat(app.count("version")).isEqualTo(1);
        assertThat(app.count("document")).isEqualTo(1);
    }
}
