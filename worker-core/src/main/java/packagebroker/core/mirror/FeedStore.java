package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * What changes upstream do to the tables {@code document} and {@code negative}. A document that is made stale gets another
 * generation, so that who asked its upstream just before cannot make it fresh again with an old answer.
 */
public final class FeedStore {
    /** Stands for a document whose upstream has said that it is gone, at once and not after a day. */
    static final long DELETED = 1;

    private static final String OWNED = """
            package IN (SELECT value FROM json_each(?)) AND dev = ?
              AND EXISTS (SELECT 1 FROM package p WHERE p.name = document.package AND p.upstream = ?)""";

    private final Database database;

    /** Creates the store. */
    public FeedStore(Database database) {
        this.database = database;
    }

    /** What an upstream says of the files it may serve. */
    static final class Changes {
        private final String upstream;
        private final long now;
        private final long absentUntil;
        private final List<List<String>> updated = List.of(new ArrayList<>(), new ArrayList<>());
        private final List<List<String>> deleted = List.of(new ArrayList<>(), new ArrayList<>());

        Changes(String upstream, long now, long absentUntil) {
            this.upstream = upstream;
            this.now = now;
            this.absentUntil = absentUntil;
        }

        void add(PackageFile file, boolean isDeleted) {
            (isDeleted ? deleted : updated)
                    .get(file.dev() ? 1 : 0)
                    .add(file.name().toString());
        }
    }

    /** Makes stale what was updated and absent what was deleted, of what the upstream owns; returns how many rows changed. */
    int apply(Changes changes) {
        List<Statement> batch = new ArrayList<>();
        for (int dev = 0; dev < 2; dev++) {
            if (!changes.updated.get(dev).isEmpty()) {
                addUpdated(batch, changes, dev);
            }
            if (!changes.deleted.get(dev).isEmpty()) {
                addDeleted(batch, changes, dev);
            }
        }
        int changed = 0;
        for (int rows : batch.isEmpty() ? List.<Integer>of() : database.batch(batch)) {
            changed += rows;
        }
        return changed;
    }

    private static void addUpdated(List<Statement> batch, Changes changes, int dev) {
        String names = Json.write(changes.updated.get(dev));
        batch.add(Statement.of(
                "UPDATE document SET fresh_until = 0, generation = generation + 1 WHERE fresh_until <> 0 AND " + OWNED,
                names,
                dev,
                changes.upstream));
        batch.add(Statement.of("""
                DELETE FROM negative
                WHERE package IN (SELECT value FROM json_each(?)) AND dev = ?
                  AND NOT EXISTS (SELECT 1 FROM package p WHERE p.name = negative.package AND p.upstream <> ?)
                """, names, dev, changes.upstream));
    }

    private static void addDeleted(List<Statement> batch, Changes changes, int dev) {
        String names = Json.write(changes.deleted.get(dev));
        batch.add(Statement.of("""
                UPDATE document
                SET missing_since = ?, fresh_until = 1, generation = generation + 1,
                    last_modified = MAX(last_modified + 1000, ?)
                WHERE missing_since <> ? AND
                """ + OWNED, DELETED, changes.now / 1000 * 1000, DELETED, names, dev, changes.upstream));
        batch.add(Statement.of(
                "INSERT INTO negative (package, dev, until) SELECT package, dev, ? FROM document WHERE " + OWNED
                        + " ON CONFLICT (package, dev) DO UPDATE SET until = excluded.until",
                changes.absentUntil,
                names,
                dev,
                changes.upstream));
    }

    /** Forgets which names were absent: anything may have changed. */
    void forgetAbsent() {
        database.update(Statement.of("DELETE FROM negative"));
    }

    /**
     * Makes stale what an upstream owns among the {@code limit} packages after a name, and returns the last of them; null
     * if there are no more.
     */
    @Nullable
    String markOwned(String upstream, String after, int limit) {
        Statement read = Statement.of("""
                SELECT name, upstream
                FROM package
                WHERE name > ?
                ORDER BY name
                LIMIT ?
                """, after, limit);
        List<Row> page = database.primary().query(read);
        List<String> owned = new ArrayList<>();
        for (Row row : page) {
            if (row.text("upstream").equals(upstream)) {
                owned.add(row.text("name"));
            }
        }
        if (!owned.isEmpty()) {
            database.update(Statement.of("""
                    UPDATE document
                    SET fresh_until = 0, generation = generation + 1
                    WHERE fresh_until > 1 AND package IN (SELECT value FROM json_each(?))
                    """, Json.write(owned)));
        }
        return page.size() < limit ? null : page.get(page.size() - 1).text("name");
    }

    /** Returns up to {@code limit} documents that are known to have changed upstream, and takes that mark from them. */
    List<PackageFile> takeMarked(int limit) {
        Statement read = Statement.of("""
                SELECT package, dev
                FROM document
                WHERE fresh_until = 0
                ORDER BY package, dev
                LIMIT ?
                """, limit);
        List<PackageFile> files = new ArrayList<>();
        List<Statement> taken = new ArrayList<>();
        for (Row row : database.primary().query(read)) {
            files.add(file(row));
            taken.add(Statement.of(
                    "UPDATE document SET fresh_until = 1 WHERE package = ? AND dev = ? AND fresh_until = 0",
                    row.text("package"),
                    row.number("dev")));
        }
        if (!taken.isEmpty()) {
            database.batch(taken);
        }
        return files;
    }

    private static PackageFile file(Row row) {
        return PackageFile.of(row.text("package"), row.number("dev"));
    }

    /** A document as a walk through the table finds it. */
    record Seen(PackageFile file, boolean isOld) {}

    /**
     * Returns the {@code limit} documents after a file (null: from the beginning), and which of them were not looked at since
     * {@code before}. Those whose upstream is gone, or has them no more, are left alone.
     */
    List<Seen> walk(@Nullable PackageFile after, long before, int limit) {
        Statement read = Statement.of(
                """
                SELECT package, dev, fresh_until > 1 AND fresh_until < ? AND missing_since = 0 AS old
                FROM document
                WHERE (package, dev) > (?, ?)
                ORDER BY package, dev
                LIMIT ?
                """, before, after == null ? "" : after.name().toString(), after != null && after.dev() ? 1 : 0, limit);
        List<Seen> seen = new ArrayList<>();
        for (Row row : database.query(read)) {
            seen.add(new Seen(file(row), row.number("old") == 1));
        }
        return seen;
    }
}
