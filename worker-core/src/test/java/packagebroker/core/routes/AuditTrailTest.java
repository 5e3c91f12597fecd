package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.AuditLogs.SETTINGS;
import static packagebroker.core.routes.AuditLogs.days;
import static packagebroker.core.routes.AuditLogs.lines;
import static packagebroker.core.routes.AuditLogs.types;
import static packagebroker.core.routes.AuditLogs.verified;
import static packagebroker.core.routes.AuditLogs.work;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** The audit log as its readers get it: searched, exported, archived, checked. */
class AuditTrailTest {
    /** Follows all pages of a search and returns {@code stream seq line action} of each event. */
    private static List<String> found(TestApp app, String query, int limit) {
        List<String> found = new ArrayList<>();
        String after = "";
        for (int page = 0; page < 500; page++) {
            Response response = app.admin().get("/api/audit?limit=" + limit + "&" + query + after);
            assertThat(response.status()).isEqualTo(200);
            String body = text(response);
            JsonObject answer = Json.read(body.getBytes(StandardCharsets.UTF_8));
            for (int at = body.indexOf("{\"stream\""); at >= 0; at = body.indexOf("{\"stream\"", at + 1)) {
                found.add(field(body, at, "stream") + " " + field(body, at, "seq") + " " + field(body, at, "line") + " "
                        + field(body, at, "action"));
            }
            String next = answer.findText("next", 100);
            if (next == null) {
                return found;
            }
            after = "&after=" + next;
        }
        throw new AssertionError("the pages have no end");
    }

    private static String field(String json, int from, String name) {
        int at = json.indexOf("\"" + name + "\":", from) + name.length() + 3;
        int end = Math.min(json.indexOf(',', at), json.indexOf('}', at));
        return json.substring(at, end).replace("\"", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/audit?sort=hash%20desc",
                "/api/audit?actr=setup",
                "/api/audit?limit=5&Actor=setup",
                "/api/audit/export?filter=x",
                "/api/audit/verify?form=1",
                "/api/audit/checkpoints?limit=1"
            })
    void aMisspeltConditionIsRefusedAndNotPassedOver(String path) {
        try (TestApp app = TestApp.start()) {
            assertThat(app.admin().get(path).status()).isEqualTo(400);
        }
    }

