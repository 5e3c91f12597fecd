package packagebroker.core.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import packagebroker.core.testing.TestApp;

/** Strangers who are refused leave a trace, and cannot fill the database with it. */
class RefusalsTest {
    private static void knock(TestApp app, int times, String address) {
        for (int i = 0; i < times; i++) {
            app.anonymous().get("/p2/acme/x.json", "cf-connecting-ip", address, "user-agent", "knocker");
        }
        app.drain();
    }

    private static List<String[]> refusals(TestApp app) {
        app.drain();
        List<String[]> events = new ArrayList<>();
        for (var row : app.rows("SELECT body FROM audit_segment ORDER BY isolate, first")) {
            for (String line : row.text("body").lines().toList()) {
                if (line.contains("\tanonymous\t")) {
                    events.add(line.split("\t", -1));
                }
            }
        }
        return events;
    }

    @Test
    void ofAThousandInAMinuteSixtyAreTheirOwnEventsAndTheRestIsCounted() {
        try (TestApp app = TestApp.start()) {
            for (int i = 0; i < 4; i++) {
                knock(app, 250, "192.0.2." + i);
            }
            List<String[]> events = refusals(app);
            assertThat(events).hasSizeBetween(61, 80);
            List<String[]> counted = events.stream()
                    .filter(event -> event[3].equals("refuse.strangers"))
                    .toList();
            long sum = 0;
            for (String[] event : counted) {
                assertThat(event[4]).matches("[0-9]+ until [0-9]+");
                assertThat(event[5]).isEqualTo("401");
                assertThat(event[6]).startsWith("192.0.2.");
                assertThat(event[7]).isEqualTo("knocker");
                sum += Long.parseLong(event[4].substring(0, event[4].indexOf(' ')));
            }
            assertThat(sum + events.size() - counted.size()).isEqualTo(1_000);
            long next = 1;
            for (var row : app.rows("SELECT first, events FROM audit_segment ORDER BY first")) {
                assertThat(row.number("first")).isEqualTo(next);
                next += row.number("events");
            }
        }
    }

    @Test
    void theNextMinuteIsCountedAnew() {
        try (TestApp app = TestApp.start()) {
            knock(app, 61, "192.0.2.1");
            app.clock().advance(Duration.ofMinutes(1));
            knock(app, 60, "192.0.2.1");
            List<String[]> events = refusals(app);
            assertThat(events).hasSize(121);
            assertThat(events.stream().filter(event -> event[3].equals("refuse.strangers")))
                    .singleElement()
                    .satisfies(event -> assertThat(event[4]).startsWith("1 until "));
        }
    }

    @Test
    void whoHasATokenIsNeverCountedInstead() {
        try (TestApp app = TestApp.start()) {
            String reader = app.token("acme/*");
            knock(app, 200, "192.0.2.1");
            for (int i = 0; i < 100; i++) {
                app.as(reader).get("/api/tokens");
            }
            app.drain();
            long events = 0;
            for (var row : app.rows("SELECT body FROM audit_segment")) {
                events += row.text("body")
                        .lines()
                        .filter(line -> line.contains("\tread.tokens\t"))
                        .count();
            }
            assertThat(events).isEqualTo(100);
        }
    }

    @Test
    void aCountWhoseTaskWasCutOffIsWrittenWithTheNextEvents() {
        try (TestApp app = TestApp.start()) {
            knock(app, 60, "192.0.2.1");
            for (int i = 0; i < 40; i++) {
                app.anonymous().get("/packages.json");
            }
            app.cutOff();
            app.clock().advance(Duration.ofMinutes(2));
            app.admin().get("/packages.json");
            assertThat(refusals(app))
                    .filteredOn(event -> event[3].equals("refuse.strangers"))
                    .singleElement()
                    .satisfies(event -> assertThat(event[4]).startsWith("40 until "));
        }
    }

    @Test
    void strictlyTheyCannotWriteARowEachEither() {
        try (TestApp app = TestApp.start("AUDIT_MODE", "strict")) {
            app.drain();
            long before = app.count("audit");
            knock(app, 500, "192.0.2.1");
            knock(app, 500, "192.0.2.2");
            assertThat(app.count("audit") - before).isBetween(61L, 80L);
            assertThat(app.count("audit WHERE action = 'refuse.strangers'")).isPositive();
        }
    }
}
