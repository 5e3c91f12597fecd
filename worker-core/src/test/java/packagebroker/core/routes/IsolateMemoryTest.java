package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.testing.TestApp;

/** What an isolate remembers, with the times of a real instance. */
class IsolateMemoryTest {
    private static final String TOOL = "/p2/acme/tool.json";
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start("AUTH_CACHE_SECONDS", "60", "META_CACHE_SECONDS", "10");
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", zip("one"));
        app.clock().advance(Duration.ofSeconds(1)); // What was read in the moment of a change is not remembered.
    }

    @AfterEach
    void close() {
        app.close();
    }

    private long[] costs() {
        return new long[] {
            app.counts().of("d1_round_trips"),
            app.counts().of("r2_reads"),
            app.counts().of("upstream_requests")
        };
    }

    @Test
    void aWarmBurstCostsNoStorageButTheArchiveItself() {
        app.serveStatus(UPSTREAM + "/p2/acme/none.json", 404);
        for (String path : List.of("/packages.json", TOOL, "/p2/acme/none.json")) {
            app.admin().get(path).body().bytes(10_000);
            long[] before = costs();
            app.admin().get(path).body().bytes(10_000);
            assertThat(costs()).as(path).isEqualTo(before);
        }
        app.admin().get(DIST);
        long[] before = costs();
        app.admin().get(DIST);
        before[1]++;
        assertThat(costs()).isEqualTo(before);
    }

    @Test
    void aColdIsolateNeedsOneRoundTripForEach() {
        app.admin().get(TOOL);
        app.admin().get(DIST);
        for (String path : List.of("/packages.json", TOOL, DIST)) {
            TestApp.Caller cold = app.admin().at(app.isolate());
            long before = app.counts().of("d1_round_trips");
            assertThat(cold.get(path).status()).isEqualTo(200);
            assertThat(app.counts().of("d1_round_trips")).as(path).isEqualTo(before + 1);
        }
    }

    @Test
    void a304OfAColdIsolateTouchesNoObject() {
        String date = "" + app.admin().get(TOOL).findHeader("last-modified");
        long before = app.counts().of("r2_reads");
        TestApp.Caller cold = app.admin().at(app.isolate());
        assertThat(cold.get(TOOL, "if-modified-since", date).status()).isEqualTo(304);
        assertThat(app.counts().of("r2_reads")).isEqualTo(before);
    }

    @Test
    void whatAnotherIsolateChangedShowsInTime() {
        TestApp.Caller elsewhere = app.admin().at(app.isolate());
        assertThat(text(elsewhere.get(TOOL))).contains("1.0.0.0");
        app.clock().advance(Duration.ofSeconds(299));
        elsewhere.get(TOOL);
        app.publish("acme/tool", version("acme/tool", "1.1.0", A, ""));
        app.clock().advance(Duration.ofSeconds(2));
        assertThat(text(app.admin().get(TOOL))).contains("1.1.0.0");
        app.clock().advance(Duration.ofSeconds(10));
        assertThat(text(elsewhere.get(TOOL))).contains("1.1.0.0");
    }

    @Test
    void anotherBaseUrlShowsAtOnceInTheSameIsolate() {
        app.admin().get(TOOL).body().bytes(10_000);
        app.admin().get("/packages.json");
        app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/x\"}");
        assertThat(text(app.admin().get("/x" + TOOL))).contains(TestApp.BASE + "/x/dist/");
        assertThat(text(app.admin().get("/x/packages.json"))).contains(TestApp.BASE + "/x/p2/");
    }

    @Test
    void aChangeOfTheUpstreamsShowsAtOnceInTheSameIsolate() {
        app.admin().get(TOOL).body().bytes(10_000);
        app.admin().get("/packages.json").body().bytes(10_000);
        app.serveStatus(UPSTREAM + "/p2/acme/none.json", 404);
        assertThat(app.admin().get("/p2/acme/none.json").status()).isEqualTo(404);
        String other = app.addUpstream("https://other.example.com", "other/*", 20, false);
        app.publish("acme/none", version("acme/none", "1.0.0", A, ""));
        assertThat(text(app.admin().get("/packages.json"))).contains("other/*");
        assertThat(app.admin().get("/p2/acme/none.json").status()).isEqualTo(200);
        app.admin().send("PATCH", "/api/upstreams/" + other, "{\"patterns\":[\"another/*\"]}");
        assertThat(text(app.admin().get("/packages.json")))
                .contains("another/*")
                .doesNotContain("\"other/*\"");
        app.admin().send("DELETE", "/api/upstreams/" + other, "");
        assertThat(text(app.admin().get("/packages.json"))).doesNotContain("another/*");
    }

    @Test
    void aDeletedUpstreamIsForgottenAtOnceInTheSameIsolate() {
        String id = app.rows("SELECT id FROM upstream").get(0).text("id");
        assertThat(app.admin().get(TOOL).status()).isEqualTo(200);
        app.admin().send("DELETE", "/api/upstreams/" + id, "");
        assertThat(app.admin().get(TOOL).status()).isEqualTo(404);
    }

    @Test
    void whatWasReadBeforeAChangeIsNotRememberedAfterIt() {
        String other = "https://other.example.com";
        app.publishAt(other, "acme/new", version("acme/new", "1.0.0", A, ""));
        app.upstream().serves(UPSTREAM + "/p2/acme/new.json", request -> {
            app.clock().advance(Duration.ofMillis(1));
            app.addUpstream(other, "acme/*", 20, false);
            return new Response(404, Headers.of(), Body.empty());
        });
        assertThat(app.admin().get("/p2/acme/new.json").status()).isEqualTo(404);
        assertThat(app.admin().get("/p2/acme/new.json").status()).isEqualTo(200);
    }
}
