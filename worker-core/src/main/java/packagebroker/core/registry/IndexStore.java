package packagebroker.core.registry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Limits;
import packagebroker.core.json.Json;
import packagebroker.core.mirror.ViewStore;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * Reads over {@code document} for whoever looks for a package. Each walks the names of a scope in the order of the table's key and
 * reads a row of {@code document} and one of {@code package} for each; there is no index, since it would double every write.
 */
public final class IndexStore {
    private static final String KNOWN = known("document");
    private static final String SEEN_KNOWN = known("seen");

    /** Documents as somebody sees them to whom only some versions are open, as far as views have been made. */
    private static final String SEEN = """
            WITH seen AS (
              SELECT s.package AS package, s.dev AS dev, s.missing_since AS missing_since,
                     CASE s.opening WHEN '' THEN s.versions ELSE w.versions END AS versions,
                     CASE s.opening WHEN '' THEN s.description ELSE w.description END AS description,
                     CASE s.opening WHEN '' THEN s.type ELSE w.type END AS type,
                     CASE s.opening WHEN '' THEN s.abandoned ELSE w.abandoned END AS abandoned,
                     CASE s.opening WHEN '' THEN s.provides ELSE w.provides END AS provides
              FROM (
                SELECT d.package, d.dev, d.missing_since, d.versions, d.description, d.type, d.abandoned, d.provides,
""" + ViewStore.key("?", "d.package") + """
                    AS opening
                FROM document d
                WHERE d.package BETWEEN ? AND ?) s
              LEFT JOIN view w ON w.package = s.package AND w.dev = s.dev AND w.limits = s.opening)
            """;

    /** One row for each package that has versions, an owner, and was not lost upstream a day ago. */
    private static String known(String documents) {
        return "FROM " + documents + " d\n" + """
            WHERE d.package BETWEEN ? AND ?
              AND (? = '' OR EXISTS (
                SELECT 1
                FROM json_each(?) r
                WHERE d.package BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')))
              AND d.versions > 0
              AND (d.missing_since = 0 OR d.missing_since >= ?)
              AND (SELECT upstream FROM package WHERE name = d.package) IN (
                SELECT id FROM upstream WHERE enabled = 1 AND (? = '' OR id IN (SELECT value FROM json_each(?))))
              AND (d.dev = 0 OR NOT EXISTS (
                SELECT 1 FROM
            """ + documents
                + " s WHERE s.package = d.package AND s.dev = 0 AND s.versions > 0))\n";
    }

    private final Database database;

    /** Creates the store. */
    public IndexStore(Database database) {
        this.database = database;
    }

    /** Which packages are looked at: those of a scope that were not lost before a time, as far as limits open them. */
    record Known(Scope scope, Limits limits, long lostBefore) {
        /** Returns the same in another scope. */
        Known in(Scope other) {
            return new Known(other, limits, lostBefore);
        }

        private String with() {
            return limits.areOfVersions() ? SEEN : "";
        }

        private String from() {
            return limits.areOfVersions() ? SEEN_KNOWN : KNOWN;
        }

        private List<@Nullable Object> parameters(@Nullable Object... before) {
            List<@Nullable Object> parameters = new ArrayList<>();
            if (limits.areOfVersions()) {
                Collections.addAll(parameters, limits.stored(), scope.low(), scope.high());
            }
            Collections.addAll(parameters, before);
            String gaps = scope.gaps();
            Collections.addAll(parameters, scope.low(), scope.high(), gaps, gaps.isEmpty() ? "[]" : gaps, lostBefore);
            String some = limits.upstreams().isEmpty() ? "" : "some";
            Collections.addAll(parameters, some, Json.write(limits.upstreams()));
            return parameters;
        }
    }

    /**
     * Returns one row with up to {@code limit} names in their order: {@code names} as a JSON array, {@code found} their
     * number, and {@code last} the last one.
     *
     * @param after only names behind this one
     * @param glob what a name has to match, of at most 50 bytes, which is all that D1 takes; or empty
     */
    Row list(Known known, String after, String glob, int limit) {
        List<@Nullable Object> parameters = known.parameters();
        Collections.addAll(parameters, after, glob, glob, limit);
        String sql = known.with() + """
                SELECT json_group_array(name) AS names, COUNT(*) AS found, MAX(name) AS last
                FROM (
                  SELECT d.package AS name
""" + known.from() + """
                    AND d.package > ?
                    AND (? = '' OR d.package GLOB ?)
                  ORDER BY d.package
                  LIMIT ?)
                """;
        return database.query(Statement.of(sql, parameters.toArray())).get(0);
    }

    /** What is searched for: words that all have to occur, and a type or an empty text. */
    record Wanted(List<String> words, String type) {
        String first() {
            return words.isEmpty() ? "" : words.get(0);
        }
    }

    /**
     * Returns packages that hold all words in name or description, those named so first: at least one row, each with the
     * {@code total}; where there is no package on this page, its {@code name} is null.
     */
    List<Row> search(Known known, Wanted wanted, int limit, int offset) {
        List<@Nullable Object> parameters = known.parameters(wanted.first(), wanted.first(), wanted.first());
        Collections.addAll(parameters, wanted.type(), wanted.type(), Json.write(wanted.words()), limit, offset);
        String sql = (known.limits().areOfVersions() ? SEEN + "," : "WITH") + """
                 hit AS (
                  SELECT d.package AS name, d.description AS description, d.type AS type, d.abandoned AS abandoned,
                         CASE WHEN d.package = ? OR substr(d.package, instr(d.package, '/') + 1) = ? THEN 0
                              WHEN instr(d.package, ?) > 0 THEN 1
                              ELSE 2 END AS distance
""" + known.from() + """
                    AND (? = '' OR d.type = ?)
                    AND NOT EXISTS (
                      SELECT 1
                      FROM json_each(?) w
                      WHERE instr(d.package, w.value) = 0 AND instr(lower(d.description), w.value) = 0))
                SELECT (SELECT COUNT(*) FROM hit) AS total, h.name AS name, h.description AS description, h.type AS type,
                       h.abandoned AS abandoned
                FROM (SELECT 1)
                LEFT JOIN (
                  SELECT name, description, type, abandoned, distance
                  FROM hit
                  ORDER BY distance, name
                  LIMIT ? OFFSET ?) h ON TRUE
                ORDER BY h.distance, h.name
                """;
        return database.query(Statement.of(sql, parameters.toArray()));
    }

    /** Returns up to {@code limit} packages that provide or replace a name. */
    List<Row> providers(Known known, String name, int limit) {
        List<@Nullable Object> parameters = known.parameters();
        Collections.addAll(parameters, " " + name + " ", limit);
        String sql = known.with() + """
                SELECT d.package AS name, d.description AS description, d.type AS type
""" + known.from() + """
                  AND instr(' ' || d.provides || ' ', ?) > 0
                ORDER BY d.package
                LIMIT ?
                """;
        return database.query(Statement.of(sql, parameters.toArray()));
    }
}
