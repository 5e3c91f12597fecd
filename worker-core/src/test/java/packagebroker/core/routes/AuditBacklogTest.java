package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static packagebroker.core.routes.AuditLogs.days;
import static packagebroker.core.routes.AuditLogs.lines;
import static packagebroker.core.routes.AuditLogs.types;
import static packagebroker.core.testing.TestApp.json;
import static packagebroker.core.testing.TestApp.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.TestApp;

/** More comes into the audit log than one step of anything takes. */
class AuditBacklogTest {
    private static final int SMALLEST_PLAN = 50;

    /** Writes segments of one read each, as many isolates with little to do write them. */
    private static void segments(TestApp app, int count, int agentLength) {
        app.database().update(Statement.of("""
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                        INSERT INTO audit_segment (isolate, first, events, from_at, to_at, body, hash)
                        SELECT 'b', i, 1, ?2, ?2,
                               ?2 || char(9) || 'r' || i || char(9) || 'token:x' || char(9) || 'read.root' || char(9)
                                  || char(9) || '200' || char(9) || '192.0.2.1' || char(9) || ?3 || char(10), ?4
                        FROM n
                        """, count, app.clock().millis(), "a".repeat(agentLength), "ab".repeat(32)));
    }

    private static long sealed(TestApp app) {
        return app.rows("SELECT COALESCE(MAX(segment_upto), 0) AS n FROM seal")
                .get(0)
                .number("n");
    }

    /** Returns after which seal an export goes on, as its signed note has it; 0 at the end. */
    private static long next(List<JsonObject> lines) {
        JsonObject end = lines.get(lines.size() - 1);
        String next = end.rawText("note").lines().toList().get(4);
        return next.equals("next -") ? 0 : end.number("next", Long.parseLong(next.substring(5)), 10_000, 0);
    }

    private static long statements(TestApp app, Runnable act) {
        long before = app.counts().of("d1_statements");
        act.run();
        return app.counts().of("d1_statements") - before;
    }

    @Test
    void theCronKeepsUpWithThousandsOfSegmentsAMinute() {
        try (TestApp app = TestApp.start()) {
            app.work(10);
            segments(app, 10_000, 10);
            for (int minute = 1; minute <= 3; minute++) {
                long cost = statements(app, () -> app.work(1));
                assertThat(cost).isLessThanOrEqualTo(SMALLEST_PLAN);
                assertThat(sealed(app)).isGreaterThanOrEqualTo(Math.min(10_000, minute * 4_000));
            }
        }
    }

    @Test
    void aSealIsBoundedByBytes() {
        try (TestApp app = TestApp.start()) {
            segments(app, 60, 200_000);
            app.work(10);
            assertThat(sealed(app)).isEqualTo(60);
            long before = 0;
            for (Row seal : app.rows("SELECT segment_upto FROM seal ORDER BY number")) {
                assertThat(seal.number("segment_upto") - before).isLessThanOrEqualTo(6);
                before = seal.number("segment_upto");
            }
        }
    }

