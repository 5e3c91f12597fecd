package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.alert.Alert;
import packagebroker.core.alert.AlertStore;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code package}, {@code document} and {@code negative}. */
final class DocumentStore {
    /** Stands for the number of versions that a document has already. */
    static final int UNCHANGED = -1;

    private final Database database;

    DocumentStore(Database database) {
        this.database = database;
    }

    /**
     * Returns the read that answers a request, always with one row: the document, until when the name is known to be absent,
     * and, where there is no document, who owns the name.
     */
    Joined lookup(PackageName name, boolean dev) {
        String text = name.toString();
        int flag = dev ? 1 : 0;
        return new Joined("""
                d.object AS object, d.size AS size, d.advertised_size AS advertised_size, d.digest AS digest,
                d.last_modified AS last_modified, d.upstream_modified AS upstream_modified,
                d.upstream_etag AS upstream_etag, d.fresh_until AS fresh_until, d.missing_since AS missing_since,
                d.base_url AS base_url, d.generation AS generation, n.until AS absent_until,
                CASE WHEN d.object IS NULL THEN (SELECT upstream FROM package WHERE name = ?) END AS owner""", """
                LEFT JOIN document d ON d.package = ? AND d.dev = ?
                LEFT JOIN negative n ON n.package = ? AND n.dev = ?""", List.of(text, text, flag, text, flag));
    }

    private static Statement document(PackageName name, boolean dev) {
        return Statement.of("""
                SELECT object, size, advertised_size, digest, last_modified, upstream_modified, upstream_etag, fresh_until,
                       missing_since, base_url, generation
                FROM document
                WHERE package = ? AND dev = ?
                """, name.toString(), dev ? 1 : 0);
    }

    /** Reads what {@link #lookup} states. */
    List<Row> read(PackageName name, boolean dev) {
        return database.query(lookup(name, dev).alone());
    }

    /** Reads what {@link #lookup} states, as the primary has it. */
    List<Row> readNow(PackageName name, boolean dev) {
        return database.primary().query(lookup(name, dev).alone());
    }

    /** Returns a document's row as the primary has it, or null. */
    @Nullable
    DocumentRow find(PackageName name, boolean dev) {
        Row row = database.primary().findOne(document(name, dev));
        return row == null ? null : DocumentRow.of(row);
    }

    /** Returns the id of the upstream that owns a name, or null. */
    @Nullable
    String findOwner(PackageName name) {
        Row row = database.primary().findOne(owner(name));
        return row == null ? null : row.text("upstream");
    }

    /** What the primary knows of a package: who owns it, and its two documents. */
    record Known(
            @Nullable String owner,
            @Nullable DocumentRow stable,
            @Nullable DocumentRow dev) {}

    /** Reads what the primary knows of a package, in one round trip. */
    Known know(PackageName name) {
        List<List<Row>> rows =
                database.primary().queryAll(List.of(owner(name), document(name, false), document(name, true)));
        return new Known(
                rows.get(0).isEmpty() ? null : rows.get(0).get(0).text("upstream"),
                rows.get(1).isEmpty() ? null : DocumentRow.of(rows.get(1).get(0)),
                rows.get(2).isEmpty() ? null : DocumentRow.of(rows.get(2).get(0)));
    }

    private static Statement owner(PackageName name) {
        return Statement.of("SELECT upstream FROM package WHERE name = ?", name.toString());
    }

    private static Statement own(PackageName name, String upstreamId, long at) {
        return Statement.of("""
                INSERT INTO package (name, upstream, owned_at)
                SELECT ?, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'frozen')
                ON CONFLICT (name) DO NOTHING
                """, name.toString(), upstreamId, at);
    }

    /** Gives a name without any version to an upstream, unless it belongs to one. */
    void own(Mirror.Ask ask, String upstreamId) {
        String name = ask.name().toString();
        database.batch(List.of(
                AuditStore.insertIf(
                        ask.cause()
                                .as(
                                        Action.MIRROR_DOCUMENT,
                                        name,
                                        Json.write(Json.object("upstream", upstreamId, "versions", 0))),
                        Statement.of("""
                                SELECT 1
                                WHERE NOT EXISTS (SELECT 1 FROM package WHERE name = ?)
                                  AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'frozen')
                                """, name)),
                own(ask.name(), upstreamId, ask.now())));
    }

