package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

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
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code GET /metadata/changes.json}: our own list of changes. */
class ChangesTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private final TestApp app = TestApp.start();
    private long since;

    @BeforeEach
    void start() {
        app.addUpstream("*");
        app.clock().advance(Duration.ofMinutes(5));
        since = timestamp(app.admin().get("/metadata/changes.json"));
        app.clock().advance(Duration.ofMinutes(5));
    }

    @AfterEach
    void close() {
        app.close();
    }

    private static long timestamp(Response response) {
        return json(response).number("timestamp", 0, Long.MAX_VALUE, -1);
    }

    private String changes(TestApp.Caller caller, long from) {
        return text(caller.get("/metadata/changes.json?since=" + from));
    }

    private void ask(String name, String version, String reference) {
        app.publish(name, version(name, version, reference, ""));
        app.admin().get("/p2/" + name + ".json");
    }

    private static String action(String type, String name, long at) {
        return "{\"type\":\"" + type + "\",\"package\":\"" + name + "\",\"time\":" + at / 1000 + "}";
    }

    @Test
    void withoutATimeItSaysWhichTimeToAskWith() {
        Response response = app.admin().get("/metadata/changes.json");
        assertThat(text(response)).startsWith("{\"actions\":[],\"timestamp\":");
        assertThat(timestamp(app.admin().get("/metadata/changes.json")))
                .isEqualTo((app.clock().millis() - 60_000) * 10);
        assertThat(response.findHeader("cache-control")).isEqualTo("private, no-store");
    }

    @Test
    void theRootSaysWhereItIs() {
        assertThat(text(app.admin().get("/packages.json")))
                .contains("\"metadata-changes-url\":\"" + TestApp.BASE + "/metadata/changes.json\"");
    }

    @Test
    void whatChangedIsListedInOrderAndWhatDidNotIsNot() {
        ask("acme/b", "1.0.0", A);
        long first = app.clock().millis();
        app.clock().advance(Duration.ofSeconds(10));
        ask("acme/a", "1.0.0", A);
        assertThat(changes(app.admin(), since))
                .startsWith("{\"actions\":[" + action("update", "acme/b", first) + ","
                        + action("update", "acme/a", first + 10_000) + "],");
        app.clock().advance(Duration.ofMinutes(10));
        long later = timestamp(app.admin().get("/metadata/changes.json?since=" + since));
        app.admin().get("/p2/acme/a.json"); // Stale by now, and the same as before.
        assertThat(changes(app.admin(), later)).startsWith("{\"actions\":[],");
        app.clock().advance(Duration.ofMinutes(10));
        app.serve(
                UPSTREAM + "/p2/acme/a~dev.json",
                "{\"packages\":{\"acme/a\":[" + version("acme/a", "dev-main", B, "") + "]}}");
        app.admin().get("/p2/acme/a~dev.json");
        assertThat(changes(app.admin(), later))
                .contains("\"package\":\"acme/a~dev\"")
                .doesNotContain("acme/b");
    }

    @Test
    void aTokenSeesTheChangesOfItsOwnPackagesOnly() {
        ask("acme/tool", "1.0.0", A);
        ask("other/tool", "1.0.0", A);
        String seen = changes(app.as(app.token("other/*")), since);
        assertThat(seen).contains("other/tool").doesNotContain("acme");
    }

    @Test
    void aPackageThatIsGoneIsADeletionOnceItIs404AndAnUpdateWhenItIsBack() {
        ask("acme/tool", "1.0.0", A);
        app.serveStatus(UPSTREAM + "/p2/acme/tool.json", 404);
        app.clock().advance(Duration.ofHours(1));
        long missed = timestamp(app.admin().get("/metadata/changes.json"));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
        assertThat(changes(app.admin(), missed)).startsWith("{\"actions\":[],");
        app.clock().advance(Duration.ofHours(25));
        long before = timestamp(app.admin().get("/metadata/changes.json"));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(404);
        long gone = app.clock().millis();
        assertThat(changes(app.admin(), before)).contains(action("delete", "acme/tool", gone));
        app.clock().advance(Duration.ofMinutes(10));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(404);
        assertThat(changes(app.admin(), before)).contains(action("delete", "acme/tool", gone));
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
        app.clock().advance(Duration.ofMinutes(10));
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
        assertThat(changes(app.admin(), before))
                .contains(action("update", "acme/tool", app.clock().millis()));
    }

    @Test
    void itsTimesRiseAndAreAskedWithAgain() {
        long last = since;
        for (int i = 0; i < 5; i++) {
            ask("acme/t" + i, "1.0.0", A);
            Response response = app.admin().get("/metadata/changes.json?since=" + last);
            long next = timestamp(response);
            assertThat(next).isGreaterThan(last);
            last = next;
            app.clock().advance(Duration.ofMinutes(2));
        }
    }

    @Test
    void aChangeThatBecameVisibleLateIsNotMissed() {
        app.publish("acme/slow", version("acme/slow", "1.0.0", A, ""));
        byte[] slow = ("{\"packages\":{\"acme/slow\":[" + version("acme/slow", "1.0.0", A, "") + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        long[] polled = {0};
        app.upstream().serves(UPSTREAM + "/p2/acme/slow.json", request -> {
            app.clock().advance(Duration.ofSeconds(20));
            polled[0] = timestamp(app.admin().get("/metadata/changes.json?since=" + since));
            app.clock().advance(Duration.ofSeconds(5));
            return new Response(200, Headers.of(), Body.of(slow));
        });
        app.admin().get("/p2/acme/slow.json");
        assertThat(changes(app.admin(), polled[0])).contains("acme/slow");
    }

    @Test
    void whatCannotBeToldIsAResync() {
        String resync = "\"type\":\"resync\",\"package\":\"*\"";
        assertThat(changes(app.admin(), 0)).contains(resync);
        assertThat(changes(app.admin(), (app.clock().millis() - 90_000_000) * 10))
                .contains(resync);
        assertThat(changes(app.admin(), since)).doesNotContain(resync);
        app.addUpstream("https://second.example.com", "b/*", 20, true);
        assertThat(changes(app.admin(), since)).contains(resync);
        app.clock().advance(Duration.ofMinutes(3));
        long next = timestamp(app.admin().get("/metadata/changes.json?since=" + since));
        assertThat(changes(app.admin(), next)).startsWith("{\"actions\":[],");
        app.admin().send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "/x\"}");
        assertThat(text(app.admin().get("/x/metadata/changes.json?since=" + next)))
                .contains(resync);
    }

    @Test
    void moreThanAThousandChangesAreAResync() {
        app.database()
                .update(Statement.of("""
                        INSERT INTO document (package, dev, object, size, advertised_size, digest, versions, last_modified,
                                              upstream_modified, upstream_etag, fresh_until, missing_since, base_url, generation)
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
                        SELECT 'acme/p' || i, 0, 'document/' || i, 1, 0, '', 1, ?, '', '', ?, 0, '', 1 FROM n
                        """, app.clock().millis(), app.clock().millis()));
        assertThat(changes(app.admin(), since)).contains("\"type\":\"resync\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "17955216000000000000", "%31", "1 "})
    void aTimeThatIsNoneIsRefused(String text) {
        assertThat(app.admin().get("/metadata/changes.json?since=" + text).status())
                .isEqualTo(400);
    }
}
