package packagebroker.core.release;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
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

    /** Returns the statement that lists a version no more. Who has it in a lock still gets its archive. */
    public static Statement remove(String upstream, PackageName name, String version) {
        return Statement.of(
                "DELETE FROM release WHERE upstream = ? AND package = ? AND version = ?",
                upstream,
                name.toString(),
                version);
    }

    /**
     * Returns the statements that make a change of a package's releases seen: its name is the upstream's, unless it is
     * somebody's already, and its files are made anew before they are served again.
     */
    public static List<Statement> changed(String upstream, PackageName name, long now) {
        return List.of(
                Statement.of("""
                        INSERT INTO package (name, upstream, owned_at)
                        VALUES (?, ?, ?)
                        ON CONFLICT (name) DO NOTHING
                        """, name.toString(), upstream, now),
                Statement.of("""
                        INSERT INTO released (upstream, package, generation)
                        VALUES (?, ?, 1)
                        ON CONFLICT (upstream, package) DO UPDATE SET generation = generation + 1
                        """, upstream, name.toString()),
                Statement.of("""
                        UPDATE document
                        SET fresh_until = 0, generation = generation + 1
                        WHERE package = ? AND EXISTS (SELECT 1 FROM package WHERE name = document.package AND upstream = ?)
                        """, name.toString(), upstream),
                Statement.of("DELETE FROM negative WHERE package = ?", name.toString()));
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
