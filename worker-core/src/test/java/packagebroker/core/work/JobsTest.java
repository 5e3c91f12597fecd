package packagebroker.core.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.testing.Counts;
import packagebroker.core.testing.FixedClock;
import packagebroker.core.testing.RecordingLog;
import packagebroker.core.testing.SqliteDatabase;

/** Leases, cursors, pauses and budgets, whatever the work is. */
class JobsTest {
    private final SqliteDatabase database = SqliteDatabase.migrated(new Counts());
    private final FixedClock clock = FixedClock.at("2026-11-24T12:00:00Z");
    private final List<Turn> turns = new ArrayList<>();
    private RuntimeException failure = null;
    private Runnable during = () -> {};
    private List<String> subjects = List.of("");

    @BeforeEach
    void setUp() {
        database.update(Statement.of("INSERT INTO setting (name, value) VALUES ('base_url', 'https://p.example')"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Counts to three, a step each, and then rests an hour. */
    private final class Counting implements Chore {
        private final String kind;
        private final Cost cost;

        Counting(String kind, int queries, int requests) {
            this.kind = kind;
            this.cost = new Cost(queries, requests);
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public List<String> subjects() {
            return subjects;
        }

        @Override
        public Cost cost() {
            return cost;
        }

        @Override
        public Progress step(Turn turn) {
            turns.add(turn);
            during.run();
            if (failure != null) {
                throw failure;
            }
            return turn.cursor().equals("xx") ? new Progress("", 3_600_000) : new Progress(turn.cursor() + "x", 0);
        }
    }

    private Jobs jobs(Chore... chores) {
        return new Jobs(
                new JobStore(database),
                List.of(chores),
                clock,
                new RecordingLog(),
                problem -> "" + problem.getMessage());
    }

    private Row only() {
        List<Row> rows = database.query(Statement.of("SELECT * FROM job"));
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private List<String> cursors() {
        return turns.stream().map(Turn::cursor).toList();
    }

    @Test
    void nothingIsDoneBeforeTheSetup() {
        database.update(Statement.of("DELETE FROM setting"));
        jobs(new Counting("count", 1, 0)).run();
        assertThat(database.query(Statement.of("SELECT * FROM job"))).isEmpty();
    }

    @Test
    void aJobIsMadeByTheCodeAndGoesOnWhereItsLastStepEnded() {
        Jobs jobs = jobs(new Counting("count", 1, 0));
        for (int minute = 0; minute < 10; minute++) {
            jobs.run();
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(cursors()).containsExactly("", "x", "xx");
        assertThat(turns.get(0).baseUrl()).isEqualTo("https://p.example");
        assertThat(turns.get(0).cause().actor()).isEqualTo("system");
        clock.advance(Duration.ofHours(1));
        jobs.run();
        assertThat(cursors()).hasSize(4);
    }

    @Test
    void twoRunsAtOnceDoAStepOnce() {
        Jobs jobs = jobs(new Counting("count", 1, 0));
        jobs.run();
        during = () -> {
            during = () -> {};
            jobs.run();
        };
        jobs.run();
        assertThat(cursors()).containsExactly("");
        assertThat(only().text("cursor")).isEqualTo("x");
    }

    @Test
    void aStepThatWasCutOffIsTakenOverWhenItsLeaseEndsAndSaysSoMeanwhile() {
        Jobs jobs = jobs(new Counting("count", 1, 0));
        jobs.run();
        during = () -> {
            throw new AssertionError("cut off");
        };
        try {
            jobs.run();
        } catch (AssertionError e) {
            assertThat(e).hasMessage("cut off");
        }
        during = () -> {};
        assertThat(only().text("problem")).isEqualTo("cut_off");
        clock.advance(Duration.ofMinutes(4));
        jobs.run();
        assertThat(turns).hasSize(1);
        clock.advance(Duration.ofMinutes(1));
        jobs.run();
        assertThat(cursors()).containsExactly("", "");
        assertThat(only().number("tries")).isZero();
        assertThat(only().text("problem")).isEmpty();
    }

    @Test
    void whoComesBackAfterItsLeaseWasTakenOverChangesNothing() {
        Jobs jobs = jobs(new Counting("count", 1, 0));
        jobs.run();
        during = () -> {
            during = () -> {};
            clock.advance(Duration.ofMinutes(6));
            jobs.run();
            jobs.run();
        };
        jobs.run();
        assertThat(cursors()).containsExactly("", "", "x");
        assertThat(only().text("cursor")).isEqualTo("xx");
    }

    @Test
    void aStepThatFailsIsTriedAgainLaterAndLater() {
        Jobs jobs = jobs(new Counting("count", 1, 0));
        failure = new IllegalStateException("word");
        List<Integer> minutes = new ArrayList<>();
        for (int minute = 0; minute < 70; minute++) {
            int before = turns.size();
            jobs.run();
            if (turns.size() > before) {
                minutes.add(minute);
            }
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(minutes).containsExactly(1, 2, 4, 8, 16, 31, 46, 61);
        assertThat(only().number("tries")).isEqualTo(8);
        assertThat(only().text("problem")).isEqualTo("word");
        failure = null;
        clock.advance(Duration.ofMinutes(15));
        jobs.run();
        assertThat(only().number("tries")).isZero();
        assertThat(only().number("ran_at")).isEqualTo(clock.millis());
    }

    @Test
    void aRunTakesNoMoreThanFitsAndNobodyStarves() {
        List<Chore> chores = new ArrayList<>();
        for (String kind : List.of("a", "b", "c", "d", "e")) {
            chores.add(new Counting(kind, 14, 5));
        }
        Jobs jobs = jobs(chores.toArray(Chore[]::new));
        jobs.run();
        for (int minute = 0; minute < 5; minute++) {
            clock.advance(Duration.ofMinutes(1));
            int before = turns.size();
            jobs.run();
            assertThat(turns.size() - before).isEqualTo(2);
        }
        assertThat(turns.stream().map(turn -> turn.cause().request()).distinct())
                .hasSize(5);
    }

    @Test
    void requestsAreBoundedAsQueriesAre() {
        Jobs jobs = jobs(new Counting("a", 1, 30), new Counting("b", 1, 11));
        jobs.run();
        clock.advance(Duration.ofMinutes(1));
        jobs.run();
        assertThat(turns).hasSize(1);
    }

    @Test
    void eachSubjectHasAJobOfItsOwnAndOneThatIsGoneLosesIt() {
        Jobs jobs = jobs(new Counting("count", 1, 0));
        subjects = List.of("one", "two");
        jobs.run();
        jobs.run();
        assertThat(turns).extracting(Turn::subject).containsExactly("one", "two");
        subjects = List.of("two");
        jobs.run();
        assertThat(only().text("subject")).isEqualTo("two");
    }

    @Test
    void aKindThatIsUnknownHereIsLeftAlone() {
        database.update(JobStore.creation("newer", "", 0));
        jobs().run();
        assertThat(only().text("kind")).isEqualTo("newer");
        assertThat(only().number("tries")).isZero();
    }
}
