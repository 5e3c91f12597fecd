package packagebroker.core.publish;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.dist.Deposits;
import packagebroker.core.dist.Purge;
import packagebroker.core.port.Database;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.release.ReleaseStore;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamStore;

/** The table {@code published}, and what changes with it. */
final class PublishedStore {
    private static final int PRIORITY = 1;

    private final Database database;
    private final UpstreamStore upstreams;

    PublishedStore(Database database, UpstreamStore upstreams) {
        this.database = database;
        this.upstreams = upstreams;
    }

    /**
     * What is known of a name before somebody publishes under it.
     *
     * @param owner the upstream that owns it, or null
     * @param sources all upstreams by priority
     */
    record Standing(@Nullable String owner, List<Source> sources) {}

    /** Reads what is known of a name. */
    Standing standing(PackageName name) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of("SELECT upstream FROM package WHERE name = ?", name.toString()), upstreams.all()));
        String owner = rows.get(0).isEmpty() ? null : rows.get(0).get(0).text("upstream");
        return new Standing(owner, UpstreamStore.sources(rows.get(1)));
    }

    /** Returns what was published as an edition of a version: its digest, its archive's state, and what is listed; or null. */
    @Nullable
    Row find(Publication publication) {
        return database.primary()
                .findOne(Statement.of(
                        """
                        SELECT p.sha256 AS sha256, v.state AS state, r.origin AS origin, r.yanked_at AS yanked_at
                        FROM published p
                        LEFT JOIN version v ON v.package = p.package AND v.version = ? AND v.reference = ?
                        LEFT JOIN release r ON r.upstream = 'published' AND r.package = p.package AND r.version = p.version
                        WHERE p.package = ? AND p.version = ? AND p.edition = ?
                        """,
                        publication.path().version(),
                        publication.deposit().sha1(),
                        publication.name().toString(),
                        publication.version().normalized(),
                        publication.edition()));
    }

    /** Returns whether a version was ever published. */
    boolean isKnown(PackageName name, Version version) {
        return database.primary()
                        .findOne(Statement.of(
                                "SELECT 1 AS known FROM published WHERE package = ? AND version = ? LIMIT 1",
                                name.toString(),
                                version.normalized()))
                != null;
    }

    /**
     * Publishes a version: its row, its archive in the ledger, its listing, its name's owner and the event, all or nothing.
     *
     * @return false if that version is published already, or the name is somebody else's by now, or the instance is frozen
     */
    boolean commit(Publication publication, Standing standing, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(row(publication, event));
        batch.addAll(Deposits.entry(publication.path(), publication.deposit(), Source.PUBLISHED, event.at()));
        batch.addAll(source(publication.name(), standing, event.at()));
        batch.addAll(listing(publication, event));
        try {
            database.batch(batch);
        } catch (DatabaseException e) {
            if (e.kind() != DatabaseException.Kind.CONSTRAINT) {
                throw e;
            }
            return false;
        }
        upstreams.forget();
        return true;
    }

    /** What may not be published is NULL in its row, so that nothing of the batch happens. */
    private static Statement row(Publication publication, AuditEvent event) {
        return Statement.of(
                """
                INSERT INTO published (package, version, edition, sha256, published_at, published_by)
                VALUES (?, ?, ?, CASE
                    WHEN NOT EXISTS (SELECT 1 FROM setting WHERE name = 'frozen')
                     AND NOT EXISTS (SELECT 1 FROM package WHERE name = ? AND upstream <> 'published')
                     AND NOT EXISTS (SELECT 1 FROM upstream WHERE id = 'published' AND enabled = 0)
                    THEN ? END, ?, ?)
                """,
                publication.name().toString(),
                publication.version().normalized(),
                publication.edition(),
                publication.name().toString(),
                publication.deposit().sha256(),
                event.at(),
                event.actor());
    }

    /** Makes the upstream of what is published here, and has it asked for the vendor's names, unless that is so already. */
    private static List<Statement> source(PackageName name, Standing standing, long at) {
        for (Source source : standing.sources()) {
            if (source.isPublished() && source.serves(name)) {
                return List.of();
            }
        }
        List<Statement> statements = new ArrayList<>();
        statements.add(Statement.of("""
                INSERT INTO upstream (id, name, kind, url, priority, patterns, exclusive, enabled, created_at, changed_at)
                VALUES ('published', 'published', 'published', ?, ?, ?, 0, 1, ?, ?)
                ON CONFLICT (id) DO UPDATE SET patterns = upstream.patterns || ' ' || excluded.patterns
                WHERE instr(' ' || upstream.patterns || ' ', ' ' || excluded.patterns || ' ') = 0
                """, Publications.URL, PRIORITY, name.vendor() + "/*", at, at));
        statements.addAll(UpstreamStore.rootChanged(at));
        return statements;
    }

    /** Lists a state of a branch again that was published before. */
    void relist(Publication publication, AuditEvent event) {
        database.batch(listing(publication, event));
        upstreams.forget();
    }

    private static List<Statement> listing(Publication publication, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        // A branch that was yanked and is published anew is there again.
        batch.add(ReleaseStore.remove(
                Source.PUBLISHED, publication.name(), publication.version().normalized()));
        batch.add(ReleaseStore.put(publication.release(), event.at()));
        batch.addAll(ReleaseStore.changed(Source.PUBLISHED, publication.name(), event.at()));
        batch.add(AuditStore.insert(event));
        return batch;
    }

    /** Lists a version no more, or again ({@code yankedAt} 0). */
    void yank(String upstream, PackageName name, Version version, long yankedAt, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(ReleaseStore.yank(upstream, name, version.normalized(), yankedAt));
        batch.addAll(ReleaseStore.changed(upstream, name, event.at()));
        batch.add(AuditStore.insert(event));
        database.batch(batch);
        upstreams.forget();
    }

    /** Lists a version that is {@code listed} never again; with {@code purge} its archives go, too. */
    void delete(PackageName name, Version version, boolean listed, boolean purge, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        if (listed) { // Else the name may be somebody else's by now.
            batch.add(ReleaseStore.remove(Source.PUBLISHED, name, version.normalized()));
            batch.addAll(ReleaseStore.changed(Source.PUBLISHED, name, event.at()));
        }
        if (purge) {
            batch.addAll(Purge.hide(name, version.normalized(), event.at()));
        }
        batch.add(AuditStore.insert(event));
        database.batch(batch);
        upstreams.forget();
    }
}
