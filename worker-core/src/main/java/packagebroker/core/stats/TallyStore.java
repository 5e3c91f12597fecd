package packagebroker.core.stats;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code tally}, where counts come in, and {@code download_day}, where they are added up. */
public final class TallyStore {
    private final Database database;

    /** Creates the store. */
    public TallyStore(Database database) {
        this.database = database;
    }

    /** Returns the statement that records counts. */
    static Statement insert(long at, int entries, String counts) {
        return Statement.of("INSERT INTO tally (at, entries, body) VALUES (?, ?, ?)", at, entries, counts);
    }

    /** Records what a client reported. */
    void addInstalls(long at, Tally tally) {
        database.update(insert(at, tally.size(), tally.asInstalls()));
    }

    /**
     * Returns the last of the oldest rows that hold about {@code entries} counts together, but at most {@code rows} of them; null
     * if there is none.
     */
    @Nullable
    Long findLast(int entries, int rows) {
        Row row = database.primary().findOne(Statement.of("""
                        SELECT MAX(id) AS last
                        FROM (
                          SELECT id, SUM(entries) OVER (ORDER BY id) - entries AS before
                          FROM (SELECT id, entries FROM tally ORDER BY id LIMIT ?) AS oldest) AS summed
                        WHERE before < ?
                        """, rows, entries));
        return row == null || row.isNull("last") ? null : row.number("last");
    }

    /**
     * Adds the rows up to one up and takes them away, all or nothing, so that each counts once however often it is tried. What
     * was reported of a package that nobody ever asked for does not count.
     */
    void addUp(long last) {
        database.batch(List.of(Statement.of("""
                        INSERT INTO download_day (package, day, version, installs, downloads)
                        SELECT json_extract(e.value, '$[0]'), t.at - t.at % 86400000, json_extract(e.value, '$[1]'),
                               SUM(json_extract(e.value, '$[2]')), SUM(json_extract(e.value, '$[3]'))
                        FROM tally t, json_each(t.body) e
                        WHERE t.id <= ? AND EXISTS (SELECT 1 FROM package p WHERE p.name = json_extract(e.value, '$[0]'))
                        GROUP BY 1, 2, 3
                        ON CONFLICT (package, day, version) DO UPDATE
                        SET installs = installs + excluded.installs, downloads = downloads + excluded.downloads
                        """, last), Statement.of("DELETE FROM tally WHERE id <= ?", last)));
    }

    /** Returns, in one round trip, whether a package is known, its counts by day, and its most used versions. */
    List<List<Row>> show(PackageName name, long since, int versions) {
        return database.queryAll(List.of(
                Statement.of("SELECT 1 FROM package WHERE name = ?", name.toString()),
                Statement.of("""
                        SELECT day, SUM(installs) AS installs, SUM(downloads) AS downloads
                        FROM download_day
                        WHERE package = ? AND day >= ?
                        GROUP BY day
                        ORDER BY day
                        """, name.toString(), since),
                Statement.of("""
                        SELECT version, SUM(installs) AS installs, SUM(downloads) AS downloads
                        FROM download_day
                        WHERE package = ? AND day >= ?
                        GROUP BY version
                        ORDER BY 2 DESC, 3 DESC, 1
                        LIMIT ?
                        """, name.toString(), since, versions)));
    }
}
