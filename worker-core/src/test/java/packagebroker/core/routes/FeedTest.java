package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.FakeUpstream;
import packagebroker.core.testing.TestApp;

/** The list of changes of an upstream: what it names shows at once, however long copies are believed. */
class FeedTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String OTHER = "https://other.example.com";
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String UP_TOOL = UPSTREAM + TOOL;

    private final TestApp app = TestApp.start("FRESH_SECONDS", "2000000", "NEGATIVE_SECONDS", "2000000");
    private final List<String> asked = new ArrayList<>();
    private String id = "";

    @BeforeEach
    void start() {
        id = app.addUpstream("*");
        app.serve(
                UPSTREAM + "/packages.json",
                "{\"metadata-url\":\"/p2/%package%.json\",\"metadata-changes-url\":\"/metadata/changes.json\"}");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(text(app.admin().get(TOOL))).contains("1.0.0");
        app.work(1); // Makes the jobs.
    }

    @AfterEach
    void close() {
        app.close();
    }

    /** Has the upstream answer its next list of changes, whatever time it is asked for. */
    private void says(String actions) {
        answers("{\"actions\":[" + actions + "],\"timestamp\":" + app.clock().millis() * 10 + "}");
    }

    private void answers(String json) {
        answers(request -> new Response(200, Headers.of(), Body.of(json.getBytes(StandardCharsets.UTF_8))));
    }

    private void answers(FakeUpstream.Handler handler) {
        app.upstream().servesUnder(UPSTREAM + "/metadata/changes.json?", request -> {
            asked.add(request.findQuery("since"));
            return handler.handle(request);
        });
    }

    private static String action(String type, String name) {
        return "{\"type\":\"" + type + "\",\"package\":\"" + name + "\",\"time\":1795521600}";
    }

    private void publishNewVersion() {
        app.publish("acme/tool", version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
    }

    private boolean showsNewVersion() {
        return text(app.admin().get(TOOL)).contains("1.1.0");
    }

    private String problem() {
        return app.rows("SELECT problem FROM job WHERE kind = 'feed'").get(0).text("problem");
    }

    @Test
    void anUpdateShowsAfterTheNextPollAlthoughTheCopyIsFresh() {
        publishNewVersion();
        assertThat(showsNewVersion()).isFalse();
        says(action("update", "acme/tool"));
        app.work(1);
        assertThat(showsNewVersion()).isTrue();
    }

    @Test
    void itIsAskedEachMinuteWithTheTimeItLastGave() {
        long begun = app.clock().millis();
        answers("{\"actions\":[],\"timestamp\":17955216000000}");
        app.work(3);
        assertThat(asked).hasSize(3);
        assertThat(Long.parseLong(asked.get(0)) / 10).isBetween(begun - 300_000, begun);
        assertThat(asked.subList(1, 3)).containsOnly("17955216000000");
    }

    @Test
    void whatNobodyAskedForIsNeitherFetchedNorStored() {
        says(action("update", "foreign/thing") + "," + action("delete", "foreign/gone"));
        app.upstream().forgetRequests();
        app.work(5);
        assertThat(app.upstream().requests())
                .extracting(Request::path)
                .containsOnly("/packages.json", "/metadata/changes.json");
        assertThat(app.count("document")).isEqualTo(1);
    }

    @Test
    void theFileOfBranchesIsAFileOfItsOwn() {
        app.serve(
                UPSTREAM + "/p2/acme/tool~dev.json",
                "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "dev-main", A, "") + "]}}");
        app.admin().get("/p2/acme/tool~dev.json");
        says(action("update", "Acme/Tool~dev"));
        app.upstream().forgetRequests();
        app.work(1);
        app.admin().get("/p2/acme/tool~dev.json");
        app.admin().get(TOOL);
        assertThat(app.upstream().requestsTo(UPSTREAM + "/p2/acme/tool~dev.json"))
                .hasSize(1);
        assertThat(app.upstream().requestsTo(UP_TOOL)).isEmpty();
    }

    @Test
    void aDeletedPackageIs404AtOnceAndComesBackWithAnUpdate() {
        says(action("delete", "acme/tool"));
        app.work(1);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        assertThat(app.count("package WHERE name = 'acme/tool'")).isEqualTo(1);
        says(action("update", "acme/tool"));
        app.work(1);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
    }

    @Test
    void aDeletedPackageStays404WhileItsUpstreamIsAway() {
        says(action("delete", "acme/tool"));
        app.work(1);
        app.clock().advance(Duration.ofDays(30));
        app.upstream().fails(UP_TOOL, Reason.UNREACHABLE);
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
    }

    @Test
    void aNameThatWasAbsentIsAskedForAgain() {
        app.serveStatus(UPSTREAM + "/p2/acme/late.json", 404);
        assertThat(app.admin().get("/p2/acme/late.json").status()).isEqualTo(404);
        app.publish("acme/late", version("acme/late", "1.0.0", A, ""));
        assertThat(app.admin().get("/p2/acme/late.json").status()).isEqualTo(404);
        says(action("update", "acme/late"));
        app.work(1);
        assertThat(app.admin().get("/p2/acme/late.json").status()).isEqualTo(200);
    }

    @Test
    void nobodyElsesPackagesAreTouched() {
        app.addUpstream(OTHER, "*", 20, false);
        app.serveStatus(UPSTREAM + "/p2/acme/theirs.json", 404);
        app.publishAt(OTHER, "acme/theirs", version("acme/theirs", "1.0.0", A, ""));
        assertThat(app.admin().get("/p2/acme/theirs.json").status()).isEqualTo(200);
        says(action("delete", "acme/theirs") + "," + action("update", "acme/theirs"));
        app.upstream().forgetRequests();
        app.work(2);
        assertThat(app.admin().get("/p2/acme/theirs.json").status()).isEqualTo(200);
        assertThat(app.upstream().requestsTo(OTHER + "/p2/acme/theirs.json")).isEmpty();
        says(action("delete", "acme/theirs"));
        app.work(1);
        assertThat(app.admin().get("/p2/acme/theirs.json").status()).isEqualTo(200);
    }

    @Test
    void aNameOutsideTheUpstreamsPatternsIsNoneOfItsBusiness() {
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"patterns\":[\"other/*\"]}");
        publishNewVersion();
        says(action("update", "acme/tool"));
        app.work(3);
        assertThat(showsNewVersion()).isFalse();
    }

    @Test
    void aResyncMakesEverythingStaleThatItOwnsAPageAtATime() {
        for (int i = 0; i < 3; i++) {
            app.publish("acme/t" + i, version("acme/t" + i, "1.0.0", A, ""));
            app.admin().get("/p2/acme/t" + i + ".json");
        }
        publishNewVersion();
        says(action("resync", "*"));
        app.work(1);
        says("");
        app.work(1);
        assertThat(showsNewVersion()).isTrue();
        app.work(10);
        assertThat(app.count("document WHERE fresh_until = 0")).isZero();
        assertThat(app.count("document WHERE fresh_until > 1")).isEqualTo(4);
    }

    @Test
    void anAnswerThatWasOnItsWayBeforeTheChangeDoesNotHideIt() {
        app.clock().advance(Duration.ofDays(30));
        boolean[] nested = {false};
        String old = "{\"packages\":{\"acme/tool\":[" + version("acme/tool", "1.0.0", A, "") + "]}}";
        app.upstream().serves(UP_TOOL, request -> {
            if (!nested[0]) {
                nested[0] = true;
                publishNewVersion(); // Whoever asks from here on gets the new file, but for the request under way.
                says(action("update", "acme/tool"));
                app.work(2);
            }
            return new Response(200, Headers.of(), Body.of(old.getBytes(StandardCharsets.UTF_8)));
        });
        assertThat(app.admin().at(app.isolate()).get(TOOL).status()).isEqualTo(200);
        assertThat(showsNewVersion()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"actions\":[]}",
                "{\"actions\":[],\"timestamp\":\"17955216000000\"}",
                "{\"actions\":[],\"timestamp\":-1}",
                "{\"actions\":[],\"timestamp\":1.7e13}",
                "{\"actions\":[],\"timestamp\":99999999999999}",
                "{\"actions\":[],\"timestamp\":17955216000000}x"
            })
    void whatIsNoListOfChangesIsRefusedAndAskedForAgainFromTheSameTime(String json) {
        answers("{\"actions\":[],\"timestamp\":17955216000000}");
        app.work(1);
        answers(json);
        app.work(1);
        assertThat(problem()).isEqualTo("upstream_untrusted");
        publishNewVersion();
        says(action("update", "acme/tool"));
        app.work(1);
        assertThat(problem()).isEmpty();
        assertThat(asked).endsWith("17955216000000");
        assertThat(showsNewVersion()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null,7,\"x\",[[]],{}",
                "{\"type\":\"update\"},{\"package\":\"acme/tool\"},{\"type\":7,\"package\":\"acme/tool\"}",
                "{\"type\":\"update\",\"package\":\"../../etc\"},{\"type\":\"update\",\"package\":\"acme\"}",
                "{\"type\":\"explode\",\"package\":\"acme/tool\"},{\"type\":\"resync\",\"package\":\"nonsense\"}",
                "{\"type\":\"delete\",\"package\":\"acme/tool\",\"type\":\"delete\"}"
            })
    void actionsThatMakeNoSenseAreLeftOut(String actions) {
        says(actions);
        app.upstream().forgetRequests();
        app.work(3);
        assertThat(problem()).isEmpty();
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        assertThat(app.upstream().requestsTo(UP_TOOL)).isEmpty();
    }

    @Test
    void aListThatIsTooLongIsAsGoodAsAResync() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            many.append(action("update", "other/p" + i)).append(',');
        }
        publishNewVersion();
        says(many + action("update", "acme/tool"));
        app.work(1);
        says("");
        app.work(1);
        assertThat(showsNewVersion()).isTrue();
    }

    @Test
    void aListWithoutEndIsNotReadToItsEnd() {
        publishNewVersion();
        String huge = "{\"actions\":[" + action("update", "other/p" + "x".repeat(3_000_000)) + "]}";
        answers(huge);
        app.work(1);
        says("");
        app.work(1);
        assertThat(problem()).isEmpty();
        assertThat(showsNewVersion()).isTrue();
    }

    @Test
    void anUpstreamThatIsAwayIsAskedLessAndLessAndNothingIsLost() {
        answers("{\"actions\":[],\"timestamp\":17955216000000}");
        app.work(1);
        answers(request -> new Response(503, Headers.of(), Body.empty()));
        app.work(60);
        assertThat(asked.size()).isBetween(5, 10);
        assertThat(problem()).isEqualTo("upstream_failing");
        publishNewVersion();
        says(action("update", "acme/tool"));
        int before = asked.size();
        app.work(16);
        assertThat(asked.subList(1, before + 1)).containsOnly("17955216000000");
        assertThat(showsNewVersion()).isTrue();
    }

    @Test
    void anUpstreamWithoutAListIsAskedForOneOnceAnHour() {
        app.serve(UPSTREAM + "/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.admin().send("PATCH", "/api/upstreams/" + id, "{}"); // Then it is looked at again.
        app.drain();
        app.upstream().forgetRequests();
        app.work(59);
        assertThat(app.upstream().requestsTo(UPSTREAM + "/packages.json").size())
                .isLessThanOrEqualTo(2);
        assertThat(asked).isEmpty();
    }

    @Test
    void anUpstreamThatIsSwitchedOffOrDeletedIsAskedNoMore() {
        says("");
        app.work(1);
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"enabled\":false}");
        asked.clear();
        app.work(3);
        assertThat(asked).isEmpty();
        assertThat(app.count("job WHERE kind = 'feed'")).isZero();
    }

    @Test
    void aWholeRunStaysWithinTheSmallestPlan() {
        for (int i = 0; i < 30; i++) {
            app.publish("acme/t" + i, version("acme/t" + i, "1.0.0", A, ""));
            app.admin().get("/p2/acme/t" + i + ".json");
        }
        StringBuilder actions = new StringBuilder(action("delete", "acme/t0"));
        for (int i = 1; i < 30; i++) {
            app.publish("acme/t" + i, version("acme/t" + i, "1.1.0", B, ""), version("acme/t" + i, "1.0.0", B, ""));
            actions.append(',').append(action("update", "acme/t" + i));
            app.objects().put("artifact/orphan" + i, Body.of(TestApp.zip("x")), null);
        }
        says(actions.toString());
        app.clock().advance(Duration.ofDays(2));
        for (int minute = 0; minute < 60; minute++) {
            if (minute == 1) {
                says("");
            }
            long queries = app.counts().of("d1_statements");
            long requests = requests();
            app.work(1);
            // 40 for the jobs, and what the sealer of the audit log takes before them.
            assertThat(app.counts().of("d1_statements") - queries).isLessThanOrEqualTo(44);
            assertThat(requests() - requests).isLessThanOrEqualTo(40);
        }
        assertThat(app.count("document WHERE fresh_until = 0")).isZero();
        assertThat(app.objects().keys()).noneMatch(key -> key.contains("orphan"));
        assertThat(app.count("job WHERE problem <> ''")).isZero();
    }

    private long requests() {
        return app.counts().of("upstream_requests")
                + app.counts().of("r2_reads")
                + app.counts().of("r2_writes");
    }
}
