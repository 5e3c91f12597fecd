package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** {@code GET /p2/{vendor}/{file}}. */
class PackageMetadataTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String UP_TOOL = UPSTREAM + "/p2/acme/tool.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("acme/*");
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void servesOurDistUrlAndNoSource() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ",\"require\":{\"php\":\">=8\"}"));
        Response response = app.admin().get(TOOL);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.findHeader("content-type")).isEqualTo("application/json");
        assertThat(text(response))
                .isEqualTo(
                        "{\"packages\":{\"acme/tool\":[{\"name\":\"acme/tool\",\"version\":\"1.0.0\",\"require\":{\"php\":\">=8\"},"
                                + "\"version_normalized\":\"1.0.0.0\",\"dist\":{\"type\":\"zip\",\"url\":\""
                                + TestApp.BASE
                                + "/dist/acme/tool/1.0.0.0/r" + A + ".zip\",\"reference\":\"" + A
                                + "\",\"shasum\":\"\"}}]},\"minified\":\"composer/2.0\"}");
    }

    @Test
    void keepsUnknownKeysAsTheyWereWritten() {
        String odd =
                ",\"extra\":{\"a\":[],\"b\":{},\"n\":1.50,\"e\":1e2},\"x-odd\" : [ null , true ],\"text\":\"\\u00e9 \\/ 😀\"";
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, odd));
        assertThat(text(app.admin().get(TOOL)))
                .contains("\"extra\":{\"a\":[],\"b\":{},\"n\":1.50,\"e\":1e2}")
                .contains("\"x-odd\":[ null , true ]")
                .contains("\"text\":\"\\u00e9 \\/ 😀\"");
    }

    @Test
    void replacesALoneSurrogateForWhichPhpWouldRefuseTheFile() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ",\"t\":\"x\\ud800y \\ud83d\\ude00 \\\\ud800\""));
        assertThat(text(app.admin().get(TOOL))).contains("\"t\":\"x\\ufffdy \\ud83d\\ude00 \\\\ud800\"");
    }

    @Test
    void passesAMinifiedListOnWithItsDifferences() {
        serveMinified(
                version("acme/tool", "2.0.0", B, ",\"require\":{\"php\":\">=8\"},\"bin\":[\"x\"]"),
                "{\"version\":\"1.0.0\",\"dist\":" + dist(A) + ",\"bin\":\"__unset\"}");
        assertThat(text(app.admin().get(TOOL)))
                .contains("{\"version\":\"1.0.0\",\"bin\":\"__unset\",\"version_normalized\":\"1.0.0.0\",\"dist\":{");
    }

    @Test
    void expandsAMinifiedListBeforeItLeavesAVersionOut() {
        serveMinified(
                version("acme/tool", "no version at all", B, ",\"require\":{\"php\":\">=8\"}"),
                "{\"version\":\"1.0.0\",\"dist\":" + dist(A) + "}");
        assertThat(text(app.admin().get(TOOL)))
                .contains("\"name\":\"acme/tool\"")
                .contains("\"require\":{\"php\":\">=8\"}")
                .doesNotContain("no version at all");
    }

    private void serveMinified(String... versions) {
        app.serve(
                UP_TOOL,
                "{\"packages\":{\"acme/tool\":[" + String.join(",", versions) + "]},\"minified\":\"composer/2.0\"}");
    }

    private static String dist(String reference) {
        return "{\"type\":\"zip\",\"url\":\"" + UPSTREAM + "/a.zip\",\"reference\":\"" + reference
                + "\",\"shasum\":\"\"}";
    }

    @Test
    void ordersNewestFirstWhateverTheUpstreamDoes() {
        app.publish(
                "acme/tool",
                version("acme/tool", "1.0.0", A, ""),
                version("acme/tool", "1.10.0", B, ""),
                version("acme/tool", "1.2.0", A, ""));
        String json = text(app.admin().get(TOOL));
        assertThat(json.indexOf("1.10.0.0")).isLessThan(json.indexOf("1.2.0.0"));
        assertThat(json.indexOf("1.2.0.0")).isLessThan(json.indexOf("1.0.0.0"));
    }

    @Test
    void answers304ForExactlyItsOwnDate() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        String date = "" + app.admin().get(TOOL).findHeader("last-modified");
        Response same = app.admin().get(TOOL, "if-modified-since", date);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body().length()).isZero();
        assertThat(app.admin()
                        .get(TOOL, "if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void asksAgainWhenStaleAndOnlyForWhatIsNew() {
        app.upstream()
                .serves(
                        UP_TOOL,
                        request -> "W/\"1\"".equals(request.findHeader("if-none-match"))
                                ? new Response(304, Headers.of(), Body.empty())
                                : new Response(
                                        200,
                                        Headers.of("etag", "W/\"1\""),
                                        Body.of(document(version("acme/tool", "1.0.0", A, "")))));
        app.admin().get(TOOL);
        app.admin().get(TOOL);
        assertThat(app.upstream().requestsTo(UP_TOOL)).hasSize(1);
        app.clock().advance(Duration.ofMinutes(6));
        String date = "" + app.admin().get(TOOL).findHeader("last-modified");
        assertThat(app.upstream().requestsTo(UP_TOOL)).hasSize(2);
        assertThat(date).isEqualTo(app.admin().get(TOOL).findHeader("last-modified"));
        assertThat(app.upstream().requestsTo(UP_TOOL)).hasSize(2);
    }

    private static byte[] document(String version) {
        return ("{\"packages\":{\"acme/tool\":[" + version + "]}}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void remembersThatNobodyHasAName() {
        app.serveStatus(UP_TOOL, 404);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.upstream().requestsTo(UP_TOOL)).hasSize(1);
        app.clock().advance(Duration.ofMinutes(6));
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
    }

    @Test
    void neverAsksForANameThatNoPatternMatches() {
        assertThat(app.admin().get("/p2/other/tool.json").status()).isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
    }

    @Test
    void looksTheSameToATokenThatMayNotSeeIt() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serveStatus(UPSTREAM + "/p2/acme/none.json", 404);
        app.admin().get(TOOL);
        TestApp.Caller reader = app.as(app.token("acme/none"));
        Response hidden = reader.get(TOOL);
        Response absent = reader.get("/p2/acme/none.json");
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.headers().pairs()).isEqualTo(absent.headers().pairs());
        assertThat(text(hidden).replaceAll("-\\d+\"", ""))
                .isEqualTo(text(absent).replaceAll("-\\d+\"", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<!doctype html><title>Sign in</title>",
                "{\"packages\":{\"acme/tool\":[{\"name\":\"acme/to",
                "[]",
                "null",
                "{\"packages\":{\"acme/tool\":\"x\"}}",
                "{\"packages\":{\"acme/tool\":[1]}}",
                "{\"packages\":{\"evil/tool\":[{\"name\":\"evil/tool\",\"version\":\"1.0.0\"}]}}",
                "{\"packages\":{\"acme/tool\":[{\"name\":\"evil/tool\",\"version\":\"1.0.0\"}]}}",
                "{\"packages\":{\"acme/tool\":[{\"name\":\"acme/tool\",\"name\":\"acme/tool\",\"version\":\"1.0.0\"}]}}",
                "{\"packages\":{\"acme/tool\":[]}} {}",
            })
    void refusesWhatCannotBeTrustedAndKeepsNothingOfIt(String json) {
        app.serve(UP_TOOL, json);
        Response response = app.admin().get(TOOL);
        assertThat(response.status()).isEqualTo(502);
        assertThat(text(response)).contains("upstream_untrusted").contains("\"warning\"");
        assertThat(app.count("document")).isZero();
        assertThat(app.objects().keys()).isEmpty();
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
    }

    @Test
    void refusesDeepNestingAndInvalidUtf8() {
        app.serve(UP_TOOL, "{\"packages\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertThat(app.admin().get(TOOL).status()).isEqualTo(502);
        app.serve(UP_TOOL, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        assertThat(app.admin().get(TOOL).status()).isEqualTo(502);
    }

    @ParameterizedTest
    @CsvSource({"500, 503", "503, 503", "429, 503", "401, 502", "403, 502", "302, 502", "418, 502"})
    void translatesAnUpstreamsFailureAndNeverAsksTheNext(int status, int expected) {
        app.addUpstream("https://second.example.com", "*", 20, false);
        app.serveStatus(UP_TOOL, status);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(expected);
        assertThat(app.upstream().requests()).allMatch(request -> request.url().startsWith(UPSTREAM));
        assertThat(app.count("negative")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"UNREACHABLE, 502", "TIMEOUT, 504", "TOO_LARGE, 503", "CUT, 502"})
    void translatesABrokenTransfer(Reason reason, int expected) {
        app.upstream().fails(UP_TOOL, reason);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(expected);
    }

    @Test
    void servesItsCopyWhileTheUpstreamFails() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        String before = text(app.admin().get(TOOL));
        app.upstream().fails(UP_TOOL, Reason.UNREACHABLE);
        for (int i = 0; i < 3; i++) {
            app.clock().advance(Duration.ofDays(2));
            assertThat(text(app.admin().get(TOOL))).isEqualTo(before);
        }
    }

    @Test
    void believesAnUpstreamAfterADayThatAPackageIsGone() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        app.serveStatus(UP_TOOL, 404);
        app.clock().advance(Duration.ofHours(1));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        app.clock().advance(Duration.ofHours(25));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
    }

    @Test
    void aNameStaysWithTheUpstreamThatHadItFirst() {
        app.addUpstream("https://second.example.com", "acme/*", 5, false);
        app.serveStatus("https://second.example.com/p2/acme/tool.json", 404);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(text(app.admin().get(TOOL))).contains("1.0.0.0");
        app.publishAt("https://second.example.com", "acme/tool", version("acme/tool", "9.9.9", B, ""));
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(text(app.admin().get(TOOL))).contains("1.0.0.0").doesNotContain("9.9.9");
    }

    @Test
    void anExclusivePatternAsksNobodyElse() {
        app.addUpstream("https://second.example.com", "acme/*", 50, true);
        app.serveStatus("https://second.example.com/p2/acme/tool.json", 404);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(UPSTREAM));
    }

    @Test
    void aDeletedUpstreamsPackagesAreGoneAtOnceAndItsNamesStayOwned() {
        String id = app.rows("SELECT id FROM upstream").get(0).text("id");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.admin().get(TOOL);
        assertThat(app.admin().send("DELETE", "/api/upstreams/" + id, "{}").status())
                .isEqualTo(204);
        app.addUpstream("https://second.example.com", "acme/*", 5, false);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.upstream().requestsTo("https://second.example.com/p2/acme/tool.json"))
                .isEmpty();
    }

    @Test
    void splitsBranchesFromReleases() {
        app.serve(
                UPSTREAM + "/packages.json",
                "{\"packages\":{\"acme/tool\":{\"1.0.0\":" + version("acme/tool", "1.0.0", A, "") + ",\"dev-main\":"
                        + version("acme/tool", "dev-main", B, ",\"default-branch\":true") + "}}}");
        assertThat(text(app.admin().get(TOOL))).contains("1.0.0.0").doesNotContain("dev-main");
        for (String path :
                new String[] {"/p2/acme/tool~dev.json", "/p2/acme/tool%7Edev.json", "/p2/Acme/Tool~dev.json"}) {
            assertThat(text(app.admin().get(path)))
                    .contains("\"default-branch\":true")
                    .contains("/dist/acme/tool/dev-main/r" + B + ".zip")
                    .doesNotContain("1.0.0.0");
        }
    }

    @Test
    void writesItsDocumentsAnewForAnotherBaseUrl() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        String before = "" + app.admin().get(TOOL).findHeader("last-modified");
        app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/packages\"}");
        Response after = app.admin().get("/packages" + TOOL);
        assertThat(text(after)).contains("\"url\":\"" + TestApp.BASE + "/packages/dist/acme/tool/");
        assertThat(after.findHeader("last-modified")).isNotEqualTo(before);
        assertThat(app.upstream().requestsTo(UP_TOOL)).hasSize(1);
    }

    @Test
    void keepsWhatAReleaseWasWhenItsTagMovesAndTellsOnce() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ",\"require\":{\"php\":\">=8\"}"));
        app.admin().get(TOOL);
        app.publish(
                "acme/tool",
                version("acme/tool", "1.1.0", B, ""),
                version("acme/tool", "1.0.0", B, ",\"require\":{\"evil/x\":\"*\"}"));
        for (int i = 0; i < 3; i++) {
            app.clock().advance(Duration.ofMinutes(6));
            assertThat(text(app.admin().get(TOOL)))
                    .contains("1.1.0.0")
                    .contains("/1.0.0.0/r" + A + ".zip")
                    .contains(">=8")
                    .doesNotContain("/1.0.0.0/r" + B)
                    .doesNotContain("evil/x");
        }
        assertThat(app.count("alert")).isEqualTo(1);
        assertThat(app.count("audit WHERE action = 'refuse.retag'")).isEqualTo(1);
        assertThat(app.admin().get("/dist/acme/tool/1.0.0.0/r" + B + ".zip").status())
                .isEqualTo(404);
    }
}
