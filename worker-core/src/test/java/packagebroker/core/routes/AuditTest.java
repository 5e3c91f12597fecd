package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.testing.TestApp;

/** What every route leaves in the audit log: a row with a change, an event of a read, and nothing that was not so. */
class AuditTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String UPSTREAM_BODY =
            "{\"name\":\"u\",\"url\":\"https://new.example.com\",\"patterns\":[\"b/*\"]}";
    private static final String TOKEN_BODY = "{\"name\":\"t\",\"kind\":\"read\",\"patterns\":[\"*\"]}";

    private static List<String> actions(TestApp app) {
        List<String> actions = new ArrayList<>();
        app.rows("SELECT action FROM audit ORDER BY seq").forEach(row -> actions.add(row.text("action")));
        return actions;
    }

    private static List<String[]> events(TestApp app) {
        app.drain();
        List<String[]> events = new ArrayList<>();
        for (var row : app.rows("SELECT body FROM audit_segment ORDER BY isolate, first")) {
            for (String line : row.text("body").lines().toList()) {
                events.add(line.split("\t", -1));
            }
        }
        return events;
    }

    @Test
    void eachChangeThatSucceedsLeavesOneRow() {
        try (TestApp app = TestApp.start()) {
            TestApp.Caller admin = app.admin();
            app.serveRoot("https://new.example.com");
            String upstream =
                    json(admin.send("POST", "/api/upstreams", UPSTREAM_BODY)).text("id", 50);
            admin.send("PATCH", "/api/upstreams/" + upstream, "{\"priority\":1}");
            admin.send("DELETE", "/api/upstreams/" + upstream, "{}");
            String token = json(admin.send("POST", "/api/tokens", TOKEN_BODY)).text("id", 50);
            admin.send("DELETE", "/api/tokens/" + token, "{}");
            admin.send("PATCH", "/api/settings", "{\"base_url\":\"" + TestApp.BASE + "\"}");
            assertThat(actions(app))
                    .containsExactly(
                            "create.instance",
                            "create.upstream",
                            "change.upstream",
                            "delete.upstream",
                            "create.token",
                            "revoke.token",
                            "change.settings");
            assertThat(app.rows("SELECT actor, outcome, request FROM audit WHERE seq > 1"))
                    .allMatch(row -> row.text("actor").startsWith("token:"))
                    .allMatch(row -> row.text("outcome").equals("allow"))
                    .extracting(row -> row.text("request"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void eachChangeThatIsRefusedLeavesAnEventAndNoRow() {
        try (TestApp app = TestApp.start()) {
            TestApp.Caller reader = app.as(app.token("*"));
            app.drain();
            long rows = app.count("audit");
            int before = events(app).size();
            for (TestApp.Caller caller : List.of(app.anonymous(), reader, app.admin())) {
                caller.send("POST", "/api/upstreams", "{}");
                caller.send("PATCH", "/api/upstreams/none", "{}");
                caller.send("DELETE", "/api/upstreams/none", "{}");
                caller.send("POST", "/api/tokens", "{}");
                caller.send("DELETE", "/api/tokens/none", "{}");
                caller.send("PATCH", "/api/settings", "{}");
                caller.send("POST", "/api/setup", "{}");
            }
            assertThat(app.count("audit")).isEqualTo(rows);
            List<String[]> events = events(app);
            assertThat(events.subList(before, events.size())).hasSize(21).allMatch(event -> event[5].startsWith("4"));
        }
    }

    @Test
    void aChangeThatTheDatabaseDidNotTakeIsNoChange() {
        for (String[] change : new String[][] {
            {"POST", "/api/upstreams", UPSTREAM_BODY},
            {"PATCH", "/api/upstreams/{upstream}", "{\"priority\":1}"},
            {"DELETE", "/api/upstreams/{upstream}", "{}"},
            {"POST", "/api/tokens", TOKEN_BODY},
            {"POST", "/api/tokens/{token}/rotate", "{}"},
            {"DELETE", "/api/tokens/{token}", "{}"},
            {"POST", "/api/freeze", "{\"reason\":\"r\"}"},
            {"PATCH", "/api/settings", "{\"base_url\":\"https://x.example\"}"},
        }) {
            try (TestApp app = TestApp.start()) {
                String upstream = app.addUpstream("acme/*");
                String token = app.rows("SELECT id FROM token WHERE kind = 'admin'")
                        .get(0)
                        .text("id");
                String path = change[1].replace("{upstream}", upstream).replace("{token}", token);
                app.serveRoot("https://new.example.com");
                app.drain();
                failsWholeAtEachStep(app, () -> app.admin().send(change[0], path, change[2]));
            }
        }
    }

    /** Breaks the database before each call of a change, until it is made: then so is its row, and not before. */
    private static void failsWholeAtEachStep(TestApp app, Supplier<Response> change) {
        List<Object> before = state(app);
        int calls = 0;
        Response response = broken(app, change, calls);
        assertThat(text(response)).contains("\"database_unavailable\"");
        while (state(app).equals(before)) {
            assertThat(response.status()).isEqualTo(503);
            response = broken(app, change, ++calls);
            assertThat(calls).as("calls of a change").isLessThan(20);
        }
        assertThat(calls).as("calls of a change").isGreaterThan(1);
        List<Object> after = state(app);
        assertThat(after.get(0)).isEqualTo((long) before.get(0) + 1);
        assertThat(after.subList(1, after.size())).isNotEqualTo(before.subList(1, before.size()));
    }

    private static Response broken(TestApp app, Supplier<Response> change, int calls) {
        app.database().faults().breakAfter(calls);
        try {
            return change.get();
        } finally {
            app.database().faults().mend();
        }
    }

    private static List<Object> state(TestApp app) {
        List<Object> state = new ArrayList<>();
        state.add(app.count("audit"));
        app.rows("SELECT hash FROM token WHERE revoked_at IS NULL ORDER BY hash")
                .forEach(row -> state.add(row.text("hash")));
        app.rows("SELECT id, priority FROM upstream ORDER BY id")
                .forEach(row -> state.add(row.text("id") + row.number("priority")));
        app.rows("SELECT name, value FROM setting ORDER BY name").forEach(row -> state.add(row.text("value")));
        return state;
    }

    @Test
    void eachReadIsAnEventWithItsCallerTargetAndStatus() {
        try (TestApp app = TestApp.start()) {
            app.addUpstream("acme/*");
            app.publish("acme/tool", version("acme/tool", "1.0.0", A, ""));
            app.serveStatus(UPSTREAM + "/a/" + A + ".zip", 500);
            int before = events(app).size();
            app.admin().get("/p2/acme/tool.json", "cf-connecting-ip", "192.0.2.7", "user-agent", "Composer/2.9");
            app.admin().get("/dist/acme/tool/1.0.0.0/r" + A + ".zip");
            app.admin().get("/nothing");
            app.anonymous().get("/p2/acme/tool~dev.json");
            app.admin().get("/api/health");
            List<String[]> events = events(app);
            events = events.subList(before, events.size());
            assertThat(events).hasSize(4);
            assertThat(events.get(0)[2]).startsWith("token:");
            assertThat(List.of(events.get(0)).subList(3, 8))
                    .containsExactly("read.metadata", "acme/tool", "200", "192.0.2.7", "Composer/2.9");
            assertThat(List.of(events.get(1)).subList(3, 6))
                    .containsExactly("read.dist", "acme/tool/1.0.0.0/r" + A + ".zip", "503");
            assertThat(List.of(events.get(2)).subList(3, 6)).containsExactly("read.unknown", "", "404");
            assertThat(List.of(events.get(3)).subList(2, 6)).containsExactly("anonymous", "read.metadata", "", "401");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\tb",
                "a\nb",
                "a\r\nb",
                "\u0000",
                "\u007f\t",
                "x\u001b[2J",
                "a\u0085b",
                "\u009b2J",
                "a\u202eb",
                "\u2066"
            })
    void aHeaderCannotForgeAnEvent(String agent) {
        try (TestApp app = TestApp.start()) {
            int before = events(app).size();
            app.admin().get("/packages.json", "user-agent", agent, "cf-connecting-ip", agent);
            List<String[]> events = events(app);
            assertThat(events).hasSize(before + 1);
            assertThat(events.get(before)).hasSize(8);
            assertThat(events.get(before)[7])
                    .doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]");
        }
    }

    @Test
    void anEndlessHeaderIsCut() {
        try (TestApp app = TestApp.start()) {
            int before = events(app).size();
            app.admin().get("/packages.json", "user-agent", "a".repeat(5_000));
            assertThat(events(app).get(before)[7]).hasSize(256);
        }
    }

    @Test
    void eventsOfAnIsolateAreNumberedWithoutGaps() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            for (int i = 0; i < 1_203; i++) {
                app.admin().get("/packages.json");
                if (i % 400 == 7) {
                    app.drain();
                }
            }
            app.drain();
            long next = 1;
            for (var row : app.rows("SELECT first, events, body FROM audit_segment ORDER BY first")) {
                assertThat(row.number("first")).isEqualTo(next);
                assertThat(row.number("events")).isLessThanOrEqualTo(500);
                assertThat(row.text("body").lines()).hasSize((int) row.number("events"));
                next += row.number("events");
            }
            assertThat(next).isEqualTo(1_204);
        }
    }

    @Test
    void aSegmentThatIsLostLeavesAGapThatShows() {
        try (TestApp app = TestApp.start()) {
            app.admin().get("/packages.json");
            app.drain();
            app.admin().get("/packages.json");
            app.database().faults().breakAfter(0);
            app.drain();
            app.database().faults().mend();
            app.admin().get("/packages.json");
            app.drain();
            assertThat(app.rows("SELECT first FROM audit_segment ORDER BY first"))
                    .extracting(row -> row.number("first"))
                    .containsExactly(1L, 3L);
            assertThat(app.log().lines()).anyMatch(line -> line.startsWith("error audit.gap"));
        }
    }

    @Test
    void aLeaderThatWasCutOffIsReplaced() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            app.admin().get("/packages.json");
            app.cutOff();
            app.clock().advance(Duration.ofSeconds(6));
            app.admin().get("/packages.json");
            assertThat(events(app)).hasSize(2);
        }
    }

    @Test
    void strictlyEachReadHasItsRowBeforeItsAnswer() {
        try (TestApp app = TestApp.start("AUDIT_MODE", "strict")) {
            app.admin().get("/packages.json");
            app.anonymous().get("/packages.json");
            assertThat(app.rows("SELECT status FROM audit WHERE action = 'read.root' ORDER BY seq"))
                    .extracting(row -> row.number("status"))
                    .containsExactly(200L, 401L);
            assertThat(app.count("audit_segment")).isZero();
            app.drain();
            app.database().faults().breakAfter(1);
            Response response = app.admin().get("/packages.json");
            app.database().faults().mend();
            assertThat(response.status()).isEqualTo(503);
            assertThat(app.count("audit WHERE action = 'read.root'")).isEqualTo(2);
        }
    }

    @Test
    void anEventTellsWhatATokenMayAndNotWhatItIs() {
        try (TestApp app = TestApp.start()) {
            String token = app.token("acme/*");
            String detail = app.rows("SELECT detail FROM audit WHERE action = 'create.token'")
                    .get(0)
                    .text("detail");
            assertThat(detail).contains("\"patterns\":[\"acme/*\"]").doesNotContain(token);
            app.as(token).get("/packages.json?x=" + Json.quote(token));
            assertThat(events(app)).noneMatch(event -> String.join(" ", event).contains(token));
        }
    }
}
