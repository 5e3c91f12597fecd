package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
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
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** {@code /api/advisories}, and where what is published there shows. */
class OwnAdvisoriesTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String FILE = UPSTREAM + "/p2/acme/tool.json";
    private static final String THEIRS = "{\"advisoryId\":\"PKSA-1\",\"affectedVersions\":\"<1\"}";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start();
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static String body(String name, String more) {
        return "{\"packageName\":\"" + name + "\",\"affectedVersions\":\">=1.0,<1.5\",\"title\":\"Reads files\"" + more
                + "}";
    }

    private Response publish(String body) {
        return app.admin().send("POST", "/api/advisories", body);
    }

    private String published(String name) {
        Response made = publish(body(name, ""));
        assertThat(made.status()).isEqualTo(201);
        return json(made).text("id", 100);
    }

    private void serve(String extras) {
        app.serve(
                FILE,
                "{\"packages\":{\"acme/tool\":["
                        + version("acme/tool", "1.0.0", A, ",\"x\":{\"minified\":\"composer/2.0\"}")
                        + "]},\"minified\":\"composer/2.0\"" + extras + "}");
    }

    private void mirrored(String extras, String... root) {
        app.addUpstream("acme/*");
        app.serveRoot(UPSTREAM, root);
        app.drain();
        serve(extras);
        assertThat(p2()).contains("\"1.0.0\"");
    }

    private String p2() {
        return text(app.admin().get("/p2/acme/tool.json"));
    }

    private String date() {
        return "" + app.admin().get("/p2/acme/tool.json").findHeader("last-modified");
    }

    private String asked(TestApp.Caller caller, String name) {
        return text(caller.send(
                "POST",
                "/security-advisories",
                "application/x-www-form-urlencoded",
                ("packages[]=" + name).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsPublishedIsShownAndAudited() {
        Response made = publish(body(
                "acme/tool",
                ",\"link\":\"https://example.com/a\",\"cve\":\"CVE-2026-12345\",\"severity\":\"high\","
                        + "\"reportedAt\":\"2026-11-20 10:00:00\""));
        assertThat(made.status()).isEqualTo(201);
        String shown = text(made);
        assertThat(shown)
                .startsWith("{\"id\":\"PKBSA-")
                .endsWith(
                        ",\"packageName\":\"acme/tool\",\"affectedVersions\":\">=1.0,<1.5\",\"title\":\"Reads files\","
                                + "\"cve\":\"CVE-2026-12345\",\"link\":\"https://example.com/a\","
                                + "\"reportedAt\":\"2026-11-20T10:00:00+00:00\",\"severity\":\"high\",\"created_at\":"
                                + app.clock().millis() + ",\"withdrawn_at\":null}");
        String id = shown.substring(7, shown.indexOf('"', 7));
        assertThat(text(app.admin().get("/api/advisories"))).isEqualTo("{\"advisories\":[" + shown + "]}");
        assertThat(text(app.admin().get("/api/advisories/" + id))).isEqualTo(shown);
        assertThat(app.count("audit WHERE action = 'publish.advisory' AND target = '" + id + "'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"packageName\":\"acme/tool\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\"}",
                "{\"packageName\":\"acme/tool\",\"title\":\"x\"}",
                "{\"packageName\":\"Acme/Tool\",\"affectedVersions\":\"*\",\"title\":\"x\"}",
                "{\"packageName\":\"php\",\"affectedVersions\":\"*\",\"title\":\"x\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"1.0 - 2.0\",\"title\":\"x\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"\",\"title\":\"x\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":[\"*\"],\"title\":\"x\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"a\\u001b[31m\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"link\":\"javascript:alert(1)\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"link\":\"https://a b\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"cve\":\"CVE-1\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"cve\":\"GHSA-2026-12345\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"severity\":\"bad\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"reportedAt\":\"soon\"}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"reportedAt\":1}",
                "{\"packageName\":\"acme/tool\",\"affectedVersions\":\"*\",\"title\":\"x\",\"advisoryId\":\"PKSA-1\"}"
            })
    void whatIsNoAdvisoryIsRefused(String body) {
        assertThat(publish(body).status()).isEqualTo(422);
        assertThat(app.count("advisory")).isZero();
        assertThat(app.count("audit WHERE action = 'publish.advisory'")).isZero();
    }

    @Test
    void aPackageThatNobodyHasMayHaveOneAndOnlyWhoMaySeeItLearnsOfIt() {
        String id = published("private/new");
        assertThat(asked(app.admin(), "private/new"))
                .isEqualTo("{\"advisories\":{\"private/new\":[{\"advisoryId\":\"" + id
                        + "\",\"packageName\":\"private/new\",\"affectedVersions\":\">=1.0,<1.5\",\"title\":\"Reads files\","
                        + "\"cve\":null,\"link\":null,\"reportedAt\":\"2026-11-23T12:00:00+00:00\","
                        + "\"sources\":[{\"name\":\"PACKAGE.broker\",\"remoteId\":\"" + id
                        + "\"}],\"severity\":null}]}}");
        assertThat(asked(app.as(app.token("acme/*")), "private/new")).isEqualTo("{\"advisories\":{}}");
    }

    @Test
    void itStandsBesideWhatTheUpstreamSays() {
        mirrored("", ",\"security-advisories\":{\"api-url\":\"/api\"}");
        app.serve(
                UPSTREAM + "/api",
                "{\"advisories\":{\"acme/tool\":["
                        + THEIRS.replace("}", ",\"title\":\"t\"," + "\"sources\":[],\"reportedAt\":\"2026-01-01\"}")
                        + "]}}");
        String id = published("acme/tool");
        assertThat(asked(app.admin(), "acme/tool")).contains("PKSA-1").contains(id);
        app.serve(UPSTREAM + "/api", "{\"advisories\":{\"acme/tool\":[]}}");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(asked(app.admin(), "acme/tool")).doesNotContain("PKSA-1").contains(":[{\"advisoryId\":\"" + id);
    }

    @Test
    void aDocumentShowsItAtOnceWithARisenDateAndWithdrawingRestoresIt() {
        mirrored(",\"security-advisories\":[" + THEIRS + "],\"filter\":{\"malware\":[{\"constraint\":\"*\"}]}");
        String before = p2();
        String first = date();
        app.upstream().fails(FILE, Reason.UNREACHABLE);
        String id = published("acme/tool");
        Response changed = app.admin().get("/p2/acme/tool.json", "if-modified-since", first);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(text(changed))
                .contains("\"security-advisories\":[" + THEIRS + ",{\"advisoryId\":\"" + id + "\"")
                .contains("\"filter\":{\"malware\":[{\"constraint\":\"*\"}]}");
        String second = date();
        assertThat(second).isNotEqualTo(first);
        assertThat(app.admin()
                        .get("/p2/acme/tool.json", "if-modified-since", second)
                        .status())
                .isEqualTo(304);
        app.admin().send("PATCH", "/api/advisories/" + id, "{\"title\":\"Writes files\",\"severity\":\"low\"}");
        assertThat(p2())
                .contains("Writes files")
                .contains("\"severity\":\"low\"")
                .doesNotContain("Reads files");
        String third = date();
        assertThat(app.admin().send("DELETE", "/api/advisories/" + id, "").status())
                .isEqualTo(204);
        assertThat(p2()).isEqualTo(before);
        assertThat(date()).isNotIn(first, second, third);
        assertThat(app.upstream().requestsTo(FILE)).hasSize(1);
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(p2()).isEqualTo(before);
    }

    @Test
    void aDocumentThatSaysNothingOfAdvisoriesGetsAndLosesThem() {
        mirrored("");
        String before = p2();
        String id = published("acme/tool");
        String other = published("acme/tool");
        assertThat(p2()).contains(",\"minified\":\"composer/2.0\",\"security-advisories\":[{\"advisoryId\":\"");
        app.admin().send("DELETE", "/api/advisories/" + id, "");
        assertThat(p2()).contains(other).doesNotContain(id);
        app.admin().send("DELETE", "/api/advisories/" + other, "");
        assertThat(p2()).isEqualTo(before);
    }

    @Test
    void itDoesNotHideWhatTheUpstreamTellsElsewhere() {
        mirrored("", ",\"security-advisories\":{\"api-url\":\"/api\"}");
        published("acme/tool");
        assertThat(p2()).doesNotContain("security-advisories");
        app.serveRoot(UPSTREAM);
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        assertThat(p2()).contains("\"security-advisories\":[{\"advisoryId\":\"PKBSA-");
        app.serveRoot(UPSTREAM, ",\"security-advisories\":{\"api-url\":\"/api\"}");
        app.clock().advance(Duration.ofHours(2));
        app.runJobs();
        assertThat(p2()).doesNotContain("security-advisories");
    }

    @Test
    void aNewCopyFromTheUpstreamKeepsIt() {
        mirrored(",\"security-advisories\":[]");
        String id = published("acme/tool");
        assertThat(p2()).contains(id);
        serve(",\"security-advisories\":[" + THEIRS + "]");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(p2()).contains("[" + THEIRS + ",{\"advisoryId\":\"" + id);
        app.admin().send("DELETE", "/api/advisories/" + id, "");
        assertThat(p2()).contains("\"security-advisories\":[" + THEIRS + "]}");
    }

    @Test
    void aPackageThatIsMirroredLaterHasIt() {
        String id = published("acme/tool");
        mirrored(",\"security-advisories\":{\"0\":" + THEIRS + ",\"3\":" + THEIRS.replace("-1", "-2") + "}");
        assertThat(p2())
                .contains("\"security-advisories\":[" + THEIRS + "," + THEIRS.replace("-1", "-2")
                        + ",{\"advisoryId\":\"" + id);
    }

    @Test
    void onePublishedWhileTheDocumentIsBeingFetchedIsNotLost() {
        app.addUpstream("acme/*");
        app.drain();
        String[] id = {""};
        app.upstream().serves(FILE, request -> {
            id[0] = id[0].isEmpty() ? published("acme/tool") : id[0];
            return new Response(
                    200,
                    Headers.of(),
                    Body.of(("{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]}}")
                            .getBytes(StandardCharsets.UTF_8)));
        });
        p2();
        assertThat(p2()).contains(id[0]);
    }

    @Test
    void branchesHaveNone() {
        mirrored("");
        app.serve(
                UPSTREAM + "/p2/acme/tool~dev.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", B, "") + "]}}");
        String dev = text(app.admin().get("/p2/acme/tool~dev.json"));
        published("acme/tool");
        assertThat(text(app.admin().get("/p2/acme/tool~dev.json"))).isEqualTo(dev);
        assertThat(p2()).contains("PKBSA-");
    }

    @Test
    void itSurvivesAnotherBaseUrlAndARefusedRetag() {
        mirrored(",\"filter\":{\"malware\":[]},\"security-advisories\":[]");
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("one"));
        String id = published("acme/tool");
        assertThat(p2()).contains(id);
        app.serve(
                FILE,
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.1.0", B, "") + ","
                        + version("acme/tool", "1.0.0", B, "")
                        + "]},\"filter\":{\"malware\":[]},\"security-advisories\":["
                        + THEIRS + "]}");
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(p2())
                .contains("\"1.1.0\"")
                .contains("/1.0.0.0/r" + A)
                .contains("\"filter\":{\"malware\":[]}")
                .contains(THEIRS + ",{\"advisoryId\":\"" + id);
        app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/x\"}");
        assertThat(text(app.admin().get("/x/p2/acme/tool.json")))
                .contains(TestApp.BASE + "/x/dist/acme/tool/1.0.0.0/r" + A)
                .contains(THEIRS + ",{\"advisoryId\":\"" + id);
        app.admin().send("DELETE", "/x/api/advisories/" + id, "");
        assertThat(text(app.admin().get("/x/p2/acme/tool.json")))
                .contains(TestApp.BASE + "/x/dist/acme/tool/1.0.0.0/r" + A)
                .contains("\"filter\":{\"malware\":[]},\"security-advisories\":[" + THEIRS + "],\"warnings\":[{");
    }

    @Test
    void aDocumentOfBeforeTheColumnIsRestoredFromOurCopyOfIt() {
        mirrored(",\"security-advisories\":[" + THEIRS + "]");
        String before = p2();
        app.database().update(packagebroker.core.port.Statement.of("UPDATE document SET extras = ''"));
        String id = published("acme/tool");
        assertThat(p2()).contains(THEIRS + ",{\"advisoryId\":\"" + id);
        app.admin().send("DELETE", "/api/advisories/" + id, "");
        assertThat(p2()).isEqualTo(before);
    }

    @Test
    void otherIsolatesShowItWhenTheyForget() {
        try (TestApp cached = TestApp.start("META_CACHE_SECONDS", "10")) {
            cached.addUpstream("acme/*");
            cached.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            TestApp.Caller elsewhere = cached.admin().at(cached.isolate());
            cached.admin().get("/p2/acme/tool.json");
            elsewhere.get("/p2/acme/tool.json");
            cached.admin().send("POST", "/api/advisories", body("acme/tool", ""));
            assertThat(text(cached.admin().get("/p2/acme/tool.json"))).contains("PKBSA-");
            cached.clock().advance(Duration.ofSeconds(11));
            assertThat(text(elsewhere.get("/p2/acme/tool.json"))).contains("PKBSA-");
        }
    }

    @Test
    void aChangeKeepsWhatItDoesNotName() {
        String id = published("acme/tool");
        Response changed = app.admin()
                .send("PATCH", "/api/advisories/" + id, "{\"cve\":\"CVE-2026-1234\",\"affectedVersions\":\"<2\"}");
        assertThat(text(changed))
                .contains("\"title\":\"Reads files\"")
                .contains("\"affectedVersions\":\"<2\"")
                .contains("CVE-2026-1234");
        assertThat(text(app.admin().send("PATCH", "/api/advisories/" + id, "{\"cve\":null}")))
                .contains("\"cve\":null");
        for (String body :
                new String[] {"{\"packageName\":\"acme/other\"}", "{\"title\":\"\"}", "{\"title\":null}", "{\"x\":1}"
                }) {
            assertThat(app.admin().send("PATCH", "/api/advisories/" + id, body).status())
                    .isEqualTo(422);
        }
        assertThat(app.count("audit WHERE action = 'change.advisory'")).isEqualTo(2);
    }

    @Test
    void whatIsWithdrawnStaysInTheListAndChangesNoMore() {
        String id = published("acme/tool");
        assertThat(app.admin().send("DELETE", "/api/advisories/" + id, "").status())
                .isEqualTo(204);
        assertThat(text(app.admin().get("/api/advisories/" + id)))
                .contains("\"withdrawn_at\":" + app.clock().millis());
        assertThat(app.admin().send("DELETE", "/api/advisories/" + id, "").status())
                .isEqualTo(404);
        assertThat(app.admin()
                        .send("PATCH", "/api/advisories/" + id, "{\"title\":\"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(app.count("audit WHERE action = 'withdraw.advisory'")).isEqualTo(1);
        assertThat(asked(app.admin(), "acme/tool")).isEqualTo("{\"advisories\":{}}");
    }

    @Test
    void whatAnUpstreamSaysBesideItsPackagesHasALimit() {
        app.addUpstream("acme/*");
        serve(",\"filter\":{\"malware\":[{\"reason\":\"" + "x".repeat(1_000_001) + "\"}]}");
        Response response = app.admin().get("/p2/acme/tool.json");
        assertThat(response.status()).isEqualTo(503);
        assertThat(text(response)).contains("over_limit");
    }
}
