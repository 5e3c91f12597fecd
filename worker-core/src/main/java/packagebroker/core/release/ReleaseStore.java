package packagebroker.core.release;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * The tables {@code release} and {@code released}. Changes are statements for the batch of whoever makes them, each followed by
 * {@link #changed}: so what clients see changes with the rows it is made of, or not at all.
 */
public final class ReleaseStore {
    private final Database database;

    /** Creates the store. */
    public ReleaseStore(Database database) {
        this.database = database;
    }

    /** Returns the statement that lists a version, or lists it anew. One that was yanked stays so. */
    public static Statement put(Release release, long now) {
        return Statement.of(
                """
                INSERT INTO release (upstream, package, version, dev, manifest, origin, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (upstream, package, version) DO UPDATE SET
                  manifest = excluded.manifest, origin = excluded.origin, changed_at = excluded.changed_at
                WHERE release.manifest <> excluded.manifest OR release.origin <> excluded.origin
                """,
                release.upstream(),
                release.name().toString(),
                release.version(),
                release.isDev() ? 1 : 0,
                release.manifest(),
                release.origin(),
                now);
    }

    /**
     * Returns the statement that lists versions of an upstream, or lists them anew. One that is there with another origin stays
     * as it is.
     */
    public static Statement putAll(String upstream, List<Release> releases, long now) {
        List<Object> rows = new ArrayList<>();
        for (Release release : releases) {
            rows.add(List.of(
                    release.name().toString(),
                    release.version(),
                    release.isDev() ? 1 : 0,
                    release.manifest(),
                    release.origin()));
        }
        return Statement.of("""
                INSERT INTO release (upstream, package, version, dev, manifest, origin, changed_at)
                SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?
                FROM json_each(?)
                WHERE TRUE
                ON CONFLICT (upstream, package, version) DO UPDATE SET
                  manifest = excluded.manifest, changed_at = excluded.changed_at
                WHERE release.origin = excluded.origin AND release.manifest <> excluded.manifest
                """, upstream, now, Json.write(rows));
    }

    /** Returns the statement that lists a version no more. Who has it in a lock still gets its archive. */
    public static Statement remove(String upstream, PackageName name, String version) {
        return Statement.of(
                "DELETE FROM release WHERE upstream = ? AND package = ? AND version = ?",
                upstream,
                name.toString(),
                version);
    }

    /** Returns the statement that lists a version no more until it is said with 0. Who has it in a lock still gets its archive. */
    public static Statement yank(String upstream, PackageName name, String version, long yankedAt) {
        return Statement.of(
                "UPDATE release SET yanked_at = ? WHERE upstream = ? AND package = ? AND version = ?",
                yankedAt,
                upstream,
                name.toString(),
                version);
    }

    /** Returns the release of a version, by whoever owns the name: its upstream, and since when it is yanked; or null. */
    public @Nullable Row find(PackageName name, String version) {
        return database.primary().findOne(Statement.of("""
                SELECT r.upstream AS upstream, r.yanked_at AS yanked_at, r.origin AS origin
                FROM release r
                JOIN package p ON p.name = r.package AND p.upstream = r.upstream
                WHERE r.package = ? AND r.version = ?
                """, name.toString(), version));
    }

    /**
     * Returns the statements that make a change of a package's releases seen: its name is the upstream's, unless it is
     * somebody's already, and its files are made anew before they are served again; one that lists nothing any more is gone at
     * once, since nobody has to be believed for that.
     */
    public static List<Statement> changed(String upstream, PackageName name, long now) {
        List<String> names = List.of(name.toString());
        List<Statement> statements = new ArrayList<>(moved(upstream, names));
        statements.add(claimed(upstream, names, now));
        return statements;
    }

    /** Returns the statement that makes names an upstream's, where they are nobody's. */
    public static Statement claimed(String upstream, Collection<String> names, long now) {
        return Statement.of("""
                INSERT INTO package (name, upstream, owned_at)
                SELECT value, ?, ? FROM json_each(?) WHERE TRUE
                ON CONFLICT (name) DO NOTHING
                """, upstream, now, Json.write(List.copyOf(names)));
    }

    /** Returns the statements that have the files of packages made anew, without making their names the upstream's. */
    public static List<Statement> moved(String upstream, Collection<String> packages) {
        String names = Json.write(List.copyOf(packages));
        return List.of(
                Statement.of("""
                        INSERT INTO released (upstream, package, generation)
                        SELECT ?, value, 1 FROM json_each(?) WHERE TRUE
                        ON CONFLICT (upstream, package) DO UPDATE SET generation = generation + 1
                        """, upstream, names),
                Statement.of("""
                        UPDATE document
                        SET fresh_until = 0, generation = generation + 1,
                            missing_since = CASE WHEN EXISTS (
                              SELECT 1 FROM release r
                              WHERE r.upstream = ? AND r.package = document.package AND r.dev = document.dev AND r.yanked_at = 0
                            ) THEN missing_since ELSE 1 END
                        WHERE package IN (SELECT value FROM json_each(?))
                          AND EXISTS (SELECT 1 FROM package WHERE name = document.package AND upstream = ?)
                        """, upstream, names, upstream),
                Statement.of("DELETE FROM negative WHERE package IN (SELECT value FROM json_each(?))", names));
    }

    /** Returns the number that moves with every change of a package's releases; null if it never had one. */
    @Nullable
    Long findGeneration(String upstream, PackageName name) {
        Row row = database.primary()
                .findOne(Statement.of(
                        "SELECT generation FROM released WHERE upstream = ? AND package = ?",
                        upstream,
                        name.toString()));
        return row == null ? null : row.number("generation");
    }

    /** Returns the listed versions after one, {@code limit} at most, in the order of their texts. */
    List<Row> page(String upstream, PackageName name, boolean dev, String after, int limit) {
        return database.primary().query(Statement.of("""
                SELECT version, manifest
                FROM release
                WHERE upstream = ? AND package = ? AND version > ? AND dev = ? AND yanked_at = 0
                ORDER BY version
                LIMIT ?
                """, upstream, name.toString(), after, dev ? 1 : 0, limit));
    }
}
