package packagebroker.core.git;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.release.Release;
import packagebroker.core.release.ReleaseStore;

/** The tables {@code repository} and {@code git_ref}, as far as the looks at repositories go: what waits, and what was found. */
final class GitStore {
    static final String COLUMNS =
            "id, path, url, default_branch, archived, stamp, etag, package, stage, cursor, missing_since";

    private static final long PUT_OFF_MILLIS = 3_600_000;

    private final Database database;

    GitStore(Database database) {
        this.database = database;
    }

    /** Returns the repositories whose turn it is, those that wait longest first. */
    List<RepositoryRow> waiting(String upstream, long now, int limit) {
        List<RepositoryRow> waiting = new ArrayList<>();
        Statement read = Statement.of("SELECT " + COLUMNS + """
                 FROM repository
                WHERE upstream = ? AND stage <> 'idle' AND turn_at <= ? AND missing_since = 0
                ORDER BY turn_at, id
                LIMIT ?
                """, upstream, now, limit);
        for (Row row : database.primary().query(read)) {
            waiting.add(RepositoryRow.of(row));
        }
        return waiting;
    }

    /**
     * Whose names are whose.
     *
     * @param repositories of this upstream, by the names of their packages
     * @param upstreams the owners of names
     */
    record Owners(Map<String, String> repositories, Map<String, String> upstreams) {}

