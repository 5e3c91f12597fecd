package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.composer.MetadataMinifier;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.testing.TestApp;

/** {@code GET /p2/{vendor}/{file}} as the protocol's checklist has it: what no other test of the route says by that name. */
class MetadataProtocolTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String DEV = "/p2/acme/tool~dev.json";
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.addUpstream("*");
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static String packages(String... versions) {
        return "{\"packages\":{\"acme/tool\":[" + String.join(",", versions) + "]}}";
    }

    private static String tool(String version, String more) {
        return version("acme/tool", version, A, more);
    }

    private String served(String path) {
        Response response = app.admin().get(path);
        assertThat(response.status()).as(path).isEqualTo(200);
        return text(response);
    }

    /** Returns the versions of a served file, expanded as a client does. */
    private List<Map<String, JsonSlice>> versions(String path) {
        JsonCursor cursor =
                JsonSlice.of(app.admin().get(path).body().bytes(1_000_000)).cursor();
        cursor.enter();
        assertThat(cursor.nextKey()).isEqualTo("packages");
        cursor.enter();
        assertThat(cursor.nextKey()).isEqualTo("acme/tool");
        cursor.enter();
        List<Map<String, JsonSlice>> versions = new ArrayList<>();
        Map<String, JsonSlice> previous = Map.of();
        while (cursor.nextElement()) {
            Map<String, JsonSlice> fields = cursor.fields();
            previous = MetadataMinifier.apply(
                    previous, fields == null ? Map.of() : fields, value -> value.is("\"__unset\""));
            versions.add(previous);
        }
        return versions;
    }

    /** P19, P79. */
    @Test
    void anUnknownNameIsASmall404InJsonAndNoRedirect() {
        app.serveStatus(UPSTREAM + "/p2/acme/none.json", 404);
        Response response = app.admin().get("/p2/acme/none.json");
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.findHeader("location")).isNull();
        assertThat(response.findHeader("content-type")).isEqualTo("application/json");
        assertThat(text(response).length()).isLessThan(200);
    }

    /** P20. */
    @ParameterizedTest
    @ValueSource(
            strings = {"{\"packages\":[]}", "{\"packages\":{}}", "{\"packages\":[],\"minified\":\"composer/2.0\"}"})
    void anEmptyAnswerOfAnUpstreamIsA404(String json) {
        app.serve(UPSTREAM + TOOL, json);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
    }

    /** P22. */
    @ParameterizedTest
    @ValueSource(
            strings = {DEV, "/p2/acme/tool%7Edev.json", "/p2/acme/tool%7edev.json", "/p2/%61cme/tool%7Edev%2Ejson"})
    void theTildeOfBranchesMayBeEncoded(String path) {
        app.publish("acme/tool", tool("1.0.0", ""));
        app.serve(UPSTREAM + DEV, packages(tool("dev-main", "")));
        assertThat(served(path)).contains("\"dev-main\"").doesNotContain("1.0.0.0");
    }

    /** P23, P81. */
    @ParameterizedTest
    @ValueSource(strings = {TOOL, "/p2/Acme/Tool.json", "/p2/ACME/TOOL.json", "/p2/acme/%54ool.json"})
    void aNameInAnyCaseIsTheSamePackage(String path) {
        app.publish("acme/tool", version("Acme/Tool", "1.0.0", A, ""));
        assertThat(served(path)).startsWith("{\"packages\":{\"acme/tool\":[{");
        assertThat(app.upstream().requestsTo(UPSTREAM + TOOL)).hasSize(1);
    }

    /** P24. */
    @Test
    void aFileOfAnotherPackageIsNoneOfThisOne() {
        app.serve(UPSTREAM + TOOL, "{\"packages\":{\"acme/other\":[" + version("acme/other", "1.0.0", A, "") + "]}}");
        assertThat(app.admin().get(TOOL).status()).isEqualTo(502);
    }

    /** P25, P26, R26: each version keeps all that it was listed with, also what an older one has and a newer one has not. */
    @Test
    void everyVersionExpandsToWhatTheUpstreamListed() {
        String newest = tool("3.0.0", ",\"require\":{\"php\":\">=8\"},\"extra\":{},\"suggest\":null");
        String middle = tool("2.0.0", ",\"autoload\":{\"psr-4\":{\"A\\\\\\\\\":\"\"}},\"extra\":[]");
        String oldest = tool(
                "1.0.0",
                ",\"require\":{\"php\":\">=5\"},\"autoload\":{\"psr-4\":{\"A\\\\\\\\\":\"src\"}},\"type\":\"project\"");
        app.publish("acme/tool", oldest, newest, middle);
        List<Map<String, JsonSlice>> versions = versions(TOOL);
        assertThat(versions).hasSize(3);
        String[] listed = {newest, middle, oldest};
        for (int i = 0; i < listed.length; i++) {
            Map<String, JsonSlice> expected = JsonSlice.of(listed[i].getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .cursor()
                    .fields();
            assertThat(expected).isNotNull();
            Map<String, JsonSlice> found = new java.util.HashMap<>(versions.get(i));
            if (expected != null) {
                assertThat(found.remove("version_normalized")).isNotNull();
                assertThat(found.remove("dist")).isNotEqualTo(expected.remove("dist"));
                expected.remove("source");
                // A client takes null for absent, and so may a minified list.
                expected.remove("suggest");
                found.remove("suggest");
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    /** P27. */
    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"a/b\":\"1\"}", "[\"x\"]"})
    void anEmptyListOrMapStaysWhatItWas(String value) {
        app.publish("acme/tool", tool("1.0.0", ",\"require\":" + value + ",\"extra\":" + value));
        assertThat(served(TOOL)).contains("\"require\":" + value).contains("\"extra\":" + value);
    }

    /** P28, P29. */
    @ParameterizedTest
    @CsvSource({
        "v1.2, 1.2.0.0",
        "1.0.0-RC1, 1.0.0.0-RC1",
        "2010-01-02, 2010.01.02",
        "1.0.0-pl2, 1.0.0.0-patch2",
        "not a version, ''",
        "1.0.0<script>, ''"
    })
    void aVersionIsNormalisedOrLeftOut(String written, String normalized) {
        app.publish("acme/tool", tool("0.1.0", ""), tool(written, ""));
        String served = served(TOOL);
        assertThat(served.contains("\"version_normalized\":\"" + normalized + "\""))
                .isEqualTo(!normalized.isEmpty());
        assertThat(served).contains("\"0.1.0.0\"");
    }

    /** P30. */
    @Test
    void theOrderIsTheSameEachTime() {
        app.publish("acme/tool", tool("1.0.0", ""), tool("1.0.0-beta2", ""), tool("10.0.0", ""), tool("9.0.0", ""));
        String first = served(TOOL);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(served(TOOL)).isEqualTo(first);
        List<String> order = new ArrayList<>();
        for (Map<String, JsonSlice> version : versions(TOOL)) {
            JsonSlice written = version.get("version");
            order.add(written == null ? "" : "" + written.findText());
        }
        assertThat(order).containsExactly("10.0.0", "9.0.0", "1.0.0", "1.0.0-beta2");
    }

    /** P31, P32, P49, P60. */
    @Test
    void everyDistHasATypeAndAnAbsoluteAddressOfOurs() {
        app.publish("acme/tool", tool("1.0.0", ""), version("acme/tool", "1.1.0", B, ""));
        for (Map<String, JsonSlice> version : versions(TOOL)) {
            JsonSlice dist = version.get("dist");
            Map<String, JsonSlice> fields = dist == null ? null : dist.findFields();
            assertThat(fields).isNotNull();
            if (fields != null) {
                assertThat(fields.keySet()).containsExactly("type", "url", "reference", "shasum");
                assertThat("" + requireText(fields, "url"))
                        .isEqualTo(TestApp.BASE + "/dist/acme/tool/" + requireText(version, "version_normalized") + "/r"
                                + requireText(fields, "reference") + ".zip");
            }
            assertThat(version).doesNotContainKey("source");
        }
    }

    private static String requireText(Map<String, JsonSlice> fields, String key) {
        JsonSlice value = fields.get(key);
        return value == null ? "" : "" + value.findText();
    }

    /** P33–P35. */
    @Test
    void everyKeyThatAClientReadsSurvivesAndThoseItDoesNotYetKnow() {
        List<String> keys = List.of(
                "\"abandoned\":\"acme/heir\"",
                "\"replace\":{\"acme/old\":\"self.version\"}",
                "\"provide\":{\"psr/log-implementation\":\"1.0\"}",
                "\"conflict\":{\"acme/x\":\"<2\"}",
                "\"require-dev\":{\"acme/dev\":\"^1\"}",
                "\"suggest\":{\"ext-x\":\"faster\"}",
                "\"bin\":[\"bin/tool\"]",
                "\"extra\":{\"branch-alias\":{\"dev-main\":\"1.x-dev\"}}",
                "\"php-ext\":{\"extension-name\":\"tool\"}",
                "\"include-path\":[\"lib\"]",
                "\"target-dir\":\"Acme/Tool\"",
                "\"support\":{\"issues\":\"https://example.com/issues\"}",
                "\"funding\":[{\"type\":\"x\",\"url\":\"https://example.com\"}]",
                "\"time\":\"2024-01-01T00:00:00+00:00\"",
                "\"notification-url\":\"https://example.com/downloads/\"",
                "\"archive\":{\"exclude\":[\"/x\"]}",
                "\"default-branch\":true",
                "\"published-time\":\"2026-06-12T00:00:00+00:00\"",
                "\"something-new\":{\"a\":[1,2.50,null]}");
        app.serveStatus(UPSTREAM + TOOL, 404);
        app.serve(UPSTREAM + DEV, packages(tool("dev-main", "," + String.join(",", keys))));
        assertThat(served(DEV)).contains(keys);
    }

    /** P36. */
    @Test
    void advisoriesAndFiltersOfTheUpstreamAreRelayed() {
        String beside = ",\"security-advisories\":[{\"advisoryId\":\"PKSA-1\",\"affectedVersions\":\"<1\"}],"
                + "\"filter\":{\"malware\":[{\"constraint\":\"1.0.0\"}]}";
        String json = packages(tool("1.0.0", ""));
        app.serve(UPSTREAM + TOOL, json.substring(0, json.length() - 1) + beside + "}");
        assertThat(served(TOOL)).contains("PKSA-1").contains("\"filter\":{\"malware\":[{\"constraint\":\"1.0.0\"}]}");
    }

    /** P37, P41. */
    @Test
    void a304HasTheSameHeadersAndNoBody() {
        app.publish("acme/tool", tool("1.0.0", ""));
        for (String path : List.of("/packages.json", TOOL)) {
            Response whole = app.admin().get(path);
            String date = "" + whole.findHeader("last-modified");
            Response same = app.admin().get(path, "if-modified-since", date);
            assertThat(same.status()).isEqualTo(304);
            assertThat(text(same)).isEmpty();
            for (Response response : List.of(whole, same)) {
                assertThat(response.findHeader("last-modified")).isEqualTo(date).endsWith(" GMT");
                assertThat(response.findHeader("cache-control")).isEqualTo("private, no-cache");
                assertThat(response.findHeader("vary")).isEqualTo("Accept-Encoding, Authorization");
                assertThat(response.findHeader("etag")).isNull();
            }
        }
    }

    /** P40. */
    @ParameterizedTest
    @ValueSource(strings = {"/packages.json", TOOL, "/list.json", "/search.json?q=tool"})
    void headAndRangeChangeNothing(String path) {
        app.publish("acme/tool", tool("1.0.0", ""));
        app.admin().get(TOOL);
        Response get = app.admin().get(path);
        Response head = app.admin().send("HEAD", path, "");
        Response range = app.admin().get(path, "range", "bytes=0-3");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().pairs()).isEqualTo(get.headers().pairs());
        assertThat(range.status()).isEqualTo(200);
        assertThat(text(range)).isEqualTo(text(get));
    }

    /** P42, P79, P15. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/packages.json",
                TOOL,
                DEV,
                "/list.json",
                "/search.json",
                "/providers/a/b.json",
                "/x",
                "/login"
            })
    void whoeverIsRefusedGetsExactlyJson(String path) {
        Response refused = app.anonymous().get(path, "accept", "text/html");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.findHeader("content-type")).isEqualTo("application/json");
        assertThat(TestApp.json(refused).text("warning", 300)).contains("token");
    }

    /** P43, P45, P56. */
    @ParameterizedTest
    @CsvSource({"429, 503", "500, 503", "502, 503", "503, 503", "504, 503", "403, 502", "401, 502"})
    void anUpstreamThatFailsIsNeither404Nor429(int upstream, int ours) {
        app.serveStatus(UPSTREAM + TOOL, upstream);
        Response response = app.admin().get(TOOL);
        assertThat(response.status()).isEqualTo(ours);
        assertThat(response.findHeader("retry-after")).isNull();
    }

    /** P44. */
    @Test
    void theCopyThatIsServedWhileAnUpstreamFailsKeepsItsDate() {
        app.publish("acme/tool", tool("1.0.0", ""));
        Response good = app.admin().get(TOOL);
        app.serveStatus(UPSTREAM + TOOL, 500);
        app.clock().advance(Duration.ofHours(3));
        Response stale = app.admin().get(TOOL);
        assertThat(stale.findHeader("last-modified")).isEqualTo(good.findHeader("last-modified"));
        assertThat(text(stale)).isEqualTo(text(good));
    }

    /** P47. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme/nul",
                "con/tool",
                "acme/aux",
                "com1/x",
                "lpt9/x",
                "acme/prn",
                "acme/tool.json",
                "acme/-tool",
                "acme/tool-",
                "acme/to__ol",
                "acme/to---ol",
                "a--b/tool",
                "acme/to ol",
                "acme/tööl",
                "_acme/tool",
                "acme/tool+x"
            })
    void aNameThatComposerRefusesIsA404AtOnce(String name) {
        assertThat(app.admin().get("/p2/" + name + ".json").status()).isEqualTo(404);
        assertThat(app.admin().get("/p2/" + name + "~dev.json").status()).isEqualTo(404);
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(app.count("negative")).isZero();
    }

    /** P48. */
    @Test
    void aWarningOfTheUpstreamIsShown() {
        String json = packages(tool("1.0.0", ""));
        String warnings = "\"warnings\":[{\"message\":\"acme/tool is not maintained\",\"versions\":\">=2.2\"}]";
        app.serve(UPSTREAM + TOOL, json.substring(0, json.length() - 1) + "," + warnings + "}");
        assertThat(served(TOOL)).contains(warnings);
    }

    /** P76, P77. */
    @Test
    void aTokenIsAPasswordOrABearerAndNeverEmpty() {
        app.publish("acme/tool", tool("1.0.0", ""));
        String token = app.token("acme/*");
        String user = java.util.Base64.getEncoder()
                .encodeToString((token + ":").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(app.as(token).get(TOOL).status()).isEqualTo(200);
        assertThat(app.withAuthorization("Bearer " + token).get(TOOL).status()).isEqualTo(200);
        assertThat(app.withAuthorization("Basic " + user).get(TOOL).status()).isEqualTo(401);
        assertThat(app.as("").get(TOOL).status()).isEqualTo(401);
    }

    /** P59, R8, R37. */
    @Test
    void whatATokenMayNotSeeIsAbsentEverywhere() {
        app.publish("acme/tool", tool("1.0.0", ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("tool"));
        String dist = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        assertThat(app.admin().get(dist).status()).isEqualTo(200);
        TestApp.Caller other = app.as(app.token("globex/*"));
        for (String path : List.of(TOOL, DEV, dist)) {
            assertThat(other.get(path).status()).as(path).isEqualTo(404);
        }
    }
}
