package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.AuditLogs.days;
import static packagebroker.core.routes.AuditLogs.lines;
import static packagebroker.core.routes.AuditLogs.types;
import static packagebroker.core.routes.AuditLogs.verified;
import static packagebroker.core.routes.AuditLogs.work;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** Old parts of the audit log move to the object store and stay within reach. */
class AuditArchiveTest {
    @Test
    void oldPartsMoveToTheObjectStoreAndStayWithinReach() {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "2")) {
            days(app, 1);
            List<String> early = lines(app.admin().get("/api/audit/export")).stream()
                    .filter(line -> line.text("type", 10).equals("event"))
                    .map(line -> line.text("hash", 64))
                    .toList();
            days(app, 6);
            assertThat(app.count("audit_archive")).isGreaterThanOrEqualTo(2);
            assertThat(app.rows("SELECT MIN(seq) AS n FROM audit").get(0).number("n"))
                    .isGreaterThan(10);
            assertThat(app.rows("SELECT MIN(number) AS n FROM seal").get(0).number("n"))
                    .isGreaterThan(5);
            List<JsonObject> lines = lines(app.admin().get("/api/audit/export"));
            assertThat(lines.get(0).findObject("after")).isNull();
            assertThat(lines.stream()
                            .filter(line -> line.text("type", 10).equals("event"))
                            .map(line -> line.text("hash", 64)))
                    .startsWith(early.toArray(String[]::new))
                    .doesNotHaveDuplicates();
            JsonObject verified = verified(app);
            assertThat(verified.flag("ok", false)).isTrue();
            assertThat(verified.number("last", 0, 1_000, 0))
                    .isEqualTo(
                            app.rows("SELECT MAX(number) AS n FROM seal").get(0).number("n"));
            assertThat(app.rows("SELECT target FROM audit WHERE action = 'archive.audit'"))
                    .isNotEmpty();
        }
    }

    @Test
    void numbersGoOnAfterEverythingWasArchived() {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1")) {
            days(app, 1);
            long seq =
                    app.rows("SELECT MAX(seq) AS n FROM audit_segment").get(0).number("n");
            for (int i = 0; i < 5; i++) {
                app.clock().advance(Duration.ofDays(2));
                work(app);
            }
            assertThat(app.count("audit_segment")).as("the newest row stays").isEqualTo(1);
            app.admin().get("/packages.json");
            app.drain();
            work(app);
            assertThat(app.rows("SELECT MAX(seq) AS n FROM audit_segment")
                            .get(0)
                            .number("n"))
                    .isEqualTo(seq + 1);
            assertThat(verified(app).flag("ok", false)).isTrue();
        }
    }

    @Test
    void anArchiveThatWasCutOffIsMadeAgainAndNothingIsLost() {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1")) {
            days(app, 1);
            long rows = app.count("audit");
            app.clock().advance(Duration.ofDays(3));
            app.database()
                    .update(
                            Statement.of(
                                    "CREATE TRIGGER full BEFORE INSERT ON audit_archive BEGIN SELECT RAISE(ABORT, 'full'); END"));
            work(app);
            assertThat(app.rows("SELECT problem FROM job WHERE kind = 'archive'")
                            .get(0)
                            .text("problem"))
                    .isNotEmpty();
            assertThat(app.count("audit")).isEqualTo(rows);
            app.database().update(Statement.of("DROP TRIGGER full"));
            work(app);
            assertThat(app.count("audit_archive")).isPositive(); // One for each step that was due meanwhile.
            assertThat(app.count("audit")).isLessThan(rows);
            work(app);
            assertThat(verified(app).flag("ok", false)).isTrue();
        }
    }

    @Test
    void whatDoesNotFitTheChainIsNotArchived() {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1")) {
            days(app, 1);
            app.database().update(Statement.of("UPDATE audit SET actor = 'token:somebody' WHERE seq = 3"));
            long rows = app.count("audit");
            app.clock().advance(Duration.ofDays(3));
            work(app);
            assertThat(app.count("audit_archive")).isZero();
            assertThat(app.count("audit")).isEqualTo(rows);
            assertThat(app.log().lines()).anyMatch(line -> line.contains("audit.broken") && line.contains("row 3"));
        }
    }

    @Test
    void archivesEndWithTheirRetentionAndNotBefore() {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1", "AUDIT_RETENTION_DAYS", "400")) {
            days(app, 3);
            assertThat(app.count("audit_archive WHERE object != ''")).isPositive();
            app.clock().advance(Duration.ofDays(396));
            work(app);
            String object = app.rows("SELECT object FROM audit_archive ORDER BY first_seal")
                    .get(0)
                    .text("object");
            assertThat(object).isNotEmpty();
            app.clock().advance(Duration.ofDays(6));
            work(app);
            assertThat(app.rows("SELECT object FROM audit_archive ORDER BY first_seal")
                            .get(0)
                            .text("object"))
                    .isEmpty();
            ObjectStore.Stored gone = app.objects().get(object, null);
            assertThat(gone).isNull();
            assertThat(app.count("audit WHERE action = 'expire.audit'"))
                    .isEqualTo(app.count("audit_archive WHERE object = ''"));
            app.database().update(Statement.of("UPDATE token SET expires_at = ?", 1L << 52));
            List<JsonObject> lines = lines(app.admin().get("/api/audit/export"));
            assertThat(types(lines)).contains("event", "end");
        }
    }

    @Test
    void afterAnExpiryTheRestIsStillProvenByServerAndVerifier() throws IOException, InterruptedException {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1", "AUDIT_RETENTION_DAYS", "400")) {
            days(app, 4);
            app.clock().advance(Duration.ofDays(398));
            work(app);
            assertThat(app.count("audit_archive WHERE object = ''")).isPositive();
            assertThat(app.count("audit_archive WHERE object != ''")).isPositive();
            app.database().update(Statement.of("UPDATE token SET expires_at = ?", 1L << 52));
            long expired = app.rows("SELECT MAX(number) AS n FROM audit_archive WHERE object = ''")
                    .get(0)
                    .number("n");
            for (String from : List.of("", "?from=1", "?after=1", "?after=" + expired)) {
                JsonObject verified = json(app.admin().get("/api/audit/verify" + from));
                assertThat(verified.findText("problem", 200)).as(from).isNull();
                assertThat(verified.number("after", 0, 10_000, 0)).isEqualTo(expired);
                byte[] export =
                        text(app.admin().get("/api/audit/export" + from)).getBytes(StandardCharsets.UTF_8);
                assertThat(verify(app, export)).as(from).isZero();
            }
        }
    }

    private static int verify(TestApp app, byte[] export) throws IOException, InterruptedException {
        Path file = Files.createTempFile("audit", ".ndjson");
        try {
            Files.write(file, export);
            String key = json(app.admin().get("/api/audit/key")).text("key", 200);
            return new ProcessBuilder("../scripts/verify-audit", file.toString(), "--key", key)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } finally {
            Files.delete(file);
        }
    }
}
