package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.testing.FakeGitHub;
import packagebroker.core.testing.TestApp;

/** What is read of a git host is all of it, each once, whatever is cut off, refused or broken on the way. */
class GitFaultsTest {
    private static final String MANIFEST = "{\"name\":\"acme/tool\"}";

    private final TestApp app = TestApp.start("META_CACHE_SECONDS", "5");
    private final FakeGitHub github = new FakeGitHub(app.upstream());
    private int worstStatements;
    private int worstRequests;

    @BeforeEach
    void makeJobs() {
        app.work(5);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private void add(Object... more) {
        List<Object> fields = new ArrayList<>(List.of("name", "hub", "kind", "github", "patterns", List.of("*")));
        fields.addAll(List.of(more));
        Response made = app.admin().send("POST", "/api/upstreams", Json.write(Json.object(fields.toArray())));
        assertThat(made.status()).as(text(made)).isEqualTo(201);
    }

    /** Lets minutes pass and notes what the dearest of them cost. */
    private void work(int minutes) {
        for (int i = 0; i < minutes; i++) {
            long statements = app.counts().of("d1_statements");
            long requests = app.counts().of("upstream_requests");
            app.work(1);
            worstStatements = Math.max(worstStatements, (int) (app.counts().of("d1_statements") - statements));
            worstRequests = Math.max(worstRequests, (int) (app.counts().of("upstream_requests") - requests));
        }
    }

    private List<String> versions() {
        return app.rows("SELECT package || ' ' || version AS v FROM release ORDER BY v").stream()
                .map(row -> row.text("v"))
                .toList();
    }

    private boolean isDone() {
        return app.count("repository WHERE stage <> 'idle'") == 0 && app.count("repository") > 0;
    }

    /** A minute in which the database goes away at some point, perhaps after it did what it was told. */
    private void killedMinute(Random random) {
        if (random.nextBoolean()) {
            app.database().faults().loseAnswerAfter(random.nextInt(25));
        } else {
            app.database().faults().breakAfter(random.nextInt(25));
        }
        try {
            app.work(1);
        } catch (DatabaseException e) {
            // So does the platform see it.
        }
        app.database().faults().mend();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aKillAtAnyStepLosesNothingAndDoublesNothing(int seed) {
        FakeGitHub.Repository tool = github.create("acme/tool").branch("main", MANIFEST);
        for (int i = 0; i < 130; i++) {
            tool.tag("1." + i + ".0", MANIFEST);
        }
        github.create("acme/base").branch("main", "{\"name\":\"acme/base\"}").tag("1.0", "{\"name\":\"acme/base\"}");
        add("organisations", List.of(Json.object("name", "acme")));
        Random random = new Random(seed);
        for (int i = 0; i < 200 && !isDone(); i++) {
            killedMinute(random);
            app.work(i % 2 == 0 ? 1 : 6); // A lease lasts for five minutes.
        }
        assertThat(isDone()).isTrue();
        assertThat(new TreeSet<>(versions())).hasSize(131 + 2).hasSameSizeAs(versions());
        assertThat(app.count("git_ref WHERE state <> 'read'")).isZero();
        tool.delete("1.7.0");
        app.work(60);
        assertThat(versions()).hasSize(130 + 2).doesNotContain("acme/tool 1.7.0.0");
    }

    @Test
    void threeThousandTagsAreReadTheNewestFirst() {
        FakeGitHub.Repository tool = github.create("acme/tool").branch("main", MANIFEST);
        for (int i = 0; i < 3_000; i++) {
            tool.tag("v" + i / 100 + "." + i % 100 + ".0", MANIFEST);
        }
        add("repositories", List.of("acme/tool"));
        work(40);
        assertThat(versions()).contains("acme/tool dev-main", "acme/tool 29.99.0.0");
        for (int i = 0; i < 20 && !isDone(); i++) {
            work(60);
        }
        assertThat(new TreeSet<>(versions())).hasSize(3_001).hasSameSizeAs(versions());
        assertThat(text(app.admin().get("/p2/acme/tool.json"))).contains("29.99.0.0");
        assertThat(worstStatements).isLessThanOrEqualTo(40);
        assertThat(worstRequests).isLessThanOrEqualTo(40);
        // A push costs what it changes, and the lists.
        long writes = app.count("git_ref");
        tool.tag("v30.0.0", MANIFEST);
        app.upstream().forgetRequests();
        work(60);
        assertThat(app.count("git_ref")).isEqualTo(writes + 1);
        assertThat(app.upstream().requests().size()).isLessThan(31 + 30);
    }

    @Test
    void fiveHundredRepositoriesOfAnOrganisationBecomePackages() {
        for (int i = 0; i < 500; i++) {
            String name = "acme/p" + i;
            String manifest = i % 10 == 9 ? null : "{\"name\":\"" + name + "\"}";
            github.create(name).branch("main", manifest).tag("1.0.0", manifest);
        }
        add("organisations", List.of(Json.object("name", "acme")));
        for (int i = 0; i < 30 && !isDone(); i++) {
            work(60);
        }
        assertThat(app.count("repository")).isEqualTo(500);
        assertThat(new TreeSet<>(versions())).hasSize(900).hasSameSizeAs(versions());
        assertThat(worstStatements).isLessThanOrEqualTo(40);
        assertThat(worstRequests).isLessThanOrEqualTo(40);
    }

    @Test
    void theHostIsLeftAloneUntilItGrantsAnew() {
        github.create("acme/tool").branch("main", MANIFEST);
        github.create("acme/other").branch("main", "{\"name\":\"acme/other\"}");
        add("repositories", List.of("acme/tool", "acme/other"));
        long reset = app.clock().millis() / 1000 + 1_800;
        app.upstream()
                .servesUnder(
                        FakeGitHub.API + "/",
                        request -> new Response(
                                403,
                                Headers.of(
                                        "x-ratelimit-limit",
                                        "60",
                                        "x-ratelimit-remaining",
                                        "0",
                                        "x-ratelimit-reset",
                                        "" + reset),
                                Body.empty()));
        app.upstream().forgetRequests();
        app.work(25);
        assertThat(app.upstream().requests()).hasSize(1);
        assertThat(app.rows("SELECT problem FROM job WHERE kind = 'git'").get(0).text("problem"))
                .isEmpty();
    }

    @Test
    void oneRepositoryThatFailsHoldsUpNoOther() {
        github.create("acme/tool").branch("main", MANIFEST).tag("1.0.0", MANIFEST);
        github.create("acme/other").branch("main", "{\"name\":\"acme/other\"}");
        app.serveStatus(FakeGitHub.API + "/repos/acme/tool/tags?per_page=100", 403);
        add("repositories", List.of("acme/tool", "acme/other"));
        app.work(15);
        assertThat(versions()).containsExactly("acme/other dev-main");
        assertThat(app.rows("SELECT problem FROM repository WHERE path = 'acme/tool'")
                        .get(0)
                        .text("problem"))
                .contains("answered 403");
        app.upstream().forgets(FakeGitHub.API + "/repos/acme/tool/tags?per_page=100");
        app.work(75);
        assertThat(versions()).hasSize(3);
    }

    @Test
    void aHostThatIsDownTakesNothingAway() {
        FakeGitHub.Repository tool =
                github.create("acme/tool").branch("main", MANIFEST).tag("1.0.0", MANIFEST);
        add("organisations", List.of(Json.object("name", "acme")));
        app.work(15);
        assertThat(versions()).hasSize(2);
        tool.tag("1.1.0", MANIFEST);
        app.upstream().servesUnder(FakeGitHub.API + "/", request -> new Response(502, Headers.of(), Body.empty()));
        app.work(120);
        assertThat(versions()).hasSize(2);
        assertThat(app.count("repository WHERE missing_since > 0")).isZero();
        assertThat(text(app.admin().get("/p2/acme/tool.json"))).contains("1.0.0.0");
    }

    @Test
    void anotherListOfRepositoriesIsWalkedThroughAtOnce() {
        github.create("acme/tool").branch("main", MANIFEST);
        github.create("acme/other").branch("main", "{\"name\":\"acme/other\"}");
        add("repositories", List.of("acme/tool"));
        app.work(12);
        String id = json(app.admin().get("/api/upstreams"))
                .objects("upstreams")
                .get(0)
                .text("id", 40);
        Response changed = app.admin().send("PATCH", "/api/upstreams/" + id, "{\"repositories\":[\"acme/other\"]}");
        assertThat(text(changed)).contains("\"repositories\":[\"acme/other\"]");
        app.work(12);
        assertThat(versions()).containsExactly("acme/other dev-main", "acme/tool dev-main");
        for (String wrong : List.of(
                "{\"repositories\":[]}",
                "{\"repositories\":[\"tool\"]}",
                "{\"repositories\":[\"acme/../tool\"]}",
                "{\"repositories\":[\"acme/mono:packages/a\"]}",
                "{\"organisations\":[{\"name\":\"\"}]}",
                "{\"kind\":\"composer\"}")) {
            assertThat(app.admin().send("PATCH", "/api/upstreams/" + id, wrong).status())
                    .as(wrong)
                    .isEqualTo(422);
        }
        assertThat(app.admin()
                        .send("POST", "/api/upstreams/" + id + "/sync", "{}")
                        .status())
                .isEqualTo(204);
        assertThat(app.count("repository WHERE stage = 'due'")).isEqualTo(2);
    }
}
