package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** Reads about many packages at once. A list of any length goes in as one JSON text, since a query takes 100 parameters. */
final class SurveyStore {
    private final Database database;

    SurveyStore(Database database) {
        this.database = database;
    }

    /** An archive that is stored: the SHA-1 of its bytes, whether they may be handed out, and when its version was released, or 0. */
    record Stored(String sha1, boolean servable, long releasedAt) {}

    /** What is known of many packages. */
    record Known(Map<PackageName, DocumentStore.Known> packages, Map<String, Stored> stored, Set<String> refused) {}

    /** Reads it all in one round trip. */
    Known know(List<Survey.Subject> subjects) {
        List<Object> names = new ArrayList<>();
        List<Object> versions = new ArrayList<>();
        List<Object> refusals = new ArrayList<>();
        for (Survey.Subject subject : subjects) {
            names.add(subject.name().toString());
            versions.add(List.of(subject.name().toString(), Version.pathSegment(subject.normalized())));
            refusals.add(subject.refusal());
        }
        List<List<Row>> rows =
                database.primary().queryAll(List.of(packages(names), stored(versions), refused(refusals)));
        Map<String, Stored> stored = new HashMap<>();
        for (Row row : rows.get(1)) {
            String path = row.text("version") + "/r" + row.text("reference") + "." + row.text("type");
            boolean servable = row.text("state").equals("stored");
            stored.put(
                    row.text("package") + "/" + path,
                    new Stored(row.text("sha1"), servable, row.number("released_at")));
        }
        Set<String> refused = new HashSet<>();
        for (Row row : rows.get(2)) {
            refused.add(row.text("subject"));
        }
        return new Known(byName(rows.get(0)), stored, refused);
    }

    private static Statement packages(List<Object> names) {
        return Statement.of("""
                SELECT p.name, p.upstream, d.dev, d.object, d.size, d.advertised_size, d.digest, d.last_modified,
                       d.upstream_modified, d.upstream_etag, d.fresh_until, d.missing_since, d.base_url, d.generation
                FROM json_each(?) wanted
                JOIN package p ON p.name = wanted.value
                LEFT JOIN document d ON d.package = p.name
                """, Json.write(names));
    }

    private static Map<PackageName, DocumentStore.Known> byName(List<Row> rows) {
        Map<PackageName, DocumentStore.Known> packages = new HashMap<>();
        for (Row row : rows) {
            PackageName name = PackageName.parse(row.text("name"));
            DocumentStore.Known other = packages.get(name);
            DocumentRow document = row.isNull("object") ? null : DocumentRow.of(row);
            boolean dev = document != null && row.number("dev") == 1;
            @Nullable DocumentRow stable = dev || document == null ? other == null ? null : other.stable() : document;
            @Nullable DocumentRow branches = dev ? document : other == null ? null : other.dev();
            packages.put(name, new DocumentStore.Known(row.text("upstream"), stable, branches));
        }
        return packages;
    }

    private static Statement stored(List<Object> versions) {
        return Statement.of("""
                SELECT v.package, v.version, v.reference, v.type, v.sha1, v.state, v.released_at
                FROM json_each(?) wanted
                JOIN version v
                  ON v.package = json_extract(wanted.value, '$[0]') AND v.version = json_extract(wanted.value, '$[1]')
                """, Json.write(versions));
    }

    private static Statement refused(List<Object> subjects) {
        return Statement.of("""
                SELECT a.subject
                FROM json_each(?) wanted
                JOIN alert a ON a.kind = 'retag' AND a.subject = wanted.value AND a.state <> 'accepted'
                """, Json.write(subjects));
    }
}
