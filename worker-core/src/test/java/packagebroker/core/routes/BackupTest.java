package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.testing.TestApp.UPSTREAM;
import static packagebroker.core.testing.TestApp.text;
import static packagebroker.core.testing.TestApp.version;
import static packagebroker.core.testing.TestApp.zip;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packagebroker.core.http.Response;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** {@code /api/backup} and {@code /api/restore}. */
class BackupTest {
    private static final String A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String DIST = "/dist/acme/tool/1.0.0.0/r" + A + ".zip";

    /** Returns an instance with a document, an archive of some bytes, and tokens. */
    static TestApp source(byte[] archive) {
        TestApp app = TestApp.start();
        app.addUpstream("acme/*");
        app.publish("acme/tool", version("acme/tool", "1.0.0", A, ",\"description\":\"a \\\"tool\\\" – für alle\""));
        app.serve(UPSTREAM + "/a/" + A + ".zip", archive);
        assertThat(app.admin().get("/p2/acme/tool.json").status()).isEqualTo(200);
        assertThat(app.admin().get(DIST).body().bytes(20 << 20)).isEqualTo(archive);
        app.drain();
        app.product().scheduled();
        return app;
    }

    @Test
    void aRestoredInstanceHasTheSameTokensDocumentsAndArchivesWithoutItsUpstream() {
        byte[] archive = Arrays.copyOf(zip("large"), (6 << 20) + 1);
        try (TestApp from = source(archive);
                TestApp to = TestApp.fresh()) {
            String reader = from.token("acme/*");
            String document = text(from.admin().get("/p2/acme/tool.json"));
            from.drain();
            Copying copy = Copying.of(from);

            assertThat(copy.restoreInto(to)).isEqualTo(200);

            assertThat(text(to.as(reader).get("/p2/acme/tool.json"))).isEqualTo(document);
            assertThat(to.as(reader).get(DIST).body().bytes(20 << 20)).isEqualTo(archive);
            assertThat(to.as(from.adminToken()).get("/api/tokens").status()).isEqualTo(200);
            assertThat(to.count("audit WHERE action = 'restore.backup' AND actor = 'setup'"))
                    .isEqualTo(1);
            assertThat(to.count("restore")).isZero();
            // The chain goes on where it was.
            to.drain();
            to.product().scheduled();
            JsonObject verified = TestApp.json(to.as(from.adminToken()).get("/api/audit/verify"));
            assertThat(verified.flag("ok", false)).isTrue();
            assertThat(to.setUp(to.product()).status()).isEqualTo(409);
        }
    }

    @Test
    void everyTableOfTheSchemaIsEitherCopiedOrLeftOutOnPurpose() {
        try (TestApp app = TestApp.start()) {
            Set<String> tables = new HashSet<>();
            app.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
                    .forEach(row -> tables.add(row.text("name")));
            tables.removeAll(List.of("restore", "session", "upload", "negative", "relay_check"));
            assertThat(Copying.of(app).rows.keySet()).containsExactlyInAnyOrderElementsOf(tables);
        }
    }

    @Test
    void pagesAreReadInTheOrderOfKeysAndOnlyOnce() {
        try (TestApp app = TestApp.start()) {
            app.database().update(Statement.of("""
                            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
                            INSERT INTO download_day (package, day, version, installs, downloads)
                            SELECT 'acme/p' || (i % 100), i, '1.0 "é"', 1, 2 FROM n
                            """));
            StringBuilder all = new StringBuilder();
            String after = "";
            int pages = 0;
            for (String page = "x"; !page.isEmpty(); pages++) {
                page = Copying.rows(app.admin(), "/api/backup/rows?table=download_day" + after);
                all.append(page);
                String last = page.strip().substring(page.strip().lastIndexOf('\n') + 1);
                String[] cells = last.split(",", -1);
                after = last.isEmpty()
                        ? ""
                        : "&after="
                                + (cells[0] + "," + cells[1] + "," + cells[2] + "]")
                                        .replace("\\", "%5C")
                                        .replace("\"", "%22")
                                        .replace(" ", "%20")
                                        .replace("é", "%C3%A9");
            }
            assertThat(pages).isEqualTo(4);
            List<String> lines = all.toString().lines().toList();
            assertThat(lines).hasSize(12_000).doesNotHaveDuplicates();
        }
    }

