package packagebroker.core.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.json.Json;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * The table {@code upstream}, with each one's {@code credential}. The list of sources is remembered in the isolate for a few seconds.
 */
public final class UpstreamStore {
    private static final String SOURCES = """
            SELECT u.id, u.name, u.kind, u.url, u.priority, u.patterns, u.exclusive, u.enabled, u.features, u.mode,
                   (SELECT value FROM setting WHERE name = 'frozen') AS frozen,
                   c.kind AS credential_kind, c.origin, c.sealed
            FROM upstream u
            LEFT JOIN credential c ON c.upstream = u.id
            """;

    private final Database database;
    private final Clock clock;
    private final long maxAgeMillis;
    private @Nullable List<Source> remembered;
    private long rememberedAt;
    private long epoch;
    private long changedAt;

    /** Creates the store; {@code cacheSeconds} may be 0. */
    public UpstreamStore(Database database, Clock clock, int cacheSeconds) {
        this.database = database;
        this.clock = clock;
        this.maxAgeMillis = cacheSeconds * 1000L;
    }

    /** Returns the read of all sources, by priority. */
    public Statement all() {
        return Statement.of(SOURCES + "ORDER BY u.priority, u.id");
    }

    /** Returns all sources by priority, as the primary has them. */
    public List<Source> listed() {
        return sources(database.primary().query(all()));
    }

    /** Returns the enabled sources by priority, as the primary has them or as remembered. */
    public List<Source> sources() {
        long now = clock.millis();
        List<Source> known = remembered;
        if (known != null && now - rememberedAt < maxAgeMillis) {
            return known;
        }
        long readEpoch = epoch;
        List<Source> read = new ArrayList<>();
        for (Source source : listed()) {
            if (source.enabled()) {
                read.add(source);
            }
        }
        if (readEpoch == epoch) {
            remembered = read;
            rememberedAt = now;
        }
        return read;
    }

    /** Returns the enabled sources as they were read in this very moment, or reads them: for those who ask one after another. */
    public List<Source> current() {
        List<Source> known = remembered;
        return known != null && clock.millis() == rememberedAt ? known : sources();
    }

    /** Returns whether the instance is frozen, as far as this isolate knows; false where there is nothing to be asked anyway. */
    public boolean isFrozen() {
        List<Source> known = sources();
        return !known.isEmpty() && known.get(0).frozen();
    }

    /** Returns the ids of the enabled Composer repositories. */
    public List<String> ids() {
        List<String> ids = new ArrayList<>();
        for (Source source : current()) {
            if (source.isComposer()) {
                ids.add(source.id());
            }
        }
        return ids;
    }

    /** Returns the sources of rows that {@link #all} read. */
    public static List<Source> sources(List<Row> rows) {
        List<Source> sources = new ArrayList<>();
        for (Row row : rows) {
            sources.add(source(row));
        }
        return List.copyOf(sources);
    }

    private static Source source(Row row) {
        String sealed = row.findText("sealed");
        return new Source(
                row.text("id"),
                row.text("name"),
                row.text("kind"),
                row.text("url"),
                (int) row.number("priority"),
                PackagePattern.parseAll(row.text("patterns")),
                row.number("exclusive") == 1,
                row.number("enabled") == 1,
                row.text("mode").equals("mirror") ? Source.Mode.MIRROR : Source.Mode.REWRITE,
                sealed == null
                        ? null
                        : new Source.SealedCredential(row.text("credential_kind"), row.text("origin"), sealed),
                row.text("kind").equals(Source.COMPOSER) ? Features.parse(row.text("features")) : Features.NONE,
                !row.isNull("frozen"));
    }

    /** Returns a source by its id as the primary has it, or null. */
    @Nullable
    Source find(String id) {
        Row row = database.primary().findOne(Statement.of(SOURCES + "WHERE u.id = ?", id));
        return row == null ? null : source(row);
    }

    /** Returns the kind of a source as the primary has it; empty if there is none. */
    public String kind(String id) {
        Source source = find(id);
        return source == null ? "" : source.kind();
    }

    /** Returns which repositories of a git host are wanted, as the primary has it. */
    public Selection selection(String id) {
        Row row = database.primary().findOne(Statement.of("SELECT selection FROM upstream WHERE id = ?", id));
        return row == null ? Selection.NONE : Selection.parse(row.text("selection"));
    }

