package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.json.Json;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code /api/upstreams} and its credentials. */
class UpstreamsTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String OTHER = "https://other.example.com";
    private static final String UP_TOOL = UPSTREAM + "/p2/acme/tool.json";
    private static final String PASSWORD = "s3cr3t-pw";
    private static final String BASIC = "{\"type\":\"basic\",\"username\":\"u\",\"password\":\"" + PASSWORD + "\"}";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
        app.serveRoot(UPSTREAM);
        app.log().forbid(PASSWORD);
        app.log().forbid("dTpzM2NyM3QtcHc="); // The pair as it goes out.
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response create(String fields) {
        return app.admin()
                .send(
                        "POST",
                        "/api/upstreams",
                        "{\"name\":\"u\",\"url\":\"" + UPSTREAM + "\",\"patterns\":[\"acme/*\"]" + fields + "}");
    }

    private Response patch(String id, String body) {
        return app.admin().send("PATCH", "/api/upstreams/" + id, body);
    }

    private String upstreamWithPassword() {
        String id = app.addUpstream("acme/*");
        assertThat(patch(id, "{\"auth\":" + BASIC + "}").status()).isEqualTo(200);
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        return id;
    }

    @Test
    void anUpstreamThatMovedIsAskedForTheWholeFileAndNotWhetherItChanged() {
        String id = upstreamWithPassword();
        app.upstream()
                .serves(
                        UP_TOOL,
                        new Response(
                                200,
                                Headers.of("last-modified", "Mon, 23 Nov 2026 10:00:00 GMT", "etag", "\"one\""),
                                Body.of(("{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "")
                                                + "]}}")
                                        .getBytes(StandardCharsets.UTF_8))));
        assertThat(text(app.admin().get("/p2/acme/tool.json"))).contains("1.0.0.0");
        app.serve(OTHER + "/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.publishAt(OTHER, "acme/tool", version("acme/tool", "1.1.0", A, ""));
        patch(id, "{\"url\":\"" + OTHER + "\"}");
        assertThat(text(app.admin().get("/p2/acme/tool.json"))).contains("1.1.0.0");
        Request asked = app.upstream().requestsTo(OTHER + "/p2/acme/tool.json").get(0);
        assertThat(asked.findHeader("if-modified-since")).isNull();
        assertThat(asked.findHeader("if-none-match")).isNull();
    }

    @Test
    void whatIsCreatedIsShownWithItsDefaults() {
        Response made = create("");
        assertThat(made.status()).isEqualTo(201);
        String shown = text(made);
        assertThat(shown)
                .endsWith(
                        ",\"name\":\"u\",\"kind\":\"composer\",\"url\":\"" + UPSTREAM
                                + "\",\"priority\":100,\"patterns\":[\"acme/*\"],\"exclusive\":true,\"enabled\":true,\"mode\":\"rewrite\",\"auth\":\"none\"}");
        assertThat(text(app.admin().get("/api/upstreams"))).isEqualTo("{\"upstreams\":[" + shown + "]}");
        assertThat(app.count("audit WHERE action = 'create.upstream'")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "https://repo.example.com/, https://repo.example.com",
        "https://repo.example.com/packages.json, https://repo.example.com",
        "https://repo.example.com/a/b//, https://repo.example.com/a/b",
        "https://REPO.example.com:443/X, https://repo.example.com/X",
        "https://repo.example.org:8443/, https://repo.example.org:8443",
        "https://XN--BCHER-KVA.example/, https://xn--bcher-kva.example",
        "https://bücher.example/, https://xn--bcher-kva.example",
        "https://a-b.c-d.example.co.uk/x/y/, https://a-b.c-d.example.co.uk/x/y",
        "https://gitlab.example.org/api/v4/group/7/-/packages/composer/, https://gitlab.example.org/api/v4/group/7/-/packages/composer"
    })
    void aUrlIsKeptAsTheParserReadsItWithoutWhatClientsAppend(String url, String kept) {
        app.serveRoot(kept); // It is asked what it offers.
        String body = Json.write(Json.object("name", "u", "url", url, "patterns", List.of("*")));
        Response made = app.admin().send("POST", "/api/upstreams", body);
        assertThat(made.status()).isEqualTo(201);
        assertThat(json(made).text("url", 500)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"priority\":-1",
                ",\"priority\":\"1\"",
                ",\"priority\":1.5",
                ",\"exclusive\":\"yes\"",
                ",\"exclusive\":null",
                ",\"kind\":\"git\"",
                ",\"id\":\"chosen\"",
                ",\"owner\":\"me\"",
                ",\"auth\":\"none\"",
                ",\"auth\":{}",
                ",\"auth\":{\"type\":\"ntlm\"}",
                ",\"auth\":{\"type\":\"basic\",\"username\":\"u\"}",
                ",\"auth\":{\"type\":\"basic\",\"username\":\"u\",\"password\":\"p\",\"more\":1}",
                ",\"auth\":{\"type\":\"bearer\",\"token\":\"\"}",
                ",\"auth\":{\"type\":\"bearer\",\"token\":\"a\\r\\nX-Evil: 1\"}",
                ",\"auth\":{\"type\":\"bearer\",\"token\":\"größe\"}",
                ",\"auth\":{\"type\":\"header\",\"name\":\"Host\",\"value\":\"v\"}",
                ",\"auth\":{\"type\":\"header\",\"name\":\"CF-Connecting-IP\",\"value\":\"v\"}",
                ",\"auth\":{\"type\":\"header\",\"name\":\"Content-Length\",\"value\":\"1\"}",
                ",\"auth\":{\"type\":\"header\",\"name\":\"a:b\",\"value\":\"v\"}",
                ",\"auth\":{\"type\":\"header\",\"name\":\"a b\",\"value\":\"v\"}",
                ",\"auth\":{\"type\":\"header\",\"name\":\"k\",\"value\":\"v\\nw\"}"
            })
    void aFieldThatIsNotRightCreatesNothing(String fields) {
        assertThat(create(fields).status()).isEqualTo(422);
        assertThat(app.count("upstream")).isZero();
        assertThat(app.count("credential")).isZero();
        assertThat(app.count("audit WHERE action = 'create.upstream'")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\":\"u\"}", "{\"url\":\"https://a.example\",\"patterns\":[\"*\"]}"})
    void nameUrlAndPatternsAreNeeded(String body) {
        assertThat(app.admin().send("POST", "/api/upstreams", body).status()).isEqualTo(422);
    }

    @Test
    void anInstanceIsNotItsOwnUpstream() {
        Response self = app.admin()
                .send(
                        "POST",
                        "/api/upstreams",
                        "{\"name\":\"u\",\"url\":\"" + TestApp.BASE + "/x\",\"patterns\":[\"*\"]}");
        assertThat(self.status()).isEqualTo(422);
    }

    @Test
    void theListIsInOrderOfPriority() {
        app.addUpstream("https://c.example.com", "c/*", 30, false);
        app.addUpstream("https://a.example.com", "a/*", 10, true);
        app.addUpstream("https://b.example.com", "b/*", 20, false);
        String list = text(app.admin().get("/api/upstreams"));
        assertThat(list.indexOf("https://a.")).isLessThan(list.indexOf("https://b."));
        assertThat(list.indexOf("https://b.")).isLessThan(list.indexOf("https://c."));
        assertThat(list).contains("\"exclusive\":true");
    }

    @Test
    void aChangeKeepsWhatItDoesNotName() {
        String id = app.addUpstream("acme/*");
        patch(id, "{\"auth\":" + BASIC + "}");
        assertThat(text(patch(id, "{\"priority\":3}")))
                .contains("\"priority\":3")
                .contains("\"auth\":\"basic\"");
        assertThat(text(patch(id, "{\"patterns\":[\"acme/*\",\"b/c\"],\"exclusive\":true}")))
                .contains("[\"acme/*\",\"b/c\"]")
                .contains("\"priority\":3")
                .contains("\"exclusive\":true")
                .contains("\"auth\":\"basic\"");
        assertThat(text(patch(id, "{}"))).contains("\"auth\":\"basic\"");
        assertThat(text(patch(id, "{\"auth\":{\"type\":\"none\"}}"))).contains("\"auth\":\"none\"");
        assertThat(app.count("credential")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PATCH", "DELETE"})
    void whatIsNotThereIs404AndLeavesNoRow(String method) {
        Response response = method.equals("GET")
                ? app.admin().get("/api/upstreams/none")
                : app.admin().send(method, "/api/upstreams/none", "{}");
        assertThat(response.status()).isEqualTo(404);
        assertThat(app.admin().send("POST", "/api/upstreams/none/test", "{}").status())
                .isEqualTo(404);
        assertThat(app.count("audit")).isEqualTo(1);
    }

    @Test
    void aDeletedUpstreamTakesItsCredentialAlong() {
        String id = upstreamWithPassword();
        assertThat(app.admin().send("DELETE", "/api/upstreams/" + id, "{}").status())
                .isEqualTo(204);
        assertThat(app.count("credential")).isZero();
        assertThat(app.count("upstream")).isZero();
        assertThat(app.count("audit WHERE action = 'delete.upstream'")).isEqualTo(1);
        assertThat(app.admin().send("DELETE", "/api/upstreams/" + id, "{}").status())
                .isEqualTo(404);
    }

    @Test
    void aCredentialIsInNoAnswerNoRowAndNoEvent() {
        String id = upstreamWithPassword();
        app.admin().get("/p2/acme/tool.json");
        app.drain();
        for (String path : List.of("/api/upstreams", "/api/upstreams/" + id, "/p2/acme/tool.json", "/packages.json")) {
            assertThat(text(app.admin().get(path))).doesNotContain(PASSWORD).doesNotContain("v1.k1.");
        }
        for (String column : List.of("detail FROM audit", "sealed FROM credential", "body FROM audit_segment")) {
            String name = column.substring(0, column.indexOf(' '));
            assertThat(app.rows("SELECT " + column))
                    .isNotEmpty()
                    .noneMatch(row -> row.text(name).contains(PASSWORD));
        }
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'change.upstream'")
                        .get(0)
                        .text("detail"))
                .contains("\"auth\":\"(set)\"");
    }

    @Test
    void aCredentialGoesOnlyToTheOriginItWasGivenFor() {
        String id = upstreamWithPassword();
        app.serve(OTHER + "/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.serve(
                OTHER + "/p2/acme/tool.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]}}");
        assertThat(text(patch(id, "{\"url\":\"" + OTHER + "\"}"))).contains("\"auth\":\"none\"");
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
        assertThat(app.upstream().requestsTo(OTHER + "/p2/acme/tool.json")).hasSize(1);
        carriesNothing(OTHER);
        patch(id, "{\"url\":\"" + UPSTREAM + "\"}");
        assertThat(app.count("credential")).isZero();
    }

    private void carriesNothing(String origin) {
        for (Request request : app.upstream().requests()) {
            if (request.url().startsWith(origin)) {
                assertThat(request.findHeader("authorization")).isNull();
            }
        }
    }

    @Test
    void aCredentialStaysWhileTheOriginDoes() {
        String id = upstreamWithPassword();
        app.serveRoot(UPSTREAM + "/sub");
        app.serveRoot(UPSTREAM + ":8443");
        assertThat(text(patch(id, "{\"url\":\"" + UPSTREAM + "/sub\"}"))).contains("\"auth\":\"basic\"");
        assertThat(text(patch(id, "{\"url\":\"" + UPSTREAM + ":8443\"}"))).contains("\"auth\":\"none\"");
    }

    @Test
    void aCredentialMovesWithAChangeThatNamesItAgain() {
        String id = upstreamWithPassword();
        app.serveRoot(OTHER);
        assertThat(text(patch(id, "{\"url\":\"" + OTHER + "\",\"auth\":" + BASIC + "}")))
                .contains("\"auth\":\"basic\"");
        assertThat(app.rows("SELECT origin FROM credential").get(0).text("origin"))
                .isEqualTo(OTHER);
    }

    @Test
    void metadataAndArchivesOnAnotherHostGetNoCredential() {
        upstreamWithPassword();
        app.serve(UPSTREAM + "/packages.json", "{\"metadata-url\":\"" + OTHER + "/p2/%package%.json\"}");
        String elsewhere = version("acme/tool", "1.0.0", A, "").replace(UPSTREAM + "/a/", OTHER + "/a/");
        app.serve(OTHER + "/p2/acme/tool.json", "{\"packages\":{\"acme/tool\":[" + elsewhere + "]}}");
        app.serve(OTHER + "/a/" + A + ".zip", zip("one"));
        assertThat(app.admin().get("/dist/acme/tool/1.0.0.0/r" + A + ".zip").status())
                .isEqualTo(200);
        assertThat(app.upstream().requestsTo(UPSTREAM + "/packages.json").get(0).findHeader("authorization"))
                .isEqualTo("Basic dTpzM2NyM3QtcHc=");
        carriesNothing(OTHER);
    }

    @Test
    void aCredentialThatWasMovedInTheDatabaseStaysShut() {
        upstreamWithPassword();
        String other = app.addUpstream(OTHER, "b/*", 20, false);
        app.database().update(Statement.of("UPDATE credential SET upstream = ?, origin = ?", other, OTHER));
        Response response = app.admin().get("/p2/b/tool.json");
        assertThat(response.status()).isEqualTo(503);
        assertThat(text(response)).contains("\"bad_key\"").doesNotContain(PASSWORD);
        carriesNothing(OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://repo.example.com/x",
                "https://127.0.0.1/x",
                "https://[::1]/x",
                "https://169.254.169.254/latest/meta-data/",
                "https://metadata.google.internal/",
                "//localhost/x",
                "https://user:pw@other.example.com/x",
                "https://other.example.com:22/",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "https://127.0.0.1.nip.io/"
            })
    void aRedirectIsFollowedOnlyWhereOneMayGo(String location) {
        upstreamWithPassword();
        app.upstream().serves(UP_TOOL, request -> new Response(302, Headers.of("location", location), Body.empty()));
        Response response = app.admin().get("/p2/acme/tool.json");
        assertThat(response.status()).isEqualTo(502);
        assertThat(text(response)).contains("\"upstream_untrusted\"").doesNotContain(location);
        assertThat(app.upstream().requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"301, 3, 200", "307, 3, 200", "308, 3, 200", "302, 4, 502"})
    void atMostThreeRedirectsAreFollowed(int status, int hops, int expected) {
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(
                UPSTREAM + "/hop" + hops,
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]}}");
        for (int hop = 0; hop < hops; hop++) {
            String to = "/hop" + (hop + 1);
            String from = hop == 0 ? UP_TOOL : UPSTREAM + "/hop" + hop;
            app.upstream().serves(from, request -> new Response(status, Headers.of("location", to), Body.empty()));
        }
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"UNREACHABLE, unreachable", "TIMEOUT, timeout", "CUT, unreachable", "TOO_LARGE, untrusted"})
    void theTestHasAWordForEachBrokenTransfer(Reason reason, String word) {
        String id = upstreamWithPassword();
        app.upstream().fails(UPSTREAM + "/packages.json", reason);
        assertThat(text(app.admin().send("POST", "/api/upstreams/" + id + "/test", "{}")))
                .isEqualTo("{\"ok\":false,\"problem\":\"" + word + "\"}");
        assertThat(app.count("package")).isZero();
        assertThat(app.count("negative")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"403, denied", "429, failing", "503, failing", "410, untrusted", "418, untrusted", "204, untrusted"})
    void theTestHasAWordForEachStatus(int status, String word) {
        String id = upstreamWithPassword();
        app.serveStatus(UPSTREAM + "/packages.json", status);
        assertThat(text(app.admin().send("POST", "/api/upstreams/" + id + "/test", "{}")))
                .isEqualTo("{\"ok\":false,\"problem\":\"" + word + "\"}");
    }

    @Test
    void anUpstreamThatKeepsFailingIsLeftAloneForAMoment() {
        app.addUpstream("acme/*");
        app.upstream().fails(UPSTREAM + "/packages.json", Reason.UNREACHABLE);
        for (int i = 0; i < 5; i++) {
            assertThat(app.admin().get("/p2/acme/t" + i + ".json").status()).isEqualTo(502);
        }
        app.upstream().forgetRequests();
        Response open = app.admin().get("/p2/acme/tool.json");
        assertThat(open.status()).isEqualTo(503);
        assertThat(app.upstream().requests()).isEmpty();
        app.clock().advance(Duration.ofSeconds(11));
        app.serve(UPSTREAM + "/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
    }
}