    /** Returns what the upstream's file of a document held beside the packages, as JSON; empty if that was not noted. */
    String extras(PackageName name, boolean dev) {
        Row row = database.primary()
                .findOne(Statement.of(
                        "SELECT extras FROM document WHERE package = ? AND dev = ?", name.toString(), dev ? 1 : 0));
        return row == null ? "" : row.text("extras");
    }

    /**
     * A document about to become visible.
     *
     * @param extras what the upstream's file held beside the packages, as JSON
     * @param advisedAt when the advisories of ours that it was written with last changed
     */
    record Change(
            PackageName name,
            boolean dev,
            String upstreamId,
            @Nullable DocumentRow before,
            DocumentRow after,
            byte @Nullable [] document,
            int versions,
            String extras,
            long advisedAt,
            List<Alert> refused,
            Summary summary) {

        /** Returns the package whose own advisories it holds: none, for one of branches. */
        String advised() {
            return dev ? "" : name.toString();
        }
    }

    /**
     * Makes a document visible, with its owner, its audit row and an alert for each refused version, all or nothing.
     *
     * @return false if somebody else was faster, or the name belongs to another upstream by now
     */
    boolean commit(Change change, AuditEvent cause) {
        String name = change.name().toString();
        DocumentRow after = change.after();
        Statement mine = Statement.of(
                "SELECT 1 FROM document WHERE package = ? AND dev = ? AND object = ? AND generation = ?",
                name,
                change.dev() ? 1 : 0,
                after.object(),
                after.generation());
        List<Statement> batch = new ArrayList<>();
        DocumentRow before = change.before();
        if (before == null) {
            // Not if there was a document: a name that was given free meanwhile is not to be taken back.
            batch.add(own(change.name(), change.upstreamId(), cause.at()));
        }
        int document = batch.size();
        batch.add(before == null ? insert(change) : replace(change, before));
        batch.add(AuditStore.insertIf(
                cause.as(
                        Action.MIRROR_DOCUMENT,
                        name + (change.dev() ? "~dev" : ""),
                        Json.write(Json.object("upstream", change.upstreamId(), "versions", change.versions()))),
                mine));
        batch.addAll(refusals(change, cause));
        return database.batch(batch).get(document) > 0;
    }

    /** Raises an alert for each refused version of a document that is as it was; nothing where none is refused. */
    void recordRefusals(Change change, AuditEvent cause) {
        if (!change.refused().isEmpty()) {
            database.batch(refusals(change, cause));
        }
    }

    private static List<Statement> refusals(Change change, AuditEvent cause) {
        List<Statement> statements = new ArrayList<>();
        for (Alert refused : change.refused()) {
            statements.addAll(AlertStore.raise(refused, "", cause));
        }
        return statements;
    }

    private static Statement insert(Change change) {
        DocumentRow row = change.after();
        Summary summary = change.summary();
        return Statement.of(
                """
                INSERT INTO document (package, dev, object, size, advertised_size, digest, versions, last_modified,
                                      upstream_modified, upstream_etag, fresh_until, missing_since, extras, base_url, generation,
                                      description, type, abandoned, provides)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?,
                       CASE WHEN COALESCE((SELECT MAX(changed_at) FROM advisory WHERE package = ?), 0) = ? THEN '' ELSE '#' END || ?, ?,
                       COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, '')
                WHERE EXISTS (SELECT 1 FROM package WHERE name = ? AND upstream = ?)
                  AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'frozen')
                ON CONFLICT (package, dev) DO NOTHING
                """,
                change.name().toString(),
                change.dev() ? 1 : 0,
                row.object(),
                row.size(),
                row.advertisedSize(),
                row.digest(),
                change.versions(),
                row.lastModified(),
                row.upstreamModified(),
                row.upstreamEtag(),
                row.freshUntil(),
                change.extras(),
                change.advised(),
                change.advisedAt(),
                row.baseUrl(),
                row.generation(),
                summary.description(),
                summary.type(),
                summary.abandoned(),
                summary.provides(),
                change.name().toString(),
                change.upstreamId());
    }

