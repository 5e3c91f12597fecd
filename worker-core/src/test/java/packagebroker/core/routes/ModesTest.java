package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.BASE;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** {@code "mode"} of an upstream: whether its own URLs reach our clients. */
class ModesTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String MIRROR = BASE + "/dist/%package%/%version%/r%reference%.%type%";
    private static final String DIST_A = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;
    private String upstream;

    @BeforeEach
    void start() {
        app = TestApp.start();
        upstream = app.addUpstream("acme/*");
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip(A));
        app.serve(UPSTREAM + "/a/" + B + ".zip", zip(B));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response mode(String mode) {
        return app.admin().send("PATCH", "/api/upstreams/" + upstream, "{\"mode\":\"" + mode + "\"}");
    }

    private String served() {
        return text(app.admin().get(TOOL));
    }

    private String refreshed() {
        app.clock().advance(Duration.ofMinutes(6));
        return served();
    }

    @Test
    void aMirrorKeepsTheUrlsOfItsUpstreamAndPrefersOurs() {
        assertThat(text(mode("mirror"))).contains("\"mode\":\"mirror\"");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(served())
                .contains("\"dist\":{\"type\":\"zip\",\"url\":\"" + UPSTREAM + "/a/" + A + ".zip\",\"reference\":\"" + A
                        + "\",\"shasum\":\"\",\"mirrors\":[{\"url\":\"" + MIRROR + "\",\"preferred\":true}]}")
                .contains("\"source\":{\"type\":\"git\",\"url\":\"https://git.example.com/x\",\"reference\":\"" + A
                        + "\"}");
        assertThat(text(app.admin().get("/packages.json")))
                .contains("\"mirrors\":[{\"dist-url\":\"" + MIRROR + "\",\"preferred\":true}]");
        assertThat(app.admin().get(DIST_A).body().bytes(100)).isEqualTo(zip(A));
    }

    @Test
    void changingTheModeShowsAtOnceAndBothWays() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        String rewritten = served();
        String first = app.admin().get(TOOL).findHeader("last-modified");
        assertThat(rewritten).doesNotContain("git.example.com").doesNotContain(UPSTREAM);
        assertThat(text(app.admin().get("/packages.json"))).doesNotContain("mirrors");
        mode("mirror");
        assertThat(served()).contains("git.example.com").contains(MIRROR);
        assertThat(app.admin().get(TOOL).findHeader("last-modified")).isNotEqualTo(first);
        mode("rewrite");
        assertThat(served()).isEqualTo(rewritten);
        assertThat(text(app.admin().get("/packages.json"))).doesNotContain("mirrors");
        assertThat(mode("other").status()).isEqualTo(422);
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'change.upstream' ORDER BY seq DESC")
                        .get(0)
                        .text("detail"))
                .contains("\"mode\":\"rewrite\"");
    }

    @Test
    void aMinifiedListKeepsItsSourcesAsTheDifferencesTheyAre() {
        mode("mirror");
        app.serve(
                UPSTREAM + TOOL,
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.1.0", B, "")
                        + ",{\"version\":\"1.0.0\",\"source\":\"__unset\"}]}," + "\"minified\":\"composer/2.0\"}");
        assertThat(served()).contains("\"source\":{\"type\":\"git\"").contains("\"source\":\"__unset\"");
    }

    @Test
    void aSourceThatNoClientCouldReadIsLeftOut() {
        mode("mirror");
        String broken = version("acme/tool", "1.0.0", A, "").replace("\"type\":\"git\",", "");
        app.publish("acme/tool", broken);
        assertThat(served()).doesNotContain("\"source\"").contains(MIRROR);
        app.serve(
                UPSTREAM + TOOL,
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.1.0", B, "")
                        + ",{\"version\":\"1.0.0\",\"source\":{\"type\":\"git\"}}]},\"minified\":\"composer/2.0\"}");
        assertThat(refreshed()).contains("\"source\":\"__unset\"");
    }

    @Test
    void aUrlWithAPasswordIsHandedOutToNobody() {
        mode("mirror");
        app.publish(
                "acme/tool",
                version("acme/tool", "1.1.0", B, ""),
                version("acme/tool", "1.0.0", A, "").replace("https://repo", "https://me:hidden@repo"));
        String served = served();
        assertThat(served)
                .doesNotContain("hidden")
                .contains("\"url\":\"" + BASE + DIST_A)
                .contains("\"source\":\"__unset\"");
    }

    @Test
    void aRefusedVersionKeepsWhatWasServedFirstInTheModeOfToday() {
        mode("mirror");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        served();
        app.publish("acme/tool", version("acme/tool", "1.1.0", A, ""), version("acme/tool", "1.0.0", B, ""));
        assertThat(refreshed())
                .contains("\"version\":\"1.0.0\"")
                .contains("\"url\":\"" + UPSTREAM + "/a/" + A + ".zip\"")
                .doesNotContain("/a/" + B);
        mode("rewrite");
        assertThat(served())
                .contains("\"url\":\"" + BASE + DIST_A)
                .doesNotContain(UPSTREAM)
                .doesNotContain("git.example.com")
                .doesNotContain("\"mirrors\"");
        mode("mirror");
        assertThat(served())
                .contains("\"url\":\"" + UPSTREAM + "/a/" + A + ".zip\"")
                .contains(MIRROR);
    }

    @Test
    void aVersionWithoutAReferenceIsFoundByTheUrlThatAClientFillsIn() {
        mode("mirror");
        app.publish("acme/tool", unreferenced(A));
        served();
        String open = "/dist/acme/tool/1.0.0.0/r.zip";
        assertThat(app.admin().get(open).body().bytes(100)).isEqualTo(zip(A));
        app.upstream().forgetRequests();
        assertThat(app.admin().get(open).body().bytes(100)).isEqualTo(zip(A));
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(app.count("version")).isEqualTo(1);
        assertThat(app.admin().get("/dist/acme/tool/1.0.0.0/r.tar").status()).isEqualTo(404);
        assertThat(app.admin().get("/dist/acme/tool/2.0.0.0/r.zip").status()).isEqualTo(404);
    }

    @Test
    void whereTwoArchivesHaveNoReferenceNeitherIsGuessed() {
        mode("mirror");
        app.publish("acme/tool", unreferenced(A));
        served();
        String open = "/dist/acme/tool/1.0.0.0/r.zip";
        app.admin().get(open);
        app.publish("acme/tool", unreferenced(B));
        refreshed();
        String alert = app.rows("SELECT id FROM alert").get(0).text("id");
        app.admin().send("POST", "/api/alerts/" + alert + "/accept", "{}");
        served();
        String key = app.rows("SELECT path FROM alert").get(0).text("path");
        assertThat(app.admin().get("/dist/acme/tool/" + key).body().bytes(100)).isEqualTo(zip(B));
        assertThat(app.admin().get(open).status()).isEqualTo(404);
    }

    private static String unreferenced(String file) {
        return version("acme/tool", "1.0.0", file, "")
                .replace("\"reference\":\"" + file + "\",\"shasum\"", "\"reference\":null,\"shasum\"");
    }

    @Test
    void otherBytesOfAReferenceCannotBeAcceptedWhereClientsFillInTheUrl() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        served();
        app.admin().get(DIST_A);
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, "").replace("\"shasum\":\"\"", "\"shasum\":\"" + B + "\""));
        refreshed();
        mode("mirror");
        String alert = app.rows("SELECT id FROM alert").get(0).text("id");
        Response response = app.admin().send("POST", "/api/alerts/" + alert + "/accept", "{}");
        assertThat(json(response).text("code", 50)).isEqualTo("not_acceptable");
    }
}
