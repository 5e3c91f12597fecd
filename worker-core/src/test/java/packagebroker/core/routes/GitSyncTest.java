package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.testing.FakeGitHub;
import packagebroker.core.testing.TestApp;

/** Packages that are in a git host: every tag and branch as its own composer.json has it. */
class GitSyncTest {
    private static final String TOKEN = "ghp_secretsecretsecret";

    private final TestApp app = TestApp.start();
    private final FakeGitHub github = new FakeGitHub(app.upstream());

    @BeforeEach
    void makeJobs() {
        app.work(5);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private String add(Object... more) {
        Map<String, Object> body = new HashMap<>(Json.object(more));
        body.put("name", "hub");
        body.put("kind", "github");
        body.put("patterns", List.of("acme/*"));
        body.put("auth", Json.object("type", "bearer", "token", TOKEN));
        app.log().forbid(TOKEN);
        Response made = app.admin().send("POST", "/api/upstreams", Json.write(body));
        assertThat(made.status()).as(text(made)).isEqualTo(201);
        return ""
                + json(app.admin().get("/api/upstreams"))
                        .objects("upstreams")
                        .get(0)
                        .text("id", 40);
    }

    private static String manifest(String more) {
        return "{\"name\":\"acme/tool\"" + more + "}";
    }

    private JsonObject status(String id, int index) {
        return json(app.admin().get("/api/upstreams/" + id + "/repositories"))
                .objects("repositories")
                .get(index);
    }

    private String stable() {
        return text(app.admin().get("/p2/acme/tool.json"));
    }

    private String dev() {
        return text(app.admin().get("/p2/acme/tool~dev.json"));
    }

    @Test
    void eachTagAndBranchIsListedWithItsOwnManifest() {
        github.create("acme/tool.php")
                .branch(
                        "main",
                        manifest(
                                ",\"require\":{\"php\":\">=8.3\"},\"extra\":{\"branch-alias\":{\"dev-main\":\"2.x-dev\"}}"))
                .branch("1.x", manifest(",\"require\":{\"php\":\">=7.4\"}"))
                .branch("feature/x", manifest(""))
                .tag("v1.0", manifest(",\"require\":{\"php\":\">=5.6\"}"))
                .tag("1.2.3.4", manifest(",\"require\":{\"php\":\">=7.0\"}"))
                .tag("v2.0.0-beta1", manifest(",\"require\":{\"php\":\">=8.0\"}"))
                .tag("release-1.9.0", manifest(""));
        add("repositories", List.of("acme/tool.php"));
        app.work(12);
        assertThat(stable())
                .contains("\"version\":\"v1.0\",\"version_normalized\":\"1.0.0.0\",\"require\":{\"php\":\">=5.6\"}")
                .contains("\"version_normalized\":\"1.2.3.4\",\"require\":{\"php\":\">=7.0\"}")
                .contains("\"version_normalized\":\"2.0.0.0-beta1\"")
                .contains("\"version_normalized\":\"1.9.0.0\"")
                .contains("\"time\":\"2026-01-02T03:04:05+00:00\"")
                .doesNotContain("github");
        assertThat(dev())
                .contains("\"version\":\"dev-main\"")
                .contains("\"default-branch\":true")
                .contains("\"branch-alias\":{\"dev-main\":\"2.x-dev\"}")
                .contains("\"version\":\"1.x-dev\",\"version_normalized\":\"1.9999999.9999999.9999999-dev\"")
                .contains("\"version\":\"dev-feature/x\"");
    }

    @Test
    void whatIsNoVersionIsReportedAndTheRestIsServed() {
        FakeGitHub.Repository tool = github.create("acme/tool")
                .branch("main", manifest(""))
                .tag("1.0.0", manifest(""))
                .tag("v1.0.0", manifest(""))
                .tag("1.1.0", manifest(",\"version\":\"1.0.9\""))
                .tag("1.2.0", "{no json")
                .tag("1.3.0", null)
                .tag("1.4.0", manifest(",\"require\":[\"php\"]"))
                .tag("nightly", manifest(""));
        String id = add("repositories", List.of("acme/tool"));
        app.work(12);
        JsonObject status = status(id, 0);
        assertThat(status.text("state", 10)).isEqualTo("idle");
        assertThat(status.number("versions", 0, 9, 0)).isEqualTo(2);
        assertThat(status.objects("problems").stream().map(p -> p.text("ref", 90) + ": " + p.text("problem", 200)))
                .containsExactly(
                        "tags/1.1.0: its composer.json is not what it should be: expected no version, or that of the tag, at $.version",
                        "tags/1.2.0: its composer.json is not what it should be: expected JSON but found something else",
                        "tags/1.3.0: there is no composer.json",
                        "tags/1.4.0: its composer.json is not what it should be: expected names with constraints at $.require",
                        "tags/nightly: its name is no version",
                        "tags/v1.0.0: it is the same version as tags/1.0.0");
        assertThat(stable()).contains(tool.commitOf("1.0.0")).doesNotContain(tool.commitOf("v1.0.0"));
        tool.delete("1.0.0");
        app.work(12);
        assertThat(app.rows("SELECT origin FROM release WHERE version = '1.0.0.0'")
                        .get(0)
                        .text("origin"))
                .isEqualTo("tags/v1.0.0");
    }

    @Test
    void aMovedBranchHasNewBytesAtANewUrlAndAMovedTagIsRefused() {
        FakeGitHub.Repository tool =
                github.create("acme/tool").branch("main", manifest("")).tag("1.0.0", manifest(""));
        add("repositories", List.of("acme/tool"));
        app.work(12);
        String first = tool.commitOf("main");
        String tag = tool.commitOf("1.0.0");
        assertThat(dev()).contains(first);
        String url = "/dist/acme/tool/dev-main/r" + first + ".zip";
        byte[] bytes = app.admin().get(url).body().bytes(1000);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains(first);
        assertThat(stable()).contains(tag);
        tool.branch("main", manifest("")).tag("1.0.0", manifest(""));
        app.work(12);
        assertThat(dev()).contains(tool.commitOf("main")).doesNotContain(first);
        assertThat(app.admin().get(url).body().bytes(1000)).isEqualTo(bytes);
        assertThat(app.admin()
                        .get("/dist/acme/tool/dev-main/r" + tool.commitOf("main") + ".zip")
                        .status())
                .isEqualTo(200);
        assertThat(stable())
                .contains("\"reference\":\"" + tag)
                .doesNotContain("\"reference\":\"" + tool.commitOf("1.0.0"));
        assertThat(text(app.admin().get("/api/alerts"))).contains("retag");
    }

    @Test
    void theCredentialStaysWithTheApi() {
        FakeGitHub.Repository tool = github.create("acme/tool").branch("main", manifest(""));
        add("repositories", List.of("acme/tool"));
        app.work(12);
        dev();
        app.admin().get("/dist/acme/tool/dev-main/r" + tool.commitOf("main") + ".zip");
        List<Request> storage = app.upstream().requests().stream()
                .filter(request -> request.url().startsWith(FakeGitHub.STORAGE))
                .toList();
        assertThat(storage).hasSize(1).allMatch(request -> request.findHeader("authorization") == null);
        assertThat(app.upstream().requests())
                .filteredOn(request -> request.url().startsWith(FakeGitHub.API))
                .allMatch(request -> ("Bearer " + TOKEN).equals(request.findHeader("authorization")));
    }

    @Test
    void aRepositoryMayCallItselfNothingThatIsNotTheUpstreams() {
        github.create("acme/fork")
                .branch("main", "{\"name\":\"symfony/console\"}")
                .tag("9.9.9", manifest(""));
        github.create("acme/one").branch("main", manifest(""));
        github.create("acme/two").branch("main", manifest(""));
        github.create("acme/site").branch("main", null);
        github.create("acme/empty");
        String id = add("organisations", List.of(Json.object("name", "acme", "exclude", List.of("emp*"))));
        app.work(12);
        assertThat(app.rows("SELECT path, problem FROM repository ORDER BY path").stream()
                        .map(row -> row.text("path") + ": " + row.text("problem")))
                .containsExactly(
                        "acme/fork: its name symfony/console matches no pattern of the upstream",
                        "acme/one: ",
                        "acme/site: there is no composer.json in its default branch",
                        "acme/two: the name acme/tool is that of another repository");
        assertThat(app.count("release")).isEqualTo(1);
        assertThat(app.admin().get("/p2/symfony/console~dev.json").status()).isEqualTo(404);
        assertThat(text(app.admin().get("/api/upstreams/" + id))).contains("\"exclude\":[\"emp*\"]");
    }

    @Test
    void aRenamedRepositoryKeepsItsPackageAndADeletedOneItsVersions() {
        FakeGitHub.Repository tool =
                github.create("acme/tool").branch("main", manifest("")).tag("1.0.0", manifest(""));
        add("repositories", List.of("acme/tool"));
        app.work(12);
        assertThat(stable()).contains(tool.commitOf("1.0.0"));
        github.rename("acme/tool", "acme/tool-renamed");
        app.work(12);
        assertThat(app.rows("SELECT path FROM repository").get(0).text("path")).isEqualTo("acme/tool-renamed");
        assertThat(app.rows("SELECT manifest FROM release WHERE version = '1.0.0.0'")
                        .get(0)
                        .text("manifest"))
                .contains("/repos/acme/tool-renamed/zipball/");
        github.remove("acme/tool-renamed");
        app.work(12);
        assertThat(app.count("repository WHERE missing_since > 0")).isEqualTo(1);
        assertThat(stable()).contains(tool.commitOf("1.0.0"));
        app.clock().advance(Duration.ofDays(4));
        app.work(12);
        assertThat(text(app.admin().get("/api/alerts"))).contains("\"repository\"");
    }

    @Test
    void aDeletedTagIsListedNoMoreAndItsArchiveStays() {
        FakeGitHub.Repository tool = github.create("acme/tool")
                .branch("main", manifest(""))
                .tag("1.0.0", manifest(""))
                .tag("1.1.0", manifest(""));
        add("repositories", List.of("acme/tool"));
        app.work(12);
        stable();
        String url = "/dist/acme/tool/1.1.0.0/r" + tool.commitOf("1.1.0") + ".zip";
        assertThat(app.admin().get(url).status()).isEqualTo(200);
        tool.delete("1.1.0");
        app.work(12);
        assertThat(stable()).contains("1.0.0.0").doesNotContain("1.1.0.0");
        assertThat(app.admin().get(url).status()).isEqualTo(200);
    }

    @Test
    void whatHasNotChangedIsNotAskedAgain() {
        github.create("acme/tool").branch("main", manifest("")).tag("1.0.0", manifest(""));
        add("repositories", List.of("acme/tool"));
        app.work(12);
        app.upstream().forgetRequests();
        long before = app.counts().of("d1_statements");
        app.work(20);
        assertThat(app.upstream().requests()).hasSize(4).allMatch(r -> r.findHeader("if-none-match") != null);
        assertThat(app.counts().of("d1_statements") - before).isLessThan(20 * 40);
    }
}
