package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The table {@code view}. */
public final class ViewStore {
    private static final String COLUMNS = """
            w.document AS view_document, w.object AS view_object, w.size AS view_size, w.digest AS view_digest,
            w.versions AS view_versions, w.last_modified AS view_modified""";

    private final Database database;

    ViewStore(Database database) {
        this.database = database;
    }

    /**
     * Returns the expression that finds what is open of a package in stored limits: the key of the narrowest pattern that selects it.
     *
     * @param limits the limits as SQL, such as a question mark
     * @param name the package as SQL
     */
    public static String key(String limits, String name) {
        return "(SELECT json_extract(r.value, '$[5]') FROM json_each(NULLIF(" + limits + ", '')) r WHERE " + name
                + " BETWEEN json_extract(r.value, '$[3]') AND json_extract(r.value, '$[4]')"
                + " ORDER BY length(json_extract(r.value, '$[3]')) DESC LIMIT 1)";
    }

    /** Returns a read of a document that reads the view beside it, of a token whose row is read in the same statement, as {@code t}. */
    static Joined besideToken(Joined document, PackageFile file) {
        // The name as a parameter: an expression over the view's own columns could not be looked up by its key.
        return beside(document, file, key("t.limits", "?"), file.name().toString());
    }

    /** Returns a read of a document that reads the view of a key beside it. */
    static Joined beside(Joined document, PackageFile file, String key) {
        return beside(document, file, "?", key);
    }

    private static Joined beside(Joined document, PackageFile file, String expression, String parameter) {
        List<@Nullable Object> parameters = new ArrayList<>(document.parameters());
        parameters.add(file.name().toString());
        parameters.add(file.dev() ? 1 : 0);
        parameters.add(parameter);
        return new Joined(
                document.columns() + ", " + COLUMNS,
                document.joins() + " LEFT JOIN view w ON w.package = ? AND w.dev = ? AND w.limits = " + expression,
                parameters);
    }

    /** Runs a read by itself. */
    List<Row> read(Joined joined) {
        return database.query(joined.alone());
    }

    /** Returns a view as the primary has it, or null. */
    @Nullable
    ViewRow find(PackageFile file, String key) {
        Row row = database.primary()
                .findOne(Statement.of(
                        "SELECT " + COLUMNS + " FROM view w WHERE w.package = ? AND w.dev = ? AND w.limits = ?",
                        file.name().toString(),
                        file.dev() ? 1 : 0,
                        key));
        return row == null ? null : ViewRow.find(row);
    }

    /**
     * Makes a view visible. Its date is that of no other view of the document, so that whoever is limited otherwise, or comes with
     * another token, is never told that nothing has changed. It stays as it was if the bytes do, unless it is older than
     * {@code changedAt}.
     *
     * @param row the view, dated as early as it may be
     */
    void put(PackageFile file, String key, ViewRow row, Summary summary, long changedAt) {
        String name = file.name().toString();
        int dev = file.dev() ? 1 : 0;
        database.update(Statement.of(
                """
                INSERT INTO view (package, dev, limits, document, object, size, digest, versions, last_modified, description, type,
                                  abandoned, provides)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?,
                       MAX(?, COALESCE((SELECT MAX(last_modified) FROM view WHERE package = ? AND dev = ?), 0) + 1000),
                       COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, '')
                WHERE TRUE
                ON CONFLICT (package, dev, limits) DO UPDATE
                SET document = excluded.document, object = excluded.object, size = excluded.size, digest = excluded.digest,
                    versions = excluded.versions, description = excluded.description, type = excluded.type,
                    abandoned = excluded.abandoned, provides = excluded.provides,
                    last_modified = CASE WHEN digest = excluded.digest AND last_modified >= ? THEN last_modified
                                         ELSE excluded.last_modified END
                WHERE document <> excluded.document OR last_modified < ?
                """,
                name,
                dev,
                key,
                row.document(),
                row.object(),
                row.size(),
                row.digest(),
                row.versions(),
                row.lastModified(),
                name,
                dev,
                summary.description(),
                summary.type(),
                summary.abandoned(),
                summary.provides(),
                changedAt,
                changedAt));
    }

    /** A document of which a view is missing. */
    record Missing(PackageFile file, DocumentRow row) {}

    /** Returns up to {@code limit} documents of which there is no current view for somebody. */
    List<Missing> missing(Limits limits, int limit) {
        String key = key("?", "d.package");
        String stored = limits.stored();
        String sql = """
                SELECT d.package, d.dev, d.object, d.size, d.advertised_size, d.digest, d.last_modified, d.upstream_modified,
                       d.upstream_etag, d.fresh_until, d.missing_since, d.base_url, d.generation
                FROM document d
                WHERE d.package BETWEEN ? AND ? AND d.versions > 0
                """;
        List<Missing> missing = new ArrayList<>();
        for (Row row : database.query(Statement.of(
                sql + " AND " + key + " <> '' AND NOT EXISTS (SELECT 1 FROM view w WHERE w.package = d.package"
                        + " AND w.dev = d.dev AND w.document = d.object AND w.limits = " + key
                        + ") ORDER BY d.package, d.dev LIMIT ?",
                limits.low(),
                limits.high(),
                stored,
                stored,
                limit))) {
            PackageFile file = PackageFile.of(row.text("package"), row.number("dev"));
            missing.add(new Missing(file, DocumentRow.of(row)));
        }
        return missing;
    }

    /** Returns the packages of which a version is open to somebody, as far as views say. */
    Set<PackageName> shown(Limits limits) {
        Set<PackageName> shown = new HashSet<>();
        for (Row row : database.query(Statement.of(
                "SELECT DISTINCT d.package FROM document d JOIN view w ON w.package = d.package AND w.dev = d.dev AND w.limits = "
                        + key("?", "d.package") + " WHERE d.package BETWEEN ? AND ? AND w.versions > 0",
                limits.stored(),
                limits.low(),
                limits.high()))) {
            shown.add(PackageName.parse(row.text("package")));
        }
        return shown;
    }

    /** Returns the packages that belong to some upstreams. */
    Set<PackageName> owned(List<String> upstreams) {
        Set<PackageName> owned = new HashSet<>();
        for (Row row : database.query(Statement.of(
                "SELECT name FROM package WHERE upstream IN (SELECT value FROM json_each(?))",
                Json.write(upstreams)))) {
            owned.add(PackageName.parse(row.text("name")));
        }
        return owned;
    }

    /** Forgets up to {@code limit} views for which there is no token any more, and returns their number; their objects are swept. */
    int forget(int limit, long now) {
        return database.update(Statement.of("""
                DELETE FROM view
                WHERE (package, dev, limits) IN (
                  SELECT package, dev, limits
                  FROM view
                  WHERE limits NOT IN (
                    SELECT json_extract(r.value, '$[5]')
                    FROM token t, json_each(NULLIF(t.limits, '')) r
                    WHERE t.customer <> '' AND t.revoked_at IS NULL AND t.expires_at > ?)
                  LIMIT ?)
                """, now, limit));
    }
}