    @Test
    void theClockMovesWithChangesAndStandsStillWhileOthersReadAndMirror() {
        try (TestApp app = source(zip("x"))) {
            String before = clock(app);
            app.publish("acme/other", version("acme/other", "1.0.0", A, ""));
            assertThat(app.admin().get("/p2/acme/other.json").status()).isEqualTo(200);
            app.drain();
            assertThat(clock(app)).isEqualTo(before);
            app.token("*");
            assertThat(clock(app)).isNotEqualTo(before);
        }
    }

    private static String clock(TestApp app) {
        return app.admin().get("/api/backup/rows?table=token").findHeader("backup-clock");
    }

    @Test
    void aTokenWithThisRightAloneReadsBackupsAndNothingElse() {
        try (TestApp app = source(zip("x"))) {
            String wanted = "{\"name\":\"b\",\"rights\":[\"backup\"],\"patterns\":[\"*\"]}";
            Response admin =
                    app.admin().send("POST", "/api/tokens", "{\"name\":\"a\",\"role\":\"admin\",\"patterns\":[\"*\"]}");
            assertThat(app.as(TestApp.json(admin).text("token", 100))
                            .send("POST", "/api/tokens", wanted)
                            .status())
                    .isEqualTo(403);
            Response made = app.admin().send("POST", "/api/tokens", wanted);
            String token = TestApp.json(made).text("token", 100);
            assertThat(app.as(token).get("/api/backup").status()).isEqualTo(200);
            assertThat(app.as(token).get("/p2/acme/tool.json").status()).isEqualTo(403);
            assertThat(app.as(token).get("/api/audit").status()).isEqualTo(403);
        }
    }

    @Test
    void backupsAndDrillsAreRecorded() {
        try (TestApp app = TestApp.start()) {
            String body = "{\"snapshot\":\"s\",\"digest\":\"d\",\"rows\":3,\"equal\":true,\"rpo_seconds\":7}";
            assertThat(app.admin().send("POST", "/api/backup", body).status()).isEqualTo(204);
            assertThat(app.admin().send("POST", "/api/backup/drills", body).status())
                    .isEqualTo(204);
            assertThat(app.rows("SELECT detail FROM audit WHERE action = 'test.restore' AND target = 's'")
                            .get(0)
                            .text("detail"))
                    .contains("\"rpo_seconds\":7")
                    .contains("\"equal\":true");
            assertThat(app.count("audit WHERE action = 'create.backup'")).isEqualTo(1);
        }
    }

    @Test
    void nothingButTheRestoreIsAnsweredWhileItIsUnderWay() {
        try (TestApp from = source(zip("x"));
                TestApp to = TestApp.fresh()) {
            Copying copy = Copying.of(from);
            Response begun = to.deployer().send("POST", "/api/restore", "{}");
            assertThat(begun.status()).isEqualTo(201);
            String id = TestApp.json(begun).text("id", 32);
            for (var table : copy.rows.entrySet()) {
                String rows = "[" + table.getValue().strip().replace("\n", ",") + "]";
                to.deployer().send("POST", "/api/restore/rows?table=" + table.getKey() + "&id=" + id, rows);
            }
            // All rows are there, a good token among them, and still nobody comes in.
            for (TestApp.Caller caller : List.of(to.as(from.adminToken()), to.anonymous(), to.as("x"))) {
                for (String path :
                        List.of("/packages.json", "/p2/acme/tool.json", DIST, "/api/tokens", "/api/backup")) {
                    Response answer = caller.get(path);
                    assertThat(answer.status()).as(path).isEqualTo(503);
                    assertThat(text(answer)).contains("\"restoring\"");
                }
            }
            assertThat(to.setUp(to.product()).status()).isEqualTo(503);
            assertThat(to.as(from.adminToken())
                            .at(to.isolate())
                            .get("/packages.json")
                            .status())
                    .isEqualTo(503);
            assertThat(text(to.anonymous().get("/api/health"))).contains("being restored");
            to.drain();
            to.work(3);
            Copying there = new Copying();
            for (String table : copy.rows.keySet()) {
                there.rows.put(table, Copying.rows(to.deployer(), "/api/restore/rows?table=" + table + "&id=" + id));
            }
            assertThat(copy.differences(there)).isEmpty();
        }
    }

