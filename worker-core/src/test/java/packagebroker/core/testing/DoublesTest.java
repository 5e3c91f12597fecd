package packagebroker.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Statement;
import packagebroker.core.port.Upstream.Limits;

/** What the doubles do besides keeping their contracts: they fail on purpose, and tell on the product. */
class DoublesTest {
    private static final Limits LIMITS = new Limits(1000, 1000, 1000, 10);
    private static final String URL = "https://repo.example.test/packages.json";

    private final Counts counts = new Counts();

    @Test
    void theDatabaseHasTheTablesOfTheMigrations() {
        try (SqliteDatabase database = SqliteDatabase.migrated(counts)) {
            Statement tables = Statement.of("SELECT count(*) AS total FROM sqlite_schema WHERE type = 'table'");
            assertThat(database.query(tables).get(0).number("total")).isGreaterThan(5);
            assertThat(database.query(Statement.of("SELECT name FROM setting"))).isEmpty();
        }
    }

    @Test
    void theDatabaseIsAsPickyAsD1() {
        try (SqliteDatabase database = SqliteDatabase.empty(counts)) {
            Statement half = Statement.of("SELECT ? / 2 AS half, typeof(?) AS kind", 5, 5);
            assertThat(database.query(half).get(0).text("kind")).isEqualTo("real");
            for (String sql : List.of(
                    "PRAGMA foreign_keys = OFF",
                    "SELECT 1 AS one; SELECT 2 AS two",
                    "ATTACH 'x' AS y",
                    "VACUUM",
                    "SELECT " + " ".repeat(100_001) + "1")) {
                assertThatThrownBy(() -> database.query(Statement.of(sql))).isInstanceOf(DatabaseException.class);
            }
            database.update(Statement.of("CREATE TABLE a (b)"));
            Statement write = Statement.of("INSERT INTO a (b) VALUES (1) RETURNING b");
            assertThatThrownBy(() -> database.query(write)).hasMessageContaining("readonly");
        }
    }

    @Test
    void theDatabaseFailsWhenTold() {
        try (SqliteDatabase database = SqliteDatabase.empty(counts)) {
            Statement insert = Statement.of("INSERT INTO a (b) VALUES (1)");
            Statement total = Statement.of("SELECT count(*) AS total FROM a");
            database.update(Statement.of("CREATE TABLE a (b)"));
            database.faults().breakAfter(1);
            database.update(insert);
            assertThatThrownBy(() -> database.update(insert)).hasMessageContaining("connection lost");
            assertThatThrownBy(() -> database.query(total)).hasMessageContaining("connection lost");
            database.faults().mend();
            assertThat(database.query(total).get(0).number("total")).isEqualTo(1);
            database.faults().loseAnswerAfter(0);
            assertThatThrownBy(() -> database.update(insert)).hasMessageContaining("connection lost");
            assertThatThrownBy(() -> database.update(insert)).hasMessageContaining("connection lost");
            database.faults().mend();
            assertThat(database.query(total).get(0).number("total")).isEqualTo(2);
        }
    }

    @Test
    void theStoreFailsWhenToldAndCanBeCorrupted() {
        try (FileObjects objects = new FileObjects(counts, new SystemClock(() -> {}))) {
            objects.faults().loseAnswerAfter(0);
            assertThatThrownBy(() -> objects.put("a", Body.of(new byte[] {1}), null))
                    .isInstanceOf(ObjectStoreException.class);
            objects.faults().mend();
            assertThat(objects.keys()).containsExactly("a");
            objects.corrupt("a", new byte[] {2});
            assertThat(objects.get("a", null).body().bytes(9)).containsExactly(2);
            objects.upload("b", null).part(1, Body.of(new byte[] {1}));
            assertThat(objects.openUploads()).containsExactly("b");
            assertThatThrownBy(() -> objects.head("grüße")).isInstanceOf(ObjectStoreException.class);
        }
    }

