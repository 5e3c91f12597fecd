package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.testing.TestApp;

/** Documents that are looked at although nobody waits for them, and {@code GET /api/jobs}. */
class RefreshTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String UP_TOOL = UPSTREAM + TOOL;

    private final TestApp app = TestApp.start();
    private String id = "";

    @BeforeEach
    void start() {
        id = app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        app.work(1);
        app.upstream().forgetRequests();
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void aDocumentIsLookedAtOnceADayThoughNobodyAsks() {
        app.clock().advance(Duration.ofHours(20));
        app.work(10);
        assertThat(app.upstream().requestsTo(UP_TOOL)).isEmpty();
        app.clock().advance(Duration.ofHours(5));
        app.work(60);
        assertThat(app.upstream().requestsTo(UP_TOOL)).hasSize(1);
    }

    @Test
    void whatWasNewIsThereWhenTheUpstreamGoesAway() {
        app.publish("acme/tool", version("acme/tool", "1.1.0", B, ""), version("acme/tool", "1.0.0", A, ""));
        app.clock().advance(Duration.ofHours(25));
        app.work(10);
        app.clock().advance(Duration.ofHours(1));
        app.upstream().fails(UP_TOOL, Reason.UNREACHABLE);
        assertThat(text(app.admin().get(TOOL))).contains("1.1.0");
    }

    @Test
    void aRetagIsNoticedThoughNobodyAsks() {
        app.publish("acme/tool", version("acme/tool", "1.0.0", B, ""));
        app.clock().advance(Duration.ofHours(25));
        app.work(10);
        assertThat(app.count("alert WHERE kind = 'retag'")).isEqualTo(1);
        assertThat(app.rows("SELECT actor FROM audit WHERE action = 'refuse.retag'")
                        .get(0)
                        .text("actor"))
                .isEqualTo("system");
    }

    @Test
    void manyDocumentsAreLookedAtAFewAMinuteAndAllOfThem() {
        for (int i = 0; i < 60; i++) {
            app.publish("acme/t" + i, version("acme/t" + i, "1.0.0", A, ""));
            app.admin().get("/p2/acme/t" + i + ".json");
        }
        app.clock().advance(Duration.ofHours(25));
        app.upstream().forgetRequests();
        for (int minute = 0; minute < 120; minute++) {
            int before = app.upstream().requests().size();
            app.work(1);
            assertThat(app.upstream().requests().size() - before).isLessThanOrEqualTo(4);
        }
        assertThat(app.upstream().requests().stream()
                        .filter(request -> request.path().startsWith("/p2/"))
                        .distinct())
                .hasSize(61);
    }

    @Test
    void whatIsGoneOrSwitchedOffIsLeftAlone() {
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"enabled\":false}");
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
        app.clock().advance(Duration.ofDays(2));
        long before = app.counts().of("d1_statements");
        app.work(1);
        app.work(30);
        assertThat(app.upstream().requests()).isEmpty();
        assertThat(app.counts().of("d1_statements") - before)
                .isLessThan(30 * 14); // Nothing is remembered here: each kind that has subjects reads them.
    }

    @Test
    void aDocumentWhoseObjectIsLostHoldsUpNobody() {
        app.publish("acme/other", version("acme/other", "1.0.0", A, ""));
        app.admin().get("/p2/acme/other.json");
        app.objects()
                .delete(app.rows("SELECT object FROM document WHERE package = 'acme/other'")
                        .get(0)
                        .text("object"));
        app.admin().send("PATCH", "/api/upstreams/" + id, "{\"url\":\"https://moved.example.com\"}");
        app.serve("https://moved.example.com/packages.json", "{\"metadata-url\":\"/p2/%package%.json\"}");
        app.publishAt("https://moved.example.com", "acme/other", version("acme/other", "1.0.0", A, ""));
        app.publishAt("https://moved.example.com", "acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.work(20);
        assertThat(app.upstream().requestsTo("https://moved.example.com/p2/acme/tool.json"))
                .hasSize(1);
        assertThat(app.count("document WHERE fresh_until = 0")).isZero();
    }

    @Test
    void theJobsAreListedWithWhatKeepsThem() {
        app.work(20);
        assertThat(text(app.admin().get("/api/jobs")))
                .startsWith("{\"jobs\":[{\"kind\":\"")
                .contains("\"kind\":\"feed\",\"subject\":\"" + id + "\"")
                .contains("\"kind\":\"refresh\",\"subject\":\"\"")
                .contains("\"tries\":0,\"problem\":\"\"}")
                .doesNotContain("\"last_run\":0");
    }
}
