package packagebroker.core.work;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code job}. */
public final class JobStore {
    private final Database database;

    /** Creates the store. */
    public JobStore(Database database) {
        this.database = database;
    }

    /** What there is to do, the longest due first, and the base URL; null before the setup. */
    record Plan(List<Job> jobs, @Nullable String baseUrl) {}

    /** Reads what there is to do. */
    Plan plan() {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(all(), Statement.of("SELECT value FROM setting WHERE name = 'base_url'")));
        List<Row> setting = rows.get(1);
        return new Plan(
                jobs(rows.get(0)), setting.isEmpty() ? null : setting.get(0).text("value"));
    }

    private static Statement all() {
        return Statement.of("""
                SELECT kind, subject, cursor, not_before, lease_until, tries, ran_at, problem
                FROM job
                ORDER BY not_before, kind, subject
                LIMIT 1000
                """);
    }

    private static List<Job> jobs(List<Row> rows) {
        List<Job> jobs = new ArrayList<>();
        for (Row row : rows) {
            jobs.add(Job.of(row));
        }
        return jobs;
    }

    /** Returns all jobs, the longest due first. */
    List<Job> list() {
        return jobs(database.primary().query(all()));
    }

    /** Returns the statement that makes a job which is due at once, unless it is there. */
    static Statement creation(String kind, String subject, long now) {
        return Statement.of("""
                INSERT INTO job (kind, subject, cursor, not_before, lease_until, tries, ran_at, problem)
                VALUES (?, ?, '', ?, 0, 0, 0, '')
                ON CONFLICT (kind, subject) DO NOTHING
                """, kind, subject, now);
    }

    /** Returns the statement that forgets a job. */
    static Statement deletion(Job job) {
        return Statement.of("DELETE FROM job WHERE kind = ? AND subject = ?", job.kind(), job.subject());
    }

    /** Makes and forgets jobs. */
    void change(List<Statement> changes) {
        database.batch(changes);
    }

    /** Takes a job until a time, if it is still as it was read; until it is given back it counts as cut off. */
    boolean take(Job job, long until) {
        return database.update(Statement.of("""
                UPDATE job
                SET lease_until = ?, tries = tries + 1, problem = 'cut_off'
                WHERE kind = ? AND subject = ? AND lease_until = ? AND not_before = ?
                """, until, job.kind(), job.subject(), job.leaseUntil(), job.notBefore()))
                > 0;
    }

    /** Gives back a job, leased until a time, whose step succeeded. */
    void succeed(Job job, long leasedUntil, long now, Chore.Progress progress) {
        database.update(Statement.of(
                """
                UPDATE job
                SET cursor = ?, not_before = ?, lease_until = 0, tries = 0, ran_at = ?, problem = ''
                WHERE kind = ? AND subject = ? AND lease_until = ?
                """, progress.cursor(), now + progress.pauseMillis(), now, job.kind(), job.subject(), leasedUntil));
    }

    /** Gives back a job, leased until a time, whose step failed: the next one starts where it did. */
    void fail(Job job, long leasedUntil, long notBefore, String problem) {
        database.update(Statement.of("""
                UPDATE job
                SET not_before = ?, lease_until = 0, problem = ?
                WHERE kind = ? AND subject = ? AND lease_until = ?
                """, notBefore, problem, job.kind(), job.subject(), leasedUntil));
    }
}
