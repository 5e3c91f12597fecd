package packagebroker.core.advisory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code filter_entry} and {@code filter_summary}. */
final class FilterStore {
    private static final String ENTRIES = """
            SELECT e.package, e.list, e.upstream, e.versions, p.upstream AS owner, p.owned_at
            FROM filter_entry e
            LEFT JOIN package p ON p.name = e.package
            """;

    private final Database database;

    FilterStore(Database database) {
        this.database = database;
    }

    /** A summary as we have it: what it was compared by, and until when it need not be asked for. */
    record Summary(String digest, String modified, String etag, long freshUntil) {}

    /** Returns the summary of an upstream, or null. */
    @Nullable
    Summary find(String upstream) {
        Row row = database.findOne(Statement.of(
                "SELECT digest, modified, etag, fresh_until FROM filter_summary WHERE upstream = ?", upstream));
        return row == null
                ? null
                : new Summary(row.text("digest"), row.text("modified"), row.text("etag"), row.number("fresh_until"));
    }

    /** Records until when a summary need not be asked for again. */
    void touch(String upstream, long freshUntil) {
        database.update(
                Statement.of("UPDATE filter_summary SET fresh_until = ? WHERE upstream = ?", freshUntil, upstream));
    }

    /**
     * Keeps a summary that differs, writing only those of its entries that do.
     *
     * @param entries JSON: a list of [list, package, versions]
     */
    void save(String upstream, Summary summary, String entries, long now) {
        database.batch(List.of(
                Statement.of("""
                        DELETE FROM filter_entry
                        WHERE upstream = ? AND (list, package) NOT IN (
                          SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
                          FROM json_each(?))
                        """, upstream, entries),
                Statement.of("""
                        INSERT INTO filter_entry (package, list, upstream, versions)
                        SELECT json_extract(value, '$[1]'), json_extract(value, '$[0]'), ?, json_extract(value, '$[2]')
                        FROM json_each(?)
                        WHERE TRUE
                        ON CONFLICT (package, list, upstream) DO UPDATE SET versions = excluded.versions
                        WHERE filter_entry.versions <> excluded.versions
                        """, upstream, entries),
                Statement.of("""
                        INSERT INTO filter_summary (upstream, digest, modified, etag, fresh_until)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (upstream) DO UPDATE SET
                          digest = excluded.digest, modified = excluded.modified, etag = excluded.etag,
                          fresh_until = excluded.fresh_until
                        """, upstream, summary.digest(), summary.modified(), summary.etag(), summary.freshUntil()),
                // A second later than before at least: a change always shows (P38).
                Statement.of("""
                        UPDATE setting
                        SET value = CASE WHEN CAST(value AS BIGINT) + 1000 > ? THEN CAST(value AS BIGINT) + 1000 ELSE ? END
                        WHERE name = 'filter_modified'
                        """, now, "" + now)));
    }

    /** All entries, and when the lists last changed, ms in whole seconds. */
    record All(List<Row> entries, long modified) {}

    /** Returns all entries of all summaries, each with its package's owner. */
    All all() {
        List<List<Row>> rows = database.queryAll(List.of(
                Statement.of(ENTRIES + "ORDER BY e.list, e.package, e.upstream"),
                Statement.of(
                        "SELECT MAX(CAST(value AS BIGINT)) AS modified FROM setting WHERE name = 'filter_modified'")));
        long modified = rows.get(1).get(0).number("modified");
        for (Row row : rows.get(0)) {
            // Who owns a package decides whose entries of it count.
            modified = Math.max(modified, row.number("owned_at") + 999);
        }
        return new All(rows.get(0), modified / 1000 * 1000);
    }

    /** Returns the entries of some packages, each with its package's owner. */
    List<Row> of(List<String> names) {
        return database.query(Statement.of(
                ENTRIES + "WHERE e.package IN (SELECT value FROM json_each(?)) ORDER BY e.package, e.list, e.upstream",
                Json.write(names)));
    }
}
