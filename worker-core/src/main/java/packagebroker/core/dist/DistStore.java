package packagebroker.core.dist;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.alert.Alert;
import packagebroker.core.alert.AlertStore;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code version} (the ledger) and {@code upload}. */
final class DistStore {
    private final Database database;

    DistStore(Database database) {
        this.database = database;
    }

    /** Returns the read of a path's row in the ledger. */
    Joined lookup(DistPath path) {
        return new Joined(
                "v.artifact AS artifact, v.type AS type, v.sha256 AS sha256, v.sha1 AS sha1, v.size AS size,"
                        + " v.released_at AS released_at",
                "LEFT JOIN version v ON v.package = ? AND v.version = ? AND v.reference = ? AND v.state = 'stored'",
                List.of(path.name().toString(), path.version(), path.key()));
    }

    /** Runs the read by itself. */
    List<Row> read(DistPath path) {
        return database.query(lookup(path).alone());
    }

    /** Returns the keys of up to two archives without a reference that are stored for the version of a path. */
    List<Row> unreferenced(DistPath path) {
        return database.primary().query(Statement.of("""
                        SELECT reference
                        FROM version
                        WHERE package = ? AND version = ? AND reference > 'n' AND reference < 'o' AND type = ?
                          AND state = 'stored'
                        LIMIT 2
                        """, path.name().toString(), path.version(), path.type()));
    }

    /** Returns a path's row as the primary has it, or null. */
    @Nullable
    StoredDist find(DistPath path) {
        Row row = database.primary().query(lookup(path).alone()).get(0);
        return row.isNull("artifact") ? null : StoredDist.of(row);
    }

    /**
     * Enters an archive into the ledger with its audit row, unless the path has one already; the ledger decides between
     * fetches that ran at the same time.
     */
    boolean commit(DistPath path, StoredDist dist, String upstreamId, AuditEvent cause) {
        Statement mine = Statement.of(
                "SELECT 1 FROM version WHERE package = ? AND version = ? AND reference = ? AND artifact = ?",
                path.name().toString(),
                path.version(),
                path.key(),
                dist.artifact());
        String detail = Json.write(Json.object("sha256", dist.sha256(), "size", dist.size(), "upstream", upstreamId));
        List<Statement> batch = new ArrayList<>(entry(path, dist, upstreamId, cause.at()));
        batch.add(AuditStore.insertIf(cause.as(Action.MIRROR_DIST, path.toString(), detail), mine));
        return database.batch(batch).get(0) > 0;
    }

    /** Returns the statements that enter an archive into the ledger, unless the path has one or the instance is frozen. */
    static List<Statement> entry(DistPath path, StoredDist dist, String upstreamId, long now) {
        return List.of(
                Statement.of(
                        """
                        INSERT INTO version (package, version, reference, type, artifact, sha256, sha1, size, upstream, first_seen,
                                             released_at, state)
                        SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'stored'
                        WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'frozen')
                        ON CONFLICT (package, version, reference) DO NOTHING
                        """,
                        path.name().toString(),
                        path.version(),
                        path.key(),
                        dist.type(),
                        dist.artifact(),
                        dist.sha256(),
                        dist.sha1(),
                        dist.size(),
                        upstreamId,
                        now,
                        dist.releasedAt()),
                Statement.of("DELETE FROM upload WHERE object = ?", dist.artifact()));
    }

    /** Records a multipart upload before its first part, so that a sweep can abort it. */
    void recordUpload(String object, String uploadId, long now) {
        database.update(Statement.of(
                "INSERT INTO upload (object, upload, started_at) VALUES (?, ?, ?)", object, uploadId, now));
    }

    /** Returns up to {@code limit} uploads that began before {@code before}, the oldest first. */
    List<Row> oldUploads(long before, int limit) {
        return database.query(Statement.of("""
                SELECT object, upload, started_at
                FROM upload
                WHERE started_at < ?
                ORDER BY started_at
                LIMIT ?
                """, before, limit));
    }

    /** Forgets an upload that was aborted. */
    void forgetUpload(String object) {
        forgetUploads(List.of(object));
    }

    /** Forgets uploads that were aborted. */
    void forgetUploads(List<String> objects) {
        database.update(Statement.of(
                "DELETE FROM upload WHERE object IN (SELECT value FROM json_each(?))", Json.write(objects)));
    }

    /** Records, once for each path, that an upstream sent other bytes than it announced or than it did before. */
    void recordRefusal(DistPath path, String id, String what, AuditEvent cause) {
        Alert alert = new Alert(Alert.Kind.DIST, id, path.name().toString(), "", "", "", path.rest(), "");
        database.batch(AlertStore.raise(alert, what, cause));
    }
}