    /** Stores a source, new or changed, with what becomes of its credential and of its selection, and the event. */
    void save(Source source, CredentialStore.Change credential, Selection selection, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(doubtDocuments(source));
        batch.addAll(GitKind.find(source.kind()) == null ? List.of() : looksAgain(source));
        batch.add(upstream(source, selection, event.at()));
        batch.addAll(CredentialStore.changes(source, credential, event.at()));
        // Another URL is another server, whose answers do not stand in for the old one's.
        batch.addAll(forgetAnswers("SELECT id FROM upstream WHERE id = ? AND features = ''", source.id()));
        batch.add(feedForgotten(source.id()));
        if (!source.enabled()) {
            batch.add(staleDocuments(source.id()));
        }
        batch.addAll(rootChanged(event.at()));
        batch.add(AuditStore.insert(event));
        database.batch(batch);
        forget();
    }

    /** Has all of a git host looked at again: other names may be welcome, and another host has its archives elsewhere. */
    private static List<Statement> looksAgain(Source source) {
        return List.of(
                Statement.of("""
                        UPDATE git_ref
                        SET state = 'pending'
                        WHERE upstream = ? AND state = 'read' AND EXISTS (SELECT 1 FROM upstream WHERE id = ? AND url <> ?)
                        """, source.id(), source.id(), source.url()),
                Statement.of(
                        "UPDATE repository SET stage = 'due', turn_at = 0, etag = '' WHERE upstream = ?", source.id()),
                Statement.of("""
                        INSERT INTO job (kind, subject, cursor, not_before, lease_until, tries, ran_at, problem)
                        VALUES ('git', ?, '', 0, 0, 0, 0, '')
                        ON CONFLICT (kind, subject) DO UPDATE SET cursor = '', not_before = 0
                        """, source.id()));
    }

    private static Statement upstream(Source source, Selection selection, long at) {
        return Statement.of(
                """
                INSERT INTO upstream (id, name, kind, url, priority, patterns, exclusive, enabled, mode, selection, created_at,
                  changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                  name = excluded.name, url = excluded.url, priority = excluded.priority, patterns = excluded.patterns,
                  exclusive = excluded.exclusive, enabled = excluded.enabled, mode = excluded.mode,
                  selection = excluded.selection, changed_at = excluded.changed_at,
                  features = CASE WHEN url = excluded.url THEN features ELSE '' END
                """,
                source.id(),
                source.name(),
                source.kind(),
                source.url(),
                source.priority(),
                String.join(" ", texts(source.patterns())),
                source.exclusive() ? 1 : 0,
                source.enabled() ? 1 : 0,
                source.mode().word(),
                selection.equals(Selection.NONE) ? "" : Json.write(selection.shown()),
                at,
                at);
    }

    /** Has a source's list of changes read from now on: it may be another one. */
    private static Statement feedForgotten(String id) {
        return Statement.of("DELETE FROM job WHERE kind = 'feed' AND subject = ?", id);
    }

    /** Has each document of a source looked at again before it is served: the source may not have it any more. */
    private static Statement staleDocuments(String id) {
        return Statement.of("""
                UPDATE document
                SET fresh_until = 1
                WHERE fresh_until > 1 AND package IN (SELECT name FROM package WHERE upstream = ?)
                """, id);
    }

    /**
     * Returns the statements that switch packagist.org on, as the source it is unless it is there already, or off; empty if
     * it is neither there nor known where it would be.
     */
    public List<Statement> packagist(Packagist packagist, boolean on, long at) {
        List<Statement> statements = new ArrayList<>();
        if (!on) {
            statements.add(staleDocuments(Packagist.ID));
        } else if (packagist.isKnown()) {
            statements.add(packagist.creation(at));
        } else if (find(Packagist.ID) == null) {
            return List.of();
        }
        statements.add(Statement.of(
                "UPDATE upstream SET enabled = ?, changed_at = ? WHERE id = ?", on ? 1 : 0, at, Packagist.ID));
        return statements;
    }

    /** Returns whether packagist.org is switched on. */
    public boolean hasPackagist() {
        Source source = find(Packagist.ID);
        return source != null && source.enabled();
    }

    /**
     * What was said of a copy at one address says nothing at another: 304 there would speak of some other file. And in another
     * mode the same file makes another document; a refresh that is under way in the old one loses its race.
     */
    private static Statement doubtDocuments(Source source) {
        return Statement.of("""
                UPDATE document
                SET fresh_until = 0, upstream_modified = '', upstream_etag = '', generation = generation + 1
                WHERE EXISTS (SELECT 1 FROM upstream WHERE id = ? AND (url <> ? OR mode <> ?))
                  AND package IN (SELECT name FROM package WHERE upstream = ?)
                """, source.id(), source.url(), source.mode().word(), source.id());
    }

