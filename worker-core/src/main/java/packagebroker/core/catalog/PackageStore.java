package packagebroker.core.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** Reads over {@code package}, {@code document} and {@code version}. */
public final class PackageStore {
    /** Stands before the base URL of a document that has to be written again before it is served. */
    public static final String MARK = "#";

    private final Database database;

    /** Creates the store. */
    public PackageStore(Database database) {
        this.database = database;
    }

    /**
     * Returns the change that has the stable documents of some packages written again, from our own copies and whatever their
     * upstreams do, before they are served. They count as changed at once, for who reads what has changed.
     *
     * @param names a SELECT of the packages' names
     */
    public static Statement rewriteDocuments(Statement names, long now) {
        String sql = """
                UPDATE document
                SET base_url = CASE WHEN substr(base_url, 1, 1) = '#' THEN base_url ELSE '#' || base_url END,
                    last_modified = CASE WHEN last_modified + 1000 > ? THEN last_modified + 1000 ELSE ? END
                WHERE dev = 0 AND package IN (""";
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(now / 1000 * 1000);
        parameters.add(now / 1000 * 1000);
        parameters.addAll(names.parameters());
        return Statement.of(sql + names.sql() + ")", parameters.toArray());
    }

    /**
     * Returns up to {@code limit} packages whose names come after {@code after}, in order of their names, as far as one of the
     * patterns selects them. Chosen here and not afterwards, so that the last name of a page is one that may be shown.
     */
    List<Row> list(String after, int limit, List<String> patterns) {
        return database.query(Statement.of("""
                SELECT p.name, p.upstream, p.owned_at, d.last_modified, d.versions, d.fresh_until
                FROM package p
                LEFT JOIN document d ON d.package = p.name AND d.dev = 0
                WHERE p.name > ?
                  AND EXISTS (
                    SELECT 1
                    FROM json_each(?) s
                    WHERE p.name = s.value
                      OR (substr(s.value, -1) = '*' AND instr(p.name, substr(s.value, 1, length(s.value) - 1)) = 1))
                ORDER BY p.name
                LIMIT ?
                """, after, Json.write(patterns), limit));
    }

    /** Returns the package's row, its documents and its stored archives, in one round trip. */
    List<List<Row>> show(PackageName name) {
        return database.queryAll(List.of(
                Statement.of("""
                        SELECT p.name, p.upstream, u.name AS upstream_name, p.owned_at
                        FROM package p
                        LEFT JOIN upstream u ON u.id = p.upstream
                        WHERE p.name = ?
                        """, name.toString()),
                Statement.of("""
                        SELECT dev, size, versions, last_modified, fresh_until, missing_since
                        FROM document
                        WHERE package = ?
                        ORDER BY dev
                        """, name.toString()),
                Statement.of("""
                        SELECT version, reference, type, sha256, sha1, size, first_seen, state
                        FROM version
                        WHERE package = ?
                        ORDER BY first_seen DESC, version, reference
                        LIMIT 1000
                        """, name.toString())));
    }
}