    @Test
    void anInstanceThatWasSetUpIsNeitherRestoredIntoNorReadWithTheSetupSecret() {
        try (TestApp app = source(zip("x"))) {
            long tokens = app.count("token");
            assertThat(app.deployer().send("POST", "/api/restore", "{}").status())
                    .isEqualTo(409);
            for (String id : List.of("", "?id=", "?id=x")) {
                String and = id.isEmpty() ? "?" : id + "&";
                assertThat(app.deployer()
                                .get("/api/restore/rows" + and + "table=token")
                                .status())
                        .isEqualTo(409);
                assertThat(app.deployer()
                                .send("DELETE", "/api/restore" + id, "{}")
                                .status())
                        .isEqualTo(409);
                assertThat(app.deployer()
                                .send("POST", "/api/restore/finish" + id, "{}")
                                .status())
                        .isEqualTo(409);
            }
            assertThat(app.count("token")).isEqualTo(tokens);
            assertThat(app.admin().get("/packages.json").status()).isEqualTo(200);
        }
    }

    @Test
    void aSecondAttemptEndsTheFirst() {
        try (TestApp to = TestApp.fresh()) {
            String first = begin(to);
            String second = begin(to);
            String row = "[[\"base_url\",\"x\"]]";
            assertThat(rows(to, first, row)).isEqualTo(409);
            assertThat(rows(to, second, row)).isEqualTo(204);
            assertThat(to.deployer()
                            .send("DELETE", "/api/restore?id=" + second, "{}")
                            .status())
                    .isEqualTo(204);
            assertThat(to.count("setting WHERE name = 'base_url'")).isZero();
            assertThat(to.setUp(to.product()).status()).isEqualTo(201);
        }
    }

    private static String begin(TestApp to) {
        return TestApp.json(to.deployer().send("POST", "/api/restore", "{}")).text("id", 32);
    }

    private static int rows(TestApp to, String id, String rows) {
        return to.deployer()
                .send("POST", "/api/restore/rows?table=setting&id=" + id, rows)
                .status();
    }

    @Test
    void itIsNotOpenedWithoutEveryRow() {
        try (TestApp from = source(zip("x"));
                TestApp to = TestApp.fresh()) {
            Copying copy = Copying.of(from);
            String id = begin(to);
            assertThat(copy.finish(to, id)).isEqualTo(409);
            assertThat(to.as(from.adminToken()).get("/packages.json").status()).isEqualTo(503);
            assertThat(to.count("audit")).isZero();
            assertThat(copy.restoreInto(to)).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{}", "[1]", "[[]]", "[[null,null]]", "[[\"a\"", "\"x\"", "[[{\"a\":1},[2]]]"})
    void rowsThatAreNoneAreRefused(String rows) {
        try (TestApp to = TestApp.fresh()) {
            String id = begin(to);
            assertThat(rows(to, id, rows)).isIn(204, 409, 422);
            assertThat(to.count("setting WHERE value IS NULL OR name IS NULL")).isZero();
        }
    }

    @Test
    void objectsWithOtherBytesAreRefusedAndTheSameOnesTwiceAreNot() {
        for (int size : List.of(0, 100, (5 << 20) + 7)) {
            try (TestApp to = TestApp.fresh()) {
                String id = begin(to);
                byte[] bytes = new byte[size];
                String wrong = "/api/restore/objects/artifact/a1?id=" + id + "&sha256=" + "0".repeat(64);
                assertThat(to.deployer()
                                .send("PUT", wrong, "application/octet-stream", bytes)
                                .status())
                        .isEqualTo(422);
                assertThat(to.objects().keys()).isEmpty();
                assertThat(Copying.put(to, id, "artifact/a1", bytes)).isEqualTo(204);
                assertThat(Copying.put(to, id, "artifact/a1", bytes)).isEqualTo(204);
                assertThat(Copying.put(to, id, "other/a1", bytes)).isEqualTo(404);
                assertThat(Copying.put(to, id, "artifact/a%2f", bytes)).isEqualTo(404);
                assertThat(to.count("upload")).isZero();
            }
        }
    }
}
