package packagebroker.core.dist;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.upstream.UpstreamStore;

/** The table {@code purge}, and what goes with a package that is released. */
final class PurgeStore {
    private static final String NAMES = "(SELECT value FROM json_each(?))";

    private final Database database;

    PurgeStore(Database database) {
        this.database = database;
    }

    /** Returns whether a name is owned, or archives of it are stored. */
    boolean isKnown(PackageName name) {
        Statement known = Statement.of("""
                SELECT 1 AS known FROM package WHERE name = ?
                UNION ALL
                SELECT 1 FROM version WHERE package = ?
                LIMIT 1
                """, name.toString(), name.toString());
        return database.primary().findOne(known) != null;
    }

    /**
     * Releases names: their metadata is gone, and nobody owns them; with {@code purge} their archives are hidden at once and
     * removed in steps.
     *
     * @param upstream the upstream that is purged, or empty: it keeps its names, and how far it was seen to is in the same batch
     */
    void release(List<String> names, boolean purge, String upstream, List<AuditEvent> events) {
        String list = Json.write(names);
        List<Statement> batch = new ArrayList<>();
        for (AuditEvent event : events) {
            batch.add(AuditStore.insert(event));
        }
        batch.add(Statement.of("DELETE FROM document WHERE package IN " + NAMES, list));
        batch.add(Statement.of("DELETE FROM view WHERE package IN " + NAMES, list));
        batch.add(Statement.of("DELETE FROM alert WHERE package IN " + NAMES, list));
        // What was published is not offered again by itself to whoever asks next.
        batch.add(Statement.of("DELETE FROM release WHERE upstream = 'published' AND package IN " + NAMES, list));
        batch.add(Statement.of("DELETE FROM released WHERE upstream = 'published' AND package IN " + NAMES, list));
        if (upstream.isEmpty()) {
            // The names of a whole upstream stay its own, so that nobody else steps into them unasked.
            batch.add(Statement.of("DELETE FROM package WHERE name IN " + NAMES, list));
        }
        if (purge) {
            batch.add(Statement.of("UPDATE version SET state = 'purging' WHERE package IN " + NAMES, list));
            batch.add(Statement.of("""
                    INSERT INTO purge (subject, after, asked_at)
                    SELECT 'package:' || value, '', ? FROM json_each(?) WHERE TRUE
                    ON CONFLICT (subject) DO NOTHING
                    """, events.get(0).at(), list));
        }
        batch.addAll(UpstreamStore.rootChanged(
                events.get(0).at())); // For those who mirror us: a row that is gone tells nothing.
        if (!upstream.isEmpty()) {
            batch.add(Statement.of(
                    "UPDATE purge SET after = ? WHERE subject = ?", names.get(names.size() - 1), upstream));
        }
        database.batch(batch);
    }

    /** Returns the statements that hide the archives of a version and have them removed in steps. */
    static List<Statement> hide(PackageName name, String segment, long now) {
        return List.of(
                Statement.of(
                        "UPDATE version SET state = 'purging' WHERE package = ? AND version = ? AND upstream = 'published'",
                        name.toString(),
                        segment),
                Statement.of("""
                        INSERT INTO purge (subject, after, asked_at)
                        VALUES ('package:' || ?, '', ?)
                        ON CONFLICT (subject) DO NOTHING
                        """, name.toString(), now));
    }

    /** Returns what is to be purged next, or null. */
    @Nullable
    Row next() {
        return database.primary()
                .findOne(Statement.of("SELECT subject, after, asked_at FROM purge ORDER BY subject LIMIT 1"));
    }

    /** Returns up to {@code limit} names that an upstream owns, after one. */
    List<String> owned(String upstream, String after, int limit) {
        List<String> names = new ArrayList<>();
        Statement read = Statement.of("""
                SELECT name
                FROM package
                WHERE name > ? AND upstream = ?
                ORDER BY name
                LIMIT ?
                """, after, upstream, limit);
        for (Row row : database.primary().query(read)) {
            names.add(row.text("name"));
        }
        return names;
    }

    /** Returns up to {@code limit} archives of a package that are to go. */
    List<Row> purging(String name, int limit) {
        return database.primary().query(Statement.of("""
                SELECT version, reference, type, artifact
                FROM version
                WHERE package = ? AND state = 'purging'
                LIMIT ?
                """, name, limit));
    }

    /** Forgets archives, with the audit row, and the purge itself if a subject is given; only then may their objects go. */
    void forget(String name, List<Row> archives, @Nullable String done, AuditEvent event) {
        List<Object> artifacts = new ArrayList<>();
        for (Row row : archives) {
            artifacts.add(row.text("artifact"));
        }
        List<Statement> batch = new ArrayList<>();
        batch.add(AuditStore.insert(event));
        batch.add(Statement.of(
                "DELETE FROM version WHERE package = ? AND state = 'purging' AND artifact IN " + NAMES,
                name,
                Json.write(artifacts)));
        if (done != null) {
            batch.add(ending(done));
        }
        database.batch(batch);
    }

    /** Notes that nothing is left of a subject. */
    void done(String subject) {
        database.update(ending(subject));
    }

    private static Statement ending(String subject) {
        // Not if somebody has hidden more of the same package meanwhile.
        return Statement.of("""
                DELETE FROM purge
                WHERE subject = ? AND NOT EXISTS (SELECT 1 FROM version WHERE package = ? AND state = 'purging')
                """, subject, subject.substring(subject.indexOf(':') + 1));
    }
}
