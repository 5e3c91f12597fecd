package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** Tokens that open the packages of some upstreams only: whatever belongs to another does not exist for them. */
class TokenUpstreamsTest {
    private static final String OPEN = "https://open.example.com";
    private static final String CLOSED = "https://closed.example.com";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private final TestApp app = TestApp.start();
    private String open = "";
    private TestApp.Caller caller = app.anonymous();

    @BeforeEach
    void start() {
        open = app.addUpstream(OPEN, "open/*", 10, true);
        app.addUpstream(CLOSED, "closed/*", 10, true);
        app.publishAt(OPEN, "open/tool", version("open/tool", "1.0.0", A, ",\"provide\":{\"psr/log\":\"1\"}"));
        app.publishAt(CLOSED, "closed/tool", version("closed/tool", "1.0.0", B, ",\"provide\":{\"psr/log\":\"1\"}"));
        for (String bytes : new String[] {A, B}) {
            app.serve(TestApp.UPSTREAM + "/a/" + bytes + ".zip", zip(bytes));
        }
        caller = app.as(token("\"kind\":\"read\",\"patterns\":[\"*\"]"));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Response make(String fields) {
        return app.admin().send("POST", "/api/tokens", "{\"name\":\"t\"," + fields + "}");
    }

    private String token(String fields) {
        return json(make(fields + ",\"upstreams\":[\"" + open + "\"]")).text("token", 100);
    }

    private void bringIn() {
        app.clock().advance(Duration.ofMinutes(5));
        app.admin().get("/p2/open/tool.json").body().cancel();
        app.admin().get("/p2/closed/tool.json").body().cancel();
    }

    private int status(String path) {
        return caller.get(path).status();
    }

    private String get(String path) {
        return text(caller.get(path));
    }

    @Test
    void anotherUpstreamsPackagesAreAbsent() {
        bringIn();
        assertThat(status("/p2/open/tool.json")).isEqualTo(200);
        assertThat(status("/p2/closed/tool.json")).isEqualTo(404);
        assertThat(status("/dist/open/tool/1.0.0.0/r" + A + ".zip")).isEqualTo(200);
        assertThat(app.admin().get("/dist/closed/tool/1.0.0.0/r" + B + ".zip").status())
                .isEqualTo(200);
        assertThat(status("/dist/closed/tool/1.0.0.0/r" + B + ".zip")).isEqualTo(404);
    }

    @Test
    void anotherUpstreamIsNotEvenAsked() {
        assertThat(status("/p2/closed/tool.json")).isEqualTo(404);
        assertThat(status("/dist/closed/tool/1.0.0.0/r" + B + ".zip")).isEqualTo(404);
        assertThat(app.upstream().requests()).noneMatch(request -> request.url().startsWith(CLOSED + "/p2/"));
        assertThat(status("/p2/open/tool.json")).isEqualTo(200);
        assertThat(app.admin().get("/p2/closed/tool.json").status()).isEqualTo(200);
    }

    @Test
    void noListNamesThem() {
        bringIn();
        String since = "/metadata/changes.json?since=" + (app.clock().millis() - 60_000) * 10;
        for (String path :
                new String[] {"/list.json", "/search.json?q=tool", "/providers/psr/log.json", since, "/packages.json"
                }) {
            assertThat(get(path)).contains("open/").doesNotContain("closed/");
        }
    }

    @Test
    void nothingIsSaidOfTheirAdvisories() {
        bringIn();
        for (String name : new String[] {"open/tool", "closed/tool"}) {
            Response made = app.admin()
                    .send(
                            "POST",
                            "/api/advisories",
                            "{\"packageName\":\"" + name + "\",\"affectedVersions\":\"<2\",\"title\":\"A hole\"}");
            assertThat(made.status()).isEqualTo(201);
        }
        Response advisories = caller.send(
                "POST",
                "/security-advisories",
                "application/x-www-form-urlencoded",
                "packages[]=open/tool&packages[]=closed/tool".getBytes(StandardCharsets.US_ASCII));
        assertThat(text(advisories)).contains("open/tool").doesNotContain("closed/tool");
    }

    @Test
    void aLockIsToldNothingOfThem() {
        bringIn();
        String locked =
                "{\"name\":\"%s/tool\",\"version\":\"1.0.0\",\"dist\":{\"type\":\"zip\",\"url\":\"https://x.example/a.zip\","
                        + "\"reference\":\"%s\",\"shasum\":\"\"}}";
        String lock = "{\"packages\":[" + String.format(locked, "open", A) + "," + String.format(locked, "closed", B)
                + "],\"packages-dev\":[]}";
        assertThat(text(caller.send("POST", "/api/lock", lock)))
                .contains("packages.example.org/dist/open/tool")
                .doesNotContain("packages.example.org/dist/closed");
    }

    @Test
    void aCustomersVersionsAreLimitedBeside() {
        bringIn();
        caller = app.as(
                token("\"kind\":\"customer\",\"customer\":\"c\",\"limits\":[{\"pattern\":\"*\",\"versions\":\"^1\"}]"));
        assertThat(status("/p2/open/tool.json")).isEqualTo(200);
        assertThat(status("/p2/closed/tool.json")).isEqualTo(404);
        assertThat(get("/list.json")).isEqualTo("{\"packageNames\":[\"open/tool\"]}");
    }

    @Test
    void theyAreShownWithTheToken() {
        assertThat(text(app.admin().get("/api/tokens"))).contains("\"upstreams\":[\"" + open + "\"]");
        assertThat(app.rows("SELECT detail FROM audit WHERE action = 'create.token' ORDER BY seq DESC LIMIT 1"))
                .extracting(row -> row.text("detail"))
                .allMatch(detail -> detail.contains("\"upstreams\":[\"" + open + "\"]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kind\":\"publish\",\"patterns\":[\"*\"],\"upstreams\":[\"%s\"]",
                "\"role\":\"viewer\",\"patterns\":[\"*\"],\"upstreams\":[\"%s\"]",
                "\"kind\":\"read\",\"patterns\":[\"*\"],\"upstreams\":[]",
                "\"kind\":\"read\",\"patterns\":[\"*\"],\"upstreams\":[\"nobody\"]",
                "\"kind\":\"read\",\"patterns\":[\"*\"],\"upstreams\":\"%s\"",
            })
    void whatDoesMoreThanReadOrNamesNoUpstreamIsRefused(String fields) {
        assertThat(make(String.format(fields, open)).status()).isEqualTo(422);
    }
}