    @Test
    void anExportHoldsEachRowOnceUnderItsSealAndEndsWithASignature() throws NoSuchAlgorithmException {
        try (TestApp app = TestApp.start()) {
            days(app, 1);
            app.token("*");
            Response export = app.admin().get("/api/audit/export");
            assertThat(export.findHeader("content-type")).isEqualTo("application/x-ndjson");
            assertThat(export.findHeader("cache-control")).isEqualTo("private, no-store");
            String all = text(export);
            List<String> raw = all.lines().toList();
            List<JsonObject> lines = raw.stream()
                    .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
            assertThat(types(lines).get(0)).isEqualTo("export");
            assertThat(types(lines).get(lines.size() - 1)).isEqualTo("end");
            assertThat(types(lines).stream().filter("event"::equals).count()).isEqualTo(app.count("audit"));
            assertThat(types(lines).stream().filter("reads"::equals).count()).isEqualTo(5);
            assertThat(types(lines).stream().filter("seal"::equals).count()).isEqualTo(app.count("seal"));
            String before = all.substring(0, all.indexOf("{\"type\":\"end\""));
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(before.getBytes(StandardCharsets.UTF_8)));
            assertThat(lines.get(lines.size() - 1).text("sha256", 64)).isEqualTo(sha256);
            assertThat(lines.get(lines.size() - 1).rawText("note"))
                    .startsWith(
                            "package.broker/audit\nexport of seals 0 to " + app.count("seal") + "\n" + sha256 + "\n");
            assertThat(all).contains("\"action\":\"create.token\"");
        }
    }

    @Test
    void anExportOfATimeBeginsAfterASealAndEndsWithOne() {
        try (TestApp app = TestApp.start()) {
            days(app, 3);
            long middle = app.clock().millis() - Duration.ofHours(36).toMillis();
            List<JsonObject> lines = lines(app.admin().get("/api/audit/export?from=" + middle));
            JsonObject after = lines.get(0).findObject("after");
            assertThat(after).isNotNull();
            assertThat(after.number("at", 0, Long.MAX_VALUE, 0)).isLessThan(middle);
            long number = after.number("number", 0, Long.MAX_VALUE, 0);
            assertThat(number).isGreaterThan(3);
            long sealed = app.rows("SELECT COUNT(*) AS n FROM audit WHERE at >= " + middle)
                    .get(0)
                    .number("n");
            assertThat(types(lines).stream().filter("event"::equals).count()).isGreaterThanOrEqualTo(sealed);
            lines = lines(app.admin().get("/api/audit/export?to=" + middle));
            assertThat(lines.get(0).findObject("after")).isNull();
            assertThat(lines.get(lines.size() - 1).number("last", 0, 1000, 0)).isBetween(number, app.count("seal") - 1);
            lines = lines(app.admin().get("/api/audit/export?after=" + number));
            assertThat(lines.get(0).findObject("after").number("number", 0, 1000, 0))
                    .isEqualTo(number);
        }
    }

    @Test
    void aLongExportIsBrokenOffAndGoesOn() {
        try (TestApp app = TestApp.start()) {
            app.database().update(Statement.of("""
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)
                    INSERT INTO audit (at, request, actor, action, target, outcome, status, address, agent, detail, hash)
                    SELECT a.at, a.request || i, a.actor, a.action, a.target, a.outcome, a.status, a.address, a.agent,
                           a.detail, a.hash
                    FROM n, (SELECT * FROM audit WHERE seq = 1) a
                    """));
            for (int i = 0; i < 25; i++) {
                work(app);
            }
            List<JsonObject> first = lines(app.admin().get("/api/audit/export"));
            long next = first.get(first.size() - 1).number("next", 1, 10_000, 0);
            List<JsonObject> second = lines(app.admin().get("/api/audit/export?after=" + next));
            assertThat(second.get(0).findObject("after").number("number", 0, 10_000, 0))
                    .isEqualTo(next);
            assertThat(second.get(second.size() - 1).has("next")).isTrue();
            assertThat(first.size() + second.size()).isGreaterThan(45_000);
        }
    }

    @Test
    void aSpreadsheetFindsNoFormulaInTheLog() {
        try (TestApp app = TestApp.start()) {
            app.admin().get("/packages.json", "user-agent", "=cmd|' /C calc'!A0");
            app.admin().get("/packages.json", "user-agent", "@SUM(1),\"x\"");
            app.admin().get("/packages.json", "user-agent", "-1\u001b[31m");
            app.drain();
            Response export = app.admin().get("/api/audit/export?format=csv");
            assertThat(export.findHeader("content-type")).isEqualTo("text/csv; charset=utf-8");
            String csv = text(export);
            assertThat(csv)
                    .startsWith(
                            "stream,seq,line,at,request,actor,action,target,outcome,status,address,agent,detail,hash\r\n");
            assertThat(csv)
                    .contains(",'=cmd|' /C calc'!A0,")
                    .contains(",\"'@SUM(1),\"\"x\"\"\",")
                    .contains(",'-1 [31m,");
            assertThat(csv)
                    .contains("read,1,1,")
                    .contains("read,1,3,")
                    .contains("event,1,0,")
                    .contains("\r\nseal,1,,");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 200})
    void aSearchFindsEachEventOnceHoweverLongItsPages(int limit) {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1")) {
            days(app, 6);
            app.admin().send("PATCH", "/api/settings", SETTINGS);
            assertThat(app.count("audit_archive")).isPositive();
            long archives = app.count("audit_archive");
            List<String> found = found(app, "to=" + app.clock().millis() + "&action=change.settings", limit);
            assertThat(found).hasSize(31).doesNotHaveDuplicates();
            found = found(app, "action=read.root", limit);
            assertThat(found).hasSize(30).doesNotHaveDuplicates();
            assertThat(found(app, "action=archive.audit", limit)).hasSize((int) archives);
        }
    }

    @Test
    void aSearchKnowsWhoWhatWhereAndWhen() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            long before = app.clock().millis();
            app.clock().advance(Duration.ofHours(1));
            String token = app.token("acme/*");
            String id = app.rows("SELECT id FROM token WHERE name = 't'").get(0).text("id");
            app.as(token).get("/p2/acme/tool.json", "cf-connecting-ip", "192.0.2.7");
            app.anonymous().get("/p2/acme/tool.json");
            app.drain();
            assertThat(found(app, "actor=token:" + id, 200)).containsExactly("read 1 1 read.metadata");
            assertThat(found(app, "target=acme/tool", 200)).containsExactly("read 1 1 read.metadata");
            assertThat(found(app, "target=" + id, 200)).containsExactly("event 2 0 create.token");
            assertThat(found(app, "address=192.0.2.7", 200)).containsExactly("read 1 1 read.metadata");
            assertThat(found(app, "outcome=deny", 200))
                    .containsExactly("read 1 2 read.metadata", "read 1 1 read.metadata");
            assertThat(found(app, "to=" + before, 200)).containsExactly("event 1 0 create.instance");
            assertThat(found(app, "from=" + (before + 1) + "&action=create.token", 200))
                    .containsExactly("event 2 0 create.token");
            String request =
                    app.rows("SELECT request FROM audit WHERE seq = 2").get(0).text("request");
            assertThat(found(app, "request=" + request, 200)).containsExactly("event 2 0 create.token");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=201",
                "?limit=x",
                "?after=x",
                "?after=d1.2",
                "?after=d1.2.x",
                "?after=d-1.2.3",
                "?after=z1.2.3",
                "?from=x",
                "?to=-1",
                "?from=99999999999999999999",
                "/export?format=xml",
                "/export?after=-1",
                "/verify?from=x",
                "/checkpoints?after=x",
                "?actor=%00"
            })
    void aQueryThatMakesNoSenseIsRefused(String query) {
        try (TestApp app = TestApp.start()) {
            assertThat(app.admin().get("/api/audit" + query).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit SET actor = 'x' WHERE seq = 4",
                "UPDATE audit SET at = at + 1 WHERE seq = 4",
                "UPDATE audit SET outcome = 'deny' WHERE seq = 4",
                "UPDATE audit SET hash = '0000000000000000000000000000000000000000000000000000000000000000' WHERE seq = 4",
                "DELETE FROM audit WHERE seq = 4",
                "UPDATE audit_segment SET body = body || body WHERE seq = 2",
                "UPDATE audit_segment SET first = 9 WHERE seq = 2",
                "DELETE FROM audit_segment WHERE seq = 2",
                "UPDATE seal SET head = '0000000000000000000000000000000000000000000000000000000000000000' WHERE number = 3",
                "UPDATE seal SET entries = entries + 1 WHERE number = 3",
                "UPDATE seal SET at = at + 1 WHERE number = 3",
                "UPDATE seal SET audit_upto = audit_upto + 1 WHERE number = 3",
                "UPDATE seal SET note = replace(note, 'seal 3', 'seal 4') WHERE number = 3",
                "DELETE FROM seal WHERE number = 3"
            })
    void tamperingWithTheDatabaseIsSeen(String sql) {
        try (TestApp app = TestApp.start()) {
            days(app, 1);
            assertThat(verified(app).flag("ok", false)).isTrue();
            app.database().update(Statement.of(sql));
            JsonObject verified = verified(app);
            assertThat(verified.flag("ok", true)).isFalse();
            assertThat(verified.text("problem", 200)).startsWith("seal ");
        }
    }

    @Test
    void checkpointsAndTheKeyAreShown() {
        try (TestApp app = TestApp.start()) {
            days(app, 1);
            String checkpoints = text(app.admin().get("/api/audit/checkpoints?after=2"));
            assertThat(checkpoints).contains("\"number\":3").doesNotContain("\"number\":2,");
            JsonObject key = json(app.as(app.token("*")).get("/api/audit/key"));
            assertThat(key.text("algorithm", 10)).isEqualTo("Ed25519");
            assertThat(key.text("key", 200))
                    .startsWith("package.broker/audit+")
                    .endsWith(key.text("key", 200).substring(30));
        }
    }
}