    @Test
    void anUnexpectedRequestFailsAtOnceAndAgain() {
        FakeUpstream upstream = new FakeUpstream(counts);
        Request request = Request.get(URL, Headers.of());
        assertThatThrownBy(() -> upstream.send(request, LIMITS)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(upstream::assertAllExpected).hasMessageContaining(URL);
    }

    @Test
    void theFakeUpstreamServesAgainAndAgain() {
        FakeUpstream upstream = new FakeUpstream(counts).serves(URL, Response.json(200, "{}"));
        for (int i = 0; i < 2; i++) {
            Response response = upstream.send(Request.get(URL, Headers.of("accept", "a/b")), LIMITS);
            assertThat(response.body().length()).isEqualTo(-1);
            assertThat(response.body().bytes(9)).hasSize(2);
        }
        assertThat(upstream.requestsTo(URL)).hasSize(2);
        assertThat(upstream.requests().get(0).findHeader("accept")).isEqualTo("a/b");
        assertThat(counts.of("upstream_requests")).isEqualTo(2);
        upstream.assertAllExpected();
    }

    @Test
    void theFakeUpstreamFailsCutsAndCaps() {
        FakeUpstream upstream = new FakeUpstream(counts).fails(URL, Reason.TIMEOUT);
        Request request = Request.get(URL, Headers.of());
        assertThatThrownBy(() -> upstream.send(request, LIMITS)).isInstanceOf(TransferException.class);
        upstream.cuts(URL, new byte[5]);
        Body cut = upstream.send(request, LIMITS).body();
        assertThat(cut.next(5).length()).isEqualTo(5);
        assertThatThrownBy(() -> cut.next(5)).hasMessageContaining("end of the connection");
        upstream.serves(URL, new Response(200, Headers.of(), Body.of(new byte[11])));
        Body large = upstream.send(request, LIMITS).body();
        assertThatThrownBy(() -> large.bytes(100)).hasMessageContaining("at most 10 bytes");
    }

    @Test
    void theLogTellsOnSecrets() {
        RecordingLog log = new RecordingLog();
        log.write("info", "fine", "url", "https://host/path", "name", "value");
        assertThat(log.lines()).containsExactly("info fine url=https://host/path name=value");
        log.forbid("s3cret");
        assertThatThrownBy(() -> log.write("info", "bad", "token", "s3cret")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(log::lines).isInstanceOf(AssertionError.class);
    }

    @Test
    void theLogTellsOnQueriesAndUsersInUrls() {
        for (String url : List.of("https://host/path?key=1", "https://me:pw@host/")) {
            RecordingLog log = new RecordingLog();
            Exception failure = new IllegalStateException("cannot fetch " + url);
            assertThatThrownBy(() -> log.failure("bad", failure)).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void theBackgroundWaitsUntilItIsDrained() {
        RecordingLog log = new RecordingLog();
        DirectBackground background = new DirectBackground(log);
        List<String> done = new ArrayList<>();
        background.run(() -> {
            throw new IllegalStateException("on purpose");
        });
        background.run(() -> done.add("done"));
        assertThat(background.waiting()).isEqualTo(2);
        assertThat(done).isEmpty();
        background.drain();
        assertThat(done).containsExactly("done");
        assertThat(log.lines()).singleElement().asString().contains("on purpose");
        background.run(() -> done.add("never"));
        background.cutOff();
        background.drain();
        assertThat(done).containsExactly("done");
    }

    @Test
    void theCacheForgetsInTime() {
        FixedClock clock = FixedClock.at("2026-01-31T12:00:00Z");
        MapEdgeCache cache = new MapEdgeCache(clock);
        cache.keep("a", Body.of(new byte[] {1}), 60);
        clock.advance(Duration.ofSeconds(59));
        assertThat(cache.find("a")).isNotNull();
        clock.pause(1000);
        assertThat(cache.find("a")).isNull();
    }
}