    /** Forgets what the upstream that a SELECT names said of packages beside their files. */
    private static List<Statement> forgetAnswers(String select, String id) {
        return List.of(
                Statement.of("DELETE FROM relayed WHERE upstream = (" + select + ")", id),
                Statement.of("DELETE FROM filter_entry WHERE upstream = (" + select + ")", id),
                Statement.of("DELETE FROM filter_summary WHERE upstream = (" + select + ")", id));
    }

    /** Forgets what was read of a git host, and what was made of it; documents and archives stay. */
    private static List<Statement> forgetReleases(String id) {
        return List.of(
                Statement.of("DELETE FROM repository WHERE upstream = ?", id),
                Statement.of("DELETE FROM git_ref WHERE upstream = ?", id),
                Statement.of("DELETE FROM release WHERE upstream = ?", id),
                Statement.of("DELETE FROM released WHERE upstream = ?", id));
    }

    /** What a change of the sources does to others: packages.json is newer, and names unknown so far may be known now. */
    public static List<Statement> rootChanged(long at) {
        return List.of(rootRisen(at), Statement.of("DELETE FROM negative"));
    }

    static Statement rootRisen(long at) {
        // A second later than before at least: a change always shows (P38).
        return Statement.of("""
                UPDATE setting
                SET value = CASE WHEN CAST(value AS BIGINT) + 1000 > ? THEN CAST(value AS BIGINT) + 1000 ELSE ? END
                WHERE name IN ('root_modified', 'filter_modified')
                """, at, "" + at);
    }

    /** Stores what a source was seen to offer, with an event of its own; packages.json is newer if it shows there. */
    void saveFeatures(Source source, Features features) {
        long now = clock.millis();
        Statement other = Statement.of(
                "SELECT 1 FROM upstream WHERE id = ? AND url = ? AND features <> ?",
                source.id(),
                source.url(),
                features.text());
        List<Statement> batch = new ArrayList<>();
        batch.add(AuditStore.insertIf(
                AuditEvent.bySystem(now, Action.NOTE_FEATURES, source.id(), features.text()), other));
        if (!features.filter().names().equals(source.features().filter().names())) {
            batch.add(rootRisen(now));
        }
        batch.add(Statement.of(
                "UPDATE upstream SET features = ? WHERE id = ? AND url = ?",
                features.text(),
                source.id(),
                source.url()));
        database.batch(batch);
        forget();
    }

    /** Returns the patterns as texts. */
    static List<String> texts(List<PackagePattern> patterns) {
        List<String> texts = new ArrayList<>();
        for (PackagePattern pattern : patterns) {
            texts.add(pattern.text());
        }
        return texts;
    }

    /**
     * Deletes a source and its credential. What was mirrored from it stays: old locks still install, and its names stay
     * owned, so that nobody else can step in; unless all of it is to be purged, which is done in steps.
     */
    void delete(String id, boolean purge, AuditEvent event) {
        List<Statement> batch = new ArrayList<>();
        batch.add(AuditStore.insertIf(event, Statement.of("SELECT 1 FROM upstream WHERE id = ?", id)));
        batch.add(staleDocuments(id));
        batch.add(Statement.of("DELETE FROM upstream WHERE id = ?", id));
        batch.add(Statement.of("DELETE FROM credential WHERE upstream = ?", id));
        batch.add(CredentialStore.trusted(id, event.at()));
        batch.addAll(forgetAnswers("SELECT ?", id));
        batch.addAll(forgetReleases(id));
        batch.addAll(rootChanged(event.at()));
        if (purge) {
            batch.add(Statement.of("""
                    INSERT INTO purge (subject, after, asked_at)
                    VALUES ('upstream:' || ?, '', ?)
                    ON CONFLICT (subject) DO NOTHING
                    """, id, event.at()));
        }
        database.batch(batch);
        forget();
    }

    /** Forgets what this isolate remembers of upstreams and of their documents: a change has made it untrue. */
    public void forget() {
        remembered = null;
        changedAt = clock.millis();
        epoch++;
    }

    /** Returns a number that moves with every change that this isolate makes: what was remembered before holds no more. */
    public long epoch() {
        return epoch;
    }

    /** Returns when this isolate last made a change, ms since 1970: what began to be read before is not worth keeping. */
    public long changedAt() {
        return changedAt;
    }
}