    @Test
    void theBacklogShowsInTheDetailsOfHealth() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            long at = app.rows("SELECT MAX(at) AS n FROM seal").get(0).number("n");
            segments(app, 123, 10);
            JsonObject audit = json(app.admin().get("/api/health/details")).findObject("audit");
            assertThat(audit).isNotNull();
            assertThat(audit.number("unsealed", 0, 1_000, 0)).isEqualTo(123);
            assertThat(audit.number("sealed_at", 0, Long.MAX_VALUE, 0)).isEqualTo(at);
            app.work(1);
            audit = json(app.admin().get("/api/health/details")).findObject("audit");
            assertThat(audit.number("unsealed", 0, 1_000, 7)).isZero();
        }
    }

    @Test
    void anExportSealsWhatIsLeftOverAndSaysWhereToGoOn() {
        try (TestApp app = TestApp.start()) {
            segments(app, 9_000, 10);
            long reads = 0;
            long after = 0;
            for (int part = 0; part < 10; part++) {
                List<JsonObject> lines = new ArrayList<>();
                String query = after == 0 ? "" : "?after=" + after;
                long cost = statements(app, () -> lines.addAll(lines(app.admin().get("/api/audit/export" + query))));
                assertThat(cost).isLessThanOrEqualTo(SMALLEST_PLAN);
                reads += types(lines).stream().filter("reads"::equals).count();
                after = next(lines);
                if (after == 0) {
                    break;
                }
            }
            assertThat(after).as("the last part says that it is the last").isZero();
            assertThat(reads).isEqualTo(9_000);
        }
    }

    @Test
    void aLongExportAndALongCheckStayWithinTheSmallestPlan() {
        try (TestApp app = TestApp.start()) {
            for (int round = 0; round < 30; round++) {
                segments(app, 1_000, 1_000);
                app.work(1);
            }
            List<Integer> sizes = new ArrayList<>();
            assertThat(statements(
                            app,
                            () -> sizes.add(
                                    text(app.admin().get("/api/audit/export")).length())))
                    .isLessThanOrEqualTo(SMALLEST_PLAN);
            assertThat(sizes.get(0)).isBetween(1 << 20, 32 << 20);
            assertThat(statements(app, () -> app.admin().get("/api/audit/verify")))
                    .isLessThanOrEqualTo(SMALLEST_PLAN);
        }
    }

    @Test
    void aSpreadsheetThatIsBrokenOffSaysSo() {
        try (TestApp app = TestApp.start()) {
            segments(app, 9_000, 10);
            String csv = text(app.admin().get("/api/audit/export?format=csv"));
            assertThat(csv).containsPattern("\r\nnext,[0-9]+,,,,,,,,,,,,\r\n$");
            app.work(5);
            csv = text(app.admin().get("/api/audit/export?format=csv"));
            assertThat(csv).doesNotContain("\r\nnext,");
        }
    }

    @Test
    void whatWasSealedLateIsFoundByItsTime() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            segments(app, 3_000, 10);
            app.clock().advance(Duration.ofMinutes(1));
            app.admin().get("/packages.json", "cf-connecting-ip", "192.0.2.99");
            app.drain();
            long to = app.clock().millis();
            app.clock().advance(Duration.ofHours(2));
            for (int hour = 0; hour < 3; hour++) {
                segments(app, 3_000, 10);
                app.work(1);
                app.clock().advance(Duration.ofHours(1));
            }
            app.work(3);
            assertThat(text(app.admin().get("/api/audit?address=192.0.2.99&to=" + to)))
                    .contains("\"192.0.2.99\"");
            String found = "";
            long after = 0;
            do {
                List<JsonObject> lines =
                        lines(app.admin().get("/api/audit/export?to=" + to + (after == 0 ? "" : "&after=" + after)));
                found += lines.stream()
                        .filter(line -> line.text("type", 10).equals("reads"))
                        .map(line -> line.rawText("body"))
                        .filter(body -> body.contains("192.0.2.99"))
                        .toList();
                JsonObject end = lines.get(lines.size() - 1);
                assertThat(end.number("to", 0, Long.MAX_VALUE, 0)).isEqualTo(to);
                after = next(lines);
            } while (after != 0);
            assertThat(found).contains("192.0.2.99");
        }
    }

    @Test
    void anExportOfATimeEndsThoughOneStreamIsSilent() {
        try (TestApp app = TestApp.start()) {
            app.drain();
            long to = app.clock().millis();
            for (int day = 0; day < 30; day++) {
                app.clock().advance(Duration.ofDays(1));
                app.admin().get("/packages.json");
                app.drain();
                app.work(1);
            }
            List<JsonObject> lines = lines(app.admin().get("/api/audit/export?to=" + to));
            assertThat(types(lines).stream().filter("seal"::equals).count()).isLessThan(5);
        }
    }

    @Test
    void whatMovesToTheArchiveWhileItIsReadIsReadThere() {
        for (int calls = 0; calls < 12; calls++) {
            try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1")) {
                days(app, 1);
                app.clock().advance(Duration.ofDays(3));
                app.product().scheduled();
                AtomicBoolean archiving = new AtomicBoolean();
                app.database().faults().actAfter(calls, () -> {
                    archiving.set(true);
                    app.work(20);
                });
                JsonObject verified = json(app.admin().get("/api/audit/verify"));
                if (archiving.get()) {
                    assertThat(app.count("audit_archive")).isPositive();
                }
                assertThat(verified.findText("problem", 200))
                        .as("archived after %s calls", calls)
                        .isNull();
                assertThat(verified.flag("ok", false)).isTrue();
            }
        }
    }

    @Test
    void theArchiveKeepsPaceWithTheSealer() {
        try (TestApp app = TestApp.start("AUDIT_ARCHIVE_DAYS", "1")) {
            app.work(10);
            for (int minute = 0; minute < 60; minute++) {
                for (int i = 0; i < 100; i++) {
                    app.admin().get("/packages.json");
                    app.drain();
                }
                app.work(1);
            }
            app.clock().advance(Duration.ofDays(3));
            long before = app.count("audit_segment");
            app.work(5);
            assertThat(app.count("audit_segment")).isLessThan(before - 5 * 600);
        }
    }
}
