package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.App;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.TestApp;

/** {@code POST /api/setup}, {@code GET /api/health} and {@code /api/settings}. */
class SetupTest {
    private static final String REFERENCE = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    @Test
    void ofManyIsolatesThatAreSetUpAtOnceOneWins() throws InterruptedException, ExecutionException {
        try (TestApp app = TestApp.fresh()) {
            ExecutorService threads = Executors.newFixedThreadPool(20);
            List<Callable<Integer>> setups = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                App isolate = app.isolate();
                setups.add(() -> app.setUp(isolate).status());
            }
            List<Future<Integer>> answers = threads.invokeAll(setups);
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            threads.shutdown();
            assertThat(statuses).hasSize(100).containsOnlyOnce(201).containsOnly(201, 409);
            assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
            assertThat(app.count("setting")).isEqualTo(4);
            assertThat(app.count("audit WHERE action = 'create.instance'")).isEqualTo(1);
        }
    }

    @Test
    void ofTwoSetupsOneWinsWheneverTheOtherComesIn() {
        int calls = 0;
        while (comesIn(calls)) {
            calls++;
        }
        assertThat(calls).isPositive();
    }

    /** Has another isolate be set up before a call of a setup to the database; returns false if there was no such call. */
    private static boolean comesIn(int call) {
        try (TestApp app = TestApp.fresh()) {
            App other = app.isolate();
            List<Integer> statuses = new ArrayList<>();
            app.database()
                    .faults()
                    .actAfter(call, () -> statuses.add(app.setUp(other).status()));
            statuses.add(app.setUp(app.product()).status());
            app.database().faults().actAfter(-1, () -> {});
            assertThat(statuses).containsOnlyOnce(201);
            assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
            assertThat(app.count("audit WHERE action = 'create.instance'")).isEqualTo(1);
            return statuses.size() == 2;
        }
    }

    @Test
    void aSetupWhoseAnswerTheDatabaseLostStillHandsOutItsToken() {
        try (TestApp app = TestApp.fresh()) {
            app.database().faults().loseOneAnswer();
            Response made = app.setUp(app.product());
            assertThat(made.status()).isEqualTo(201);
            String token = json(made).text("token", 100);
            assertThat(app.as(token).get("/api/settings").status()).isEqualTo(200);
            assertThat(app.count("token WHERE kind <> 'break_glass'")).isEqualTo(1);
        }
    }

    @Test
    void theSecondSetupIsAConflictWhateverItSays() {
        try (TestApp app = TestApp.start()) {
            Response second = app.setUp(app.product());
            assertThat(second.status()).isEqualTo(409);
            assertThat(text(second)).contains("\"already_set_up\"");
            assertThat(app.admin().get("/packages.json").status()).isEqualTo(200);
        }
    }

    @Test
    void aWrongSecretIsRefusedBeforeAndAfterSetup() {
        String wrong = "{\"secret\":\"guess\",\"base_url\":\"" + TestApp.BASE + "\"}";
        try (TestApp fresh = TestApp.fresh();
                TestApp app = TestApp.start()) {
            for (TestApp each : List.of(fresh, app)) {
                Response response = each.anonymous().send("POST", "/api/setup", wrong);
                assertThat(response.status()).isEqualTo(401);
                assertThat(text(response)).contains("\"setup_secret\"").doesNotContain("guess");
            }
        }
    }

    @Test
    void theFirstTokenIsAnAdminsForNinetyDays() {
        try (TestApp app = TestApp.fresh()) {
            Response response = app.setUp(app.product());
            assertThat(response.status()).isEqualTo(201);
            assertThat(response.findHeader("cache-control")).isEqualTo("private, no-store");
            String body = text(response);
            assertThat(body).contains("\"kind\":\"admin\"").contains("\"patterns\":[\"*\"]");
            long expires = app.rows("SELECT expires_at FROM token WHERE kind = 'admin'")
                    .get(0)
                    .number("expires_at");
            assertThat(expires - app.clock().millis()).isEqualTo(90L * 86_400_000);
            assertThat(app.rows("SELECT actor FROM audit").get(0).text("actor")).isEqualTo("setup");
            assertThat(app.rows("SELECT detail FROM audit").get(0).text("detail"))
                    .doesNotContain("pkba_")
                    .doesNotContain("pkbi_")
                    .contains(TestApp.BASE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packages.example.org",
                "//packages.example.org",
                "ftp://packages.example.org",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "https://",
                "https://user@packages.example.org",
                "https://:pw@packages.example.org",
                "https://packages.example.org/?a=b",
                "https://packages.example.org/#top",
                "https://packages.example.org/a/b/c/d/e",
                "https://packages.example.org:99999",
                "https://[::1",
                "https://pack ages.example.org/",
                "/packages",
                "*"
            })
    void aBaseUrlOfAnotherFormIsRefused(String url) {
        try (TestApp app = TestApp.start()) {
            Response response = app.admin().send("PATCH", "/api/settings", Json.write(Json.object("base_url", url)));
            assertThat(response.status()).isEqualTo(422);
            assertThat(json(app.admin().get("/api/settings")).text("base_url", 500))
                    .isEqualTo(TestApp.BASE);
            assertThat(app.count("audit WHERE action = 'change.settings'")).isZero();
        }
    }

    @Test
    void aBaseUrlIsKeptWithoutItsLastSlash() {
        try (TestApp app = TestApp.start()) {
            Response response = app.admin()
                    .send("PATCH", "/api/settings", "{\"base_url\":\"HTTPS://PACKAGES.example.org:443/repo/\"}");
            assertThat(json(response).text("base_url", 500)).isEqualTo(TestApp.BASE + "/repo");
            assertThat(text(app.admin().get("/repo/packages.json")))
                    .contains("\"metadata-url\":\"" + TestApp.BASE + "/repo/p2/%package%.json\"");
        }
    }

    @Test
    void anotherBaseUrlRewritesBothDocumentsAndTheirDatesRise() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            app.publish(
                    "acme/tool", version("acme/tool", "1.0.0", REFERENCE, ",\"homepage\":\"" + TestApp.BASE + "\""));
            app.serve(
                    TestApp.UPSTREAM + "/p2/acme/tool~dev.json",
                    "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", REFERENCE, "") + "]}}");
            List<String> paths = List.of("/packages.json", "/p2/acme/tool.json", "/p2/acme/tool~dev.json");
            List<String> dates = new ArrayList<>();
            for (String path : paths) {
                dates.add("" + app.admin().get(path).findHeader("last-modified"));
            }
            app.upstream().forgetRequests();
            app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/x\"}");
            for (int i = 0; i < paths.size(); i++) {
                Response after = app.admin().get("/x" + paths.get(i), "if-modified-since", dates.get(i));
                assertThat(after.status()).as(paths.get(i)).isEqualTo(200);
                assertThat(text(after)).contains(TestApp.BASE + "/x/").doesNotContain(TestApp.BASE + "/dist/");
                String date = "" + after.findHeader("last-modified");
                assertThat(app.admin()
                                .get("/x" + paths.get(i), "if-modified-since", date)
                                .status())
                        .isEqualTo(304);
            }
            assertThat(text(app.admin().get("/x/p2/acme/tool.json"))).contains("\"homepage\":\"" + TestApp.BASE + "\"");
            assertThat(app.upstream().requests()).isEmpty();
        }
    }

    @Test
    void aVersionThatWasKeptFromARetagMovesWithTheBaseUrl() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            app.publish("acme/tool", version("acme/tool", "1.0.0", REFERENCE, ""));
            app.admin().get("/p2/acme/tool.json");
            app.publish(
                    "acme/tool",
                    version("acme/tool", "1.1.0", "b".repeat(40), ""),
                    version("acme/tool", "1.0.0", "b".repeat(40), ""));
            app.clock().advance(Duration.ofMinutes(6));
            app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/x\"}");
            assertThat(text(app.admin().get("/x/p2/acme/tool.json")))
                    .contains("\"url\":\"" + TestApp.BASE + "/x/dist/acme/tool/1.0.0.0/r" + REFERENCE + ".zip\"");
        }
    }

    @Test
    void healthSaysInAWordEachHowItIs() {
        try (TestApp app = TestApp.fresh()) {
            assertThat(text(app.anonymous().get("/api/health")))
                    .isEqualTo(
                            "{\"status\":\"ok\",\"database\":\"ok, not set up yet\",\"keys\":\"ok\",\"crypto\":\"ok\",\"warnings\":[]}");
            app.setUp(app.product());
            assertThat(text(app.anonymous().get("/api/health"))).contains("\"database\":\"ok\"");
            app.database().faults().breakAfter(0);
            Response away = app.anonymous().get("/api/health");
            assertThat(away.status()).isEqualTo(503);
            assertThat(text(away)).contains("\"database\":\"unavailable\"");
            app.database().faults().mend();
        }
    }

    @Test
    void healthWarnsOfLocalUpstreams() {
        try (TestApp app = TestApp.start("UPSTREAM_ALLOW", "http://localhost:8000")) {
            assertThat(text(app.anonymous().get("/api/health"))).contains("UPSTREAM_ALLOW");
        }
    }

    @Test
    void withoutADatabaseNothingIsAnsweredButNothingIsTold() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            app.database().faults().breakAfter(0);
            for (String path : List.of("/packages.json", "/p2/acme/tool.json", "/api/tokens")) {
                Response response = app.admin().get(path);
                assertThat(response.status()).isEqualTo(503);
                assertThat(text(response)).contains("\"database_unavailable\"").doesNotContain("D1_ERROR");
            }
            app.database().faults().mend();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""
            })
    void aBodyOfAnotherTypeIsRefused(String type) {
        try (TestApp app = TestApp.start()) {
            byte[] body = "{\"base_url\":\"https://a.example\"}".getBytes(StandardCharsets.UTF_8);
            assertThat(app.admin().send("PATCH", "/api/settings", type, body).status())
                    .isEqualTo(415);
        }
    }
}