    // An advisory of ours that came meanwhile leaves the document marked: it is written again before it is next served.
    private static Statement replace(Change change, DocumentRow before) {
        DocumentRow row = change.after();
        Summary summary = change.summary();
        return Statement.of(
                """
                UPDATE document
                SET object = ?, size = ?, advertised_size = ?, digest = ?, versions = COALESCE(?, versions), last_modified = ?, upstream_modified = ?,
                    upstream_etag = ?, fresh_until = ?, missing_since = 0, extras = ?,
                    base_url = CASE WHEN COALESCE((SELECT MAX(changed_at) FROM advisory WHERE package = ?), 0) = ? THEN '' ELSE '#' END || ?,
                    generation = ?,
                    description = COALESCE(?, description), type = COALESCE(?, type), abandoned = COALESCE(?, abandoned),
                    provides = COALESCE(?, provides)
                WHERE package = ? AND dev = ? AND generation = ?
                  AND EXISTS (SELECT 1 FROM package WHERE name = ? AND upstream = ?) AND (? = 1 OR NOT EXISTS (SELECT 1 FROM setting WHERE name = 'frozen'))
                """,
                row.object(),
                row.size(),
                row.advertisedSize(),
                row.digest(),
                change.versions() == UNCHANGED ? null : change.versions(),
                row.lastModified(),
                row.upstreamModified(),
                row.upstreamEtag(),
                row.freshUntil(),
                change.extras(),
                change.advised(),
                change.advisedAt(),
                row.baseUrl(),
                row.generation(),
                summary.description(),
                summary.type(),
                summary.abandoned(),
                summary.provides(),
                change.name().toString(),
                change.dev() ? 1 : 0,
                before.generation(),
                change.name().toString(),
                change.upstreamId(),
                change.versions() == UNCHANGED ? 1 : 0); // written again from our own copy
    }

    /** Records that a copy was looked at: found unchanged, or missing upstream. */
    void touch(Mirror.Ask ask, DocumentRow touched, Summary summary) {
        database.update(Statement.of(
                """
                UPDATE document
                SET fresh_until = ?, missing_since = ?, upstream_modified = ?, upstream_etag = ?,
                    description = COALESCE(?, description), type = COALESCE(?, type), abandoned = COALESCE(?, abandoned),
                    provides = COALESCE(?, provides)
                WHERE package = ? AND dev = ? AND generation = ?
                """,
                touched.freshUntil(),
                touched.missingSince(),
                touched.upstreamModified(),
                touched.upstreamEtag(),
                summary.description(),
                summary.type(),
                summary.abandoned(),
                summary.provides(),
                ask.name().toString(),
                ask.dev() ? 1 : 0,
                touched.generation()));
    }

    /** Records that a document which was gone is back, unchanged but for its date. */
    void bringBack(Mirror.Ask ask, DocumentRow back) {
        database.update(Statement.of(
                """
                UPDATE document
                SET fresh_until = ?, missing_since = 0, last_modified = ?
                WHERE package = ? AND dev = ? AND generation = ?
                """,
                back.freshUntil(),
                back.lastModified(),
                ask.name().toString(),
                ask.dev() ? 1 : 0,
                back.generation()));
    }

    /**
     * Records that a document is not offered any more. Its date rises once, when the day is over for which a missing one is
     * served.
     */
    void recordGone(Mirror.Ask ask, DocumentRow row, long until) {
        String name = ask.name().toString();
        int dev = ask.dev() ? 1 : 0;
        database.batch(List.of(
                absent(ask, until),
                Statement.of("""
                        UPDATE document
                        SET last_modified = ?
                        WHERE package = ? AND dev = ? AND generation = ? AND missing_since > 1 AND last_modified < ?
                        """, row.risen(ask.now()).lastModified(), name, dev, row.generation(), row.goneAt()),
                Statement.of(
                        "UPDATE document SET fresh_until = 1 WHERE package = ? AND dev = ? AND fresh_until = 0",
                        name,
                        dev)));
    }

    /** Records that no upstream has a name, unless the upstreams have changed since it was asked for. */
    void recordAbsent(Mirror.Ask ask, long until) {
        database.update(absent(ask, until));
    }

    private static Statement absent(Mirror.Ask ask, long until) {
        return Statement.of("""
                INSERT INTO negative (package, dev, until)
                SELECT ?, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM upstream WHERE changed_at > ?)
                ON CONFLICT (package, dev) DO UPDATE SET until = excluded.until
                """, ask.name().toString(), ask.dev() ? 1 : 0, until, ask.now());
    }
}