    /** Returns who has names already. */
    Owners owners(String upstream, Collection<String> names) {
        String list = Json.write(List.copyOf(names));
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of("""
                                SELECT package, id
                                FROM repository
                                WHERE upstream = ? AND missing_since = 0 AND package IN (SELECT value FROM json_each(?))
                                """, upstream, list),
                        Statement.of(
                                "SELECT name, upstream FROM package WHERE name IN (SELECT value FROM json_each(?))",
                                list)));
        Owners owners = new Owners(new HashMap<>(), new HashMap<>());
        for (Row row : rows.get(0)) {
            owners.repositories().put(row.text("package"), row.text("id"));
        }
        for (Row row : rows.get(1)) {
            owners.upstreams().put(row.text("name"), row.text("upstream"));
        }
        return owners;
    }

    /**
     * What the default branch of a repository says.
     *
     * @param name the package's name; empty if it is no package
     * @param problem what is wrong with it, or empty
     */
    record Named(RepositoryRow repository, String name, String problem) {}

    /** Has the tags of repositories listed that are packages, and all their refs read again where the name is another one. */
    void name(Look look, List<Named> all) {
        String upstream = look.upstream();
        long now = look.now();
        List<Object> rows = new ArrayList<>();
        List<String> renamed = new ArrayList<>();
        for (Named named : all) {
            RepositoryRow repository = named.repository();
            boolean sound = !named.name().isEmpty();
            String name = sound ? named.name() : repository.packageName();
            String stage = sound ? RepositoryRow.TAGS : RepositoryRow.IDLE;
            rows.add(List.of(
                    repository.id(), name, stage, repository.repository().stamp(), named.problem()));
            if (sound
                    && !repository.packageName().isEmpty()
                    && !repository.packageName().equals(name)) {
                renamed.add(repository.id());
            }
        }
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of("""
                UPDATE repository
                SET package = found.value ->> 1, stage = found.value ->> 2, begun_stamp = found.value ->> 3,
                  problem = found.value ->> 4, cursor = '', listed = '', turn_at = ?,
                  synced_at = CASE WHEN found.value ->> 2 = 'idle' THEN ? ELSE synced_at END
                FROM json_each(?) AS found
                WHERE upstream = ? AND repository.id = found.value ->> 0
                """, now, now, Json.write(rows), upstream));
        if (!renamed.isEmpty()) {
            batch.add(doubted(upstream, renamed));
        }
        database.batch(batch);
    }

    /** Returns the statement that has all refs of repositories read again. */
    static Statement doubted(String upstream, List<String> repositories) {
        return Statement.of("""
                UPDATE git_ref
                SET state = 'pending'
                WHERE upstream = ? AND version <> '' AND repository IN (SELECT value FROM json_each(?))
                """, upstream, Json.write(repositories));
    }

    /**
     * A tag or branch of a list.
     *
     * @param version normalised, or empty if it stands for none
     */
    record ListedRef(String name, String commit, String time, String version, String rank) {}

    /**
     * Returns the statements that take in a part of a list: what is new there, or has moved, is to be read.
     *
     * @param next the repository as it is afterwards
     */
    static List<Statement> listed(String upstream, RepositoryRow next, List<ListedRef> part, long now) {
        List<Object> refs = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (ListedRef ref : part) {
            refs.add(List.of(ref.name(), ref.commit(), ref.time(), ref.version(), ref.rank()));
            names.append(Json.quote(ref.name())).append(',');
        }
        return List.of(
                Statement.of("""
                        INSERT INTO git_ref (upstream, repository, name, reference, time, version, rank, state, problem)
                        SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
                          CASE WHEN value ->> 3 = '' THEN 'invalid' ELSE 'pending' END,
                          CASE WHEN value ->> 3 = '' THEN 'its name is no version' ELSE '' END
                        FROM json_each(?)
                        WHERE TRUE
                        ON CONFLICT (upstream, repository, name) DO UPDATE SET
                          reference = excluded.reference, time = excluded.time, version = excluded.version,
                          state = excluded.state, problem = excluded.problem
                        WHERE git_ref.reference <> excluded.reference
                        """, upstream, next.id(), Json.write(refs)),
                Statement.of("""
                        UPDATE repository
                        SET stage = ?, cursor = ?, listed = listed || ?, turn_at = ?
                        WHERE upstream = ? AND id = ?
                        """, next.stage(), next.cursor(), names.toString(), now, upstream, next.id()));
    }

    /** Runs statements that belong together. */
    void commit(List<Statement> batch) {
        if (!batch.isEmpty()) {
            database.batch(batch);
        }
    }

    /** Returns up to {@code limit} refs of a repository that are not among those listed. */
    List<String> gone(String upstream, String repository, int limit) {
        List<String> gone = new ArrayList<>();
        Statement read = Statement.of("""
                SELECT name
                FROM git_ref
                WHERE upstream = ? AND repository = ? AND name NOT IN (
                  SELECT value
                  FROM json_each((SELECT '[' || listed || '""]' FROM repository WHERE upstream = ? AND id = ?)))
                LIMIT ?
                """, upstream, repository, upstream, repository, limit);
        for (Row row : database.primary().query(read)) {
            gone.add(row.text("name"));
        }
        return gone;
    }

    /** Returns the statement that says that what is listed no more is forgotten. */
    static Statement swept(String upstream, String repository) {
        return Statement.of(
                "UPDATE repository SET cursor = '', listed = '' WHERE upstream = ? AND id = ?", upstream, repository);
    }

    /** Returns the statements that forget refs and list their versions no more; what one of them stood before has its turn. */
    static List<Statement> forgotten(String upstream, RepositoryRow repository, List<String> names) {
        String list = Json.write(names);
        List<Statement> batch = new ArrayList<>();
        batch.add(Statement.of("""
                UPDATE git_ref
                SET state = 'pending'
                WHERE upstream = ? AND repository = ? AND state = 'invalid' AND version <> '' AND version IN (
                  SELECT version
                  FROM git_ref
                  WHERE upstream = ? AND repository = ? AND name IN (SELECT value FROM json_each(?)))
                """, upstream, repository.id(), upstream, repository.id(), list));
        batch.add(Statement.of("""
                DELETE FROM release
                WHERE upstream = ? AND package = ? AND origin IN (SELECT value FROM json_each(?))
                """, upstream, repository.packageName(), list));
        batch.add(Statement.of("""
                DELETE FROM git_ref
                WHERE upstream = ? AND repository = ? AND name IN (SELECT value FROM json_each(?))
                """, upstream, repository.id(), list));
        batch.addAll(ReleaseStore.moved(upstream, List.of(repository.packageName())));
        return batch;
    }

    /**
     * A ref that is to be read.
     *
     * @param repository the id of its repository
     * @param time of its commit, or empty
     */
    record Pending(String repository, String name, String commit, String time) {}

    /** Returns the refs of repositories that are to be read, those of the first repository first. */
    List<Pending> pending(String upstream, List<String> repositories, int limit) {
        List<Pending> pending = new ArrayList<>();
        Statement read = Statement.of("""
                SELECT r.repository, r.name, r.reference, r.time
                FROM json_each(?) AS wanted
                JOIN git_ref r ON r.upstream = ? AND r.repository = wanted.value AND r.state = 'pending'
                ORDER BY wanted.key, r.rank DESC
                LIMIT ?
                """, Json.write(repositories), upstream, limit);
        for (Row row : database.primary().query(read)) {
            pending.add(new Pending(row.text("repository"), row.text("name"), row.text("reference"), row.text("time")));
        }
        return pending;
    }

    /**
     * A ref that was read.
     *
     * @param release what is to be listed, or null
     * @param problem why it is not, or empty
     */
    record ReadRef(Pending ref, @Nullable Release release, String problem) {
        /** Returns how long the listed version is. */
        int length() {
            return release == null ? 0 : release.manifest().length();
        }
    }

    /** Returns the statements that list what was read. A ref that has moved meanwhile is to be read again. */
    static List<Statement> read(String upstream, List<ReadRef> all, Set<String> claimed, long now) {
        List<Release> releases = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        List<Object> rows = new ArrayList<>();
        for (ReadRef one : all) {
            Release release = one.release();
            if (release != null) {
                releases.add(release);
                names.add(release.name().toString());
            }
            rows.add(List.of(
                    one.ref().repository(),
                    one.ref().name(),
                    one.ref().commit(),
                    one.problem(),
                    release == null ? "" : release.name().toString()));
        }
        List<Statement> batch = new ArrayList<>();
        if (!releases.isEmpty()) {
            batch.add(ReleaseStore.putAll(upstream, releases, now));
            batch.addAll(ReleaseStore.moved(upstream, names));
            batch.add(ReleaseStore.claimed(upstream, claimed, now));
        }
        batch.add(Statement.of("""
                UPDATE git_ref
                SET (state, problem) = (
                  SELECT CASE WHEN found.value ->> 3 = '' AND coalesce(r.origin, git_ref.name) = git_ref.name THEN 'read' ELSE 'invalid' END,
                    CASE WHEN found.value ->> 3 <> '' THEN found.value ->> 3 WHEN coalesce(r.origin, git_ref.name) = git_ref.name THEN ''
                      ELSE 'it is the same version as ' || r.origin END
                  FROM (SELECT 1)
                  LEFT JOIN release r ON r.upstream = git_ref.upstream AND r.package = found.value ->> 4 AND r.version = git_ref.version)
                FROM json_each(?) AS found
                WHERE git_ref.upstream = ? AND git_ref.repository = found.value ->> 0 AND git_ref.name = found.value ->> 1
                  AND git_ref.reference = found.value ->> 2
                """, Json.write(rows), upstream));
        return batch;
    }

    /** Returns the statement that ends the looks at repositories of which all was read; what changed meanwhile is due again. */
    static Statement done(String upstream, List<String> repositories, long now) {
        return Statement.of("""
                UPDATE repository
                SET stage = CASE WHEN stamp = begun_stamp THEN 'idle' ELSE 'due' END, synced_at = ?, turn_at = ?
                WHERE upstream = ? AND stage = 'refs' AND cursor = '' AND id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
                  SELECT 1 FROM git_ref WHERE git_ref.upstream = repository.upstream AND repository = repository.id AND state = 'pending')
                """, now, now, upstream, Json.write(repositories));
    }

    /** Puts repositories off, if any have to be. */
    void putOff(Look look) {
        Statement putOffs = look.putOffs();
        if (putOffs != null) {
            database.update(putOffs);
        }
    }

    /** Returns the statement that puts off, each with its problem; without one, as if it had just had its turn. */
    static Statement putOff(String upstream, List<Object> rows, long now) {
        return Statement.of("""
                UPDATE repository
                SET stage = CASE WHEN put.value ->> 1 = '' THEN stage ELSE 'due' END,
                  problem = CASE WHEN put.value ->> 1 = '' THEN problem ELSE put.value ->> 1 END,
                  turn_at = CASE WHEN put.value ->> 1 = '' THEN ? ELSE ? END
                FROM json_each(?) AS put
                WHERE upstream = ? AND repository.id = put.value ->> 0
                """, now, now + PUT_OFF_MILLIS, Json.write(rows), upstream);
    }
}
