package packagebroker.core.git;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code repository}, as far as the walks through what is selected go: which there are, and which have changed. */
final class RepositoryStore {
    private static final String NAMES = "(SELECT value FROM json_each(?))";

    private final Database database;

    RepositoryStore(Database database) {
        this.database = database;
    }

    /** Returns the repositories of these ids or paths, by their ids. */
    Map<String, RepositoryRow> known(String upstream, Collection<String> ids, Collection<String> paths) {
        Map<String, RepositoryRow> known = new HashMap<>();
        Statement read = Statement.of(
                "SELECT " + GitStore.COLUMNS + " FROM repository WHERE upstream = ? AND (id IN " + NAMES
                        + " OR path IN " + NAMES + ")",
                upstream,
                Json.write(List.copyOf(ids)),
                Json.write(List.copyOf(paths)));
        for (Row row : database.primary().query(read)) {
            known.put(row.text("id"), RepositoryRow.of(row));
        }
        return known;
    }

    /**
     * What a walk found.
     *
     * @param found what is new or has changed
     * @param doubted the ids of those of which every ref is to be read again
     * @param rebased the ids of those that have another default branch: their branches are to be read again
     */
    record Changes(List<GitHost.Repository> found, List<String> doubted, List<String> rebased) {}

    /** Takes in what a walk found, if anything. */
    void save(String upstream, Changes changes, long now) {
        if (changes.found().isEmpty()) {
            return;
        }
        List<Object> rows = new ArrayList<>();
        List<Object> alerts = new ArrayList<>();
        for (GitHost.Repository r : changes.found()) {
            rows.add(List.of(r.id(), r.path(), r.url(), r.defaultBranch(), r.archived() ? 1 : 0, r.stamp(), r.etag()));
            alerts.add(subject(upstream, r.id()));
        }
        List<Statement> batch = new ArrayList<>();
        if (!changes.doubted().isEmpty()) {
            batch.add(GitStore.doubted(upstream, changes.doubted()));
        }
        if (!changes.rebased().isEmpty()) {
            batch.add(Statement.of("""
                    UPDATE git_ref
                    SET state = 'pending'
                    WHERE upstream = ? AND repository IN (SELECT value FROM json_each(?)) AND version <> '' AND name >= 'branches/'
                      AND name < 'branches0'
                    """, upstream, Json.write(changes.rebased())));
        }
        batch.add(upsert(upstream, rows));
        batch.add(Statement.of(
                "UPDATE alert SET state = 'cleared', decided_at = ? WHERE kind = 'repository' AND state <> 'cleared' AND subject IN "
                        + NAMES,
                now,
                Json.write(alerts)));
        database.batch(batch);
    }

    private static Statement upsert(String upstream, List<Object> rows) {
        return Statement.of("""
                INSERT INTO repository (upstream, id, path, url, default_branch, archived, stamp, etag)
                SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
                FROM json_each(?)
                WHERE TRUE
                ON CONFLICT (upstream, id) DO UPDATE SET
                  stage = CASE
                    WHEN stage = 'idle' AND (missing_since > 0 OR stamp <> excluded.stamp OR path <> excluded.path
                      OR default_branch <> excluded.default_branch) THEN 'due'
                    ELSE stage END,
                  path = excluded.path, url = excluded.url, default_branch = excluded.default_branch, archived = excluded.archived,
                  stamp = excluded.stamp, etag = excluded.etag, missing_since = 0
                """, upstream, Json.write(rows));
    }

    /** Ends a walk: what it has not seen is missing, if it was whole; what was looked at long ago is due. */
    void end(String upstream, Walk walk, long looked, long now) {
        List<Statement> batch = new ArrayList<>();
        if (walk.isWhole()) {
            batch.add(Statement.of(
                    "UPDATE repository SET missing_since = ? WHERE upstream = ? AND missing_since = 0 AND id NOT IN "
                            + NAMES,
                    now,
                    upstream,
                    Json.write(walk.seen())));
        }
        batch.add(Statement.of("""
                UPDATE repository
                SET stage = 'due'
                WHERE upstream = ? AND stage = 'idle' AND missing_since = 0
                  AND archived = 0 AND synced_at < ?
                """, upstream, looked));
        database.batch(batch);
    }

    /** Returns one that is missing since before a time, and of which nobody was told; null if there is none. */
    @Nullable
    RepositoryRow findMissing(String upstream, long before) {
        Row row = database.primary().findOne(Statement.of("SELECT " + GitStore.COLUMNS + """
                 FROM repository
                WHERE upstream = ? AND missing_since > 0 AND missing_since < ? AND package <> '' AND NOT EXISTS (
                  SELECT 1 FROM alert WHERE kind = 'repository' AND subject = upstream || ' ' || repository.id AND state <> 'cleared')
                LIMIT 1
                """, upstream, before));
        return row == null ? null : RepositoryRow.of(row);
    }

    private static String subject(String upstream, String id) {
        return upstream + " " + id;
    }

    /** Raises the alert that a repository is missing, with its event. */
    void raise(String upstream, RepositoryRow missing, String alertId, AuditEvent cause) {
        String subject = subject(upstream, missing.id());
        String why = missing.repository().path() + " (" + missing.packageName()
                + ") is not listed by its host any more, or not selected: the versions that were read stay";
        String detail = Json.write(Json.object("alert", alertId, "why", why));
        database.batch(List.of(
                AuditStore.insert(cause.as(Action.MISS_REPOSITORY, subject, detail)),
                Statement.of("""
                        INSERT INTO alert (id, kind, subject, detail, raised_at)
                        VALUES (?, 'repository', ?, ?, ?)
                        ON CONFLICT (kind, subject) DO UPDATE SET
                          id = excluded.id, detail = excluded.detail, raised_at = excluded.raised_at, state = 'open', decided_at = 0
                        """, alertId, subject, why, cause.at())));
    }

    /** Has all of an upstream looked at again, with its event: also what could not be read before. */
    void sync(String upstream, AuditEvent event) {
        database.batch(List.of(
                AuditStore.insert(event),
                Statement.of("""
                        UPDATE git_ref SET state = 'pending' WHERE upstream = ? AND state = 'invalid' AND version <> ''
                        """, upstream),
                Statement.of(
                        "UPDATE repository SET stage = 'due', turn_at = 0, etag = '' WHERE upstream = ?", upstream),
                Statement.of(
                        "UPDATE job SET cursor = '', not_before = 0 WHERE kind = 'git' AND subject = ?", upstream)));
    }

    /** Returns up to {@code limit} repositories after one, and how their refs fare. */
    List<Row> page(String upstream, String after, int limit) {
        return database.query(Statement.of("""
                SELECT id, path, default_branch, archived, package, stage, turn_at, synced_at, missing_since, problem,
                  (SELECT count(*) FROM git_ref r WHERE r.upstream = p.upstream AND r.repository = p.id AND r.state = 'read') AS "read",
                  (SELECT count(*) FROM git_ref r WHERE r.upstream = p.upstream AND r.repository = p.id AND r.state = 'pending') AS pending
                FROM repository p
                WHERE upstream = ? AND id > ?
                ORDER BY id
                LIMIT ?
                """, upstream, after, limit));
    }

    /** Returns what is wrong with refs of repositories. */
    List<Row> problems(String upstream, List<String> repositories, int limit) {
        return database.query(Statement.of("""
                SELECT repository, name, reference, problem
                FROM git_ref
                WHERE upstream = ? AND repository IN (SELECT value FROM json_each(?)) AND state = 'invalid'
                ORDER BY repository, name
                LIMIT ?
                """, upstream, Json.write(repositories), limit));
    }
}
