package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** packagist.org as an upstream from the start, and upstreams that are switched off. */
class PackagistTest {
    private static final String PACKAGIST = "https://repo.packagist.example";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String CATCH_ALL = "available-package-patterns";

    private final TestApp app = TestApp.start("PACKAGIST_URL", PACKAGIST);

    @AfterEach
    void close() {
        app.close();
    }

    private Response settings(String body) {
        return app.admin().send("PATCH", "/api/settings", body);
    }

    private int status(String path) {
        return app.admin().get(path).status();
    }

    private void packagistHas(String name) {
        app.serve(PACKAGIST + "/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.publishAt(PACKAGIST, name, version(name, "1.0.0", A, ""));
    }

    @Test
    void aNewInstanceHasItAsItsLastUpstreamForAnyName() {
        assertThat(text(app.admin().get("/api/upstreams")))
                .isEqualTo(
                        "{\"upstreams\":[{\"id\":\"packagist\",\"name\":\"packagist.org\",\"kind\":\"composer\",\"url\":\""
                                + PACKAGIST
                                + "\",\"priority\":1000,\"patterns\":[\"*\"],\"exclusive\":false,\"enabled\":true,\"mode\":\"rewrite\",\"auth\":\"none\"}]}");
        assertThat(text(app.admin().get("/api/settings"))).contains("\"packagist\":true");
        packagistHas("symfony/console");
        assertThat(status("/p2/symfony/console.json")).isEqualTo(200);
    }

    @Test
    void switchingItShowsInTheRootAtOnceAndInTheAuditLog() {
        app.addUpstream("acme/*");
        assertThat(text(app.admin().get("/packages.json"))).doesNotContain(CATCH_ALL);
        assertThat(text(settings("{\"packagist\":false}"))).contains("\"packagist\":false");
        assertThat(text(app.admin().get("/packages.json"))).contains("\"" + CATCH_ALL + "\":[\"acme/*\"]");
        assertThat(text(app.admin().get("/api/settings"))).contains("\"packagist\":false");
        settings("{\"packagist\":true}");
        assertThat(text(app.admin().get("/packages.json"))).doesNotContain(CATCH_ALL);
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'change.settings' ORDER BY seq"))
                .extracting(row -> row.text("detail"))
                .containsExactly("{\"packagist\":false}", "{\"packagist\":true}");
    }

    @Test
    void bothSettingsMayChangeInOneGo() {
        Response response = settings("{\"packagist\":false,\"base_url\":\"" + TestApp.BASE + "/x\"}");
        assertThat(text(response)).isEqualTo("{\"base_url\":\"" + TestApp.BASE + "/x\",\"packagist\":false}");
        assertThat(app.count("audit WHERE action = 'change.settings'")).isEqualTo(1);
        assertThat(text(app.admin().get("/x/packages.json"))).contains("/x/p2/").contains(CATCH_ALL);
    }

    @Test
    void aSettingThatIsNoneIsRefused() {
        for (String body : List.of("{}", "{\"packagist\":\"on\"}", "{\"packagist\":null}", "{\"mirror\":true}")) {
            assertThat(settings(body).status()).as(body).isEqualTo(422);
        }
        assertThat(app.count("audit WHERE action = 'change.settings'")).isZero();
    }

    @Test
    void whatIsSwitchedOffIsAskedForNothingAndItsNamesStayItsOwn() {
        packagistHas("symfony/console");
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("one"));
        assertThat(status("/dist/symfony/console/1.0.0.0/r" + A + ".zip")).isEqualTo(200);
        assertThat(status("/p2/symfony/console.json")).isEqualTo(200);
        settings("{\"packagist\":false}");
        app.addUpstream("*");
        app.publish("symfony/console", version("symfony/console", "9.9.9", A, ""));
        app.upstream().forgetRequests();
        assertThat(status("/p2/symfony/console.json")).isEqualTo(404);
        assertThat(status("/p2/symfony/other-absent.json/x")).isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(status("/dist/symfony/console/1.0.0.0/r" + A + ".zip")).isEqualTo(200);
        settings("{\"packagist\":true}");
        assertThat(text(app.admin().get("/p2/symfony/console.json")))
                .contains("1.0.0.0")
                .doesNotContain("9.9.9");
    }

    @Test
    void anyUpstreamIsSwitchedOffByPatch() {
        settings("{\"packagist\":false}");
        String id = app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(status("/p2/acme/tool.json")).isEqualTo(200);
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"enabled\":false}");
        assertThat(text(app.admin().get("/api/upstreams/" + id))).contains("\"enabled\":false");
        assertThat(text(app.admin().get("/packages.json"))).contains("\"" + CATCH_ALL + "\":[]");
        assertThat(status("/p2/acme/tool.json")).isEqualTo(404);
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"enabled\":true}");
        assertThat(status("/p2/acme/tool.json")).isEqualTo(200);
    }

    @Test
    void whatWasDeletedComesBackAsTheOwnerOfItsNames() {
        packagistHas("symfony/console");
        assertThat(status("/p2/symfony/console.json")).isEqualTo(200);
        assertThat(app.admin().send("DELETE", "/api/upstreams/packagist", "{}").status())
                .isEqualTo(204);
        assertThat(text(app.admin().get("/api/settings"))).contains("\"packagist\":false");
        assertThat(status("/p2/symfony/console.json")).isEqualTo(404);
        settings("{\"packagist\":true}");
        assertThat(status("/p2/symfony/console.json")).isEqualTo(200);
    }

    @Test
    void aDeploymentWithoutItSaysSoWhenItIsSwitchedOn() {
        try (TestApp without = TestApp.start()) {
            assertThat(without.count("upstream")).isZero();
            assertThat(without.admin()
                            .send("PATCH", "/api/settings", "{\"packagist\":true}")
                            .status())
                    .isEqualTo(422);
            assertThat(json(without.admin().send("PATCH", "/api/settings", "{\"packagist\":false}"))
                            .flag("packagist", true))
                    .isFalse();
        }
    }

    @Test
    void aNameOfAnUpstreamWithPatternsOfItsOwnNeverReachesIt() {
        app.admin()
                .send(
                        "POST",
                        "/api/upstreams",
                        "{\"name\":\"u\",\"url\":\"" + UPSTREAM + "\",\"patterns\":[\"acme/*\"]}");
        app.serve(UPSTREAM + "/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.serveStatus(UPSTREAM + "/p2/acme/secret.json", 404);
        assertThat(status("/p2/acme/secret.json")).isEqualTo(404);
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(PACKAGIST));
    }

    @Test
    void anIsolateThatMadeTheChangeForgetsWhatItRemembered() {
        try (TestApp warm = TestApp.start("PACKAGIST_URL", PACKAGIST, "META_CACHE_SECONDS", "60")) {
            warm.clock().advance(Duration.ofSeconds(1));
            assertThat(text(warm.admin().get("/packages.json"))).doesNotContain(CATCH_ALL);
            warm.clock().advance(Duration.ofSeconds(1));
            warm.admin().send("PATCH", "/api/settings", "{\"packagist\":false}");
            assertThat(text(warm.admin().get("/packages.json"))).contains(CATCH_ALL);
            warm.clock().advance(Duration.ofSeconds(1));
            warm.admin().get("/packages.json");
            warm.drain();
            long before = warm.counts().of("d1_statements");
            warm.admin().get("/packages.json");
            warm.admin().get("/packages.json");
            // The token is looked up each time, and the root comes with it or not at all.
            assertThat(warm.counts().of("d1_statements") - before).isEqualTo(2);
        }
    }
}
