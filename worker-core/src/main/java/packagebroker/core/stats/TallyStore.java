package packagebroker.core.stats;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** The tables {@code tally}, where counts come in, and {@code download_day}, where they are added up. */
public final class TallyStore {
    /** What a package counts since a time: its name and the time, and the time and its name. */
    private static final String COUNTS = """
            SELECT day, version, installs, downloads
            FROM download_day
            WHERE package = ? AND day >= ?
            UNION ALL
            SELECT t.at - t.at % 86400000 AS day, json_extract(e.value, '$[1]') AS version,
                   json_extract(e.value, '$[2]') AS installs, json_extract(e.value, '$[3]') AS downloads
            FROM tally t, json_each(t.body) e
            WHERE t.at >= ? AND json_extract(e.value, '$[0]') = ?
            """;

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
     * Returns the last of the oldest rows that came in before a time and hold about {@code entries} counts together, but at most
     * {@code rows} of them; null if there is none.
     */
    @Nullable
    Long findLast(long before, int entries, int rows) {
        Row row = database.primary().findOne(Statement.of("""
                        SELECT MAX(id) AS last
                        FROM (
                          SELECT id, at, SUM(entries) OVER (ORDER BY id) - entries AS entries_before
                          FROM (SELECT id, at, entries FROM tally ORDER BY id LIMIT ?) AS oldest) AS summed
                        WHERE at < ? AND entries_before < ?
                        """, rows, before, entries));
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

    /**
     * Returns, in one round trip, whether a package is known, its counts by day, and its most used versions: what was added up
     * and what was not yet.
     */
    List<List<Row>> show(PackageName name, long since, int versions) {
        String text = name.toString();
        return database.queryAll(List.of(
                Statement.of("SELECT 1 FROM package WHERE name = ?", text),
                Statement.of(
                        "SELECT day, SUM(installs) AS installs, SUM(downloads) AS downloads FROM (" + COUNTS
                                + ") AS counts GROUP BY day ORDER BY day",
                        text,
                        since,
                        since,
                        text),
                Statement.of(
                        "SELECT version, SUM(installs) AS installs, SUM(downloads) AS downloads FROM (" + COUNTS
                                + ") AS counts GROUP BY version ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?",
                        text,
                        since,
                        since,
                        text,
                        versions)));
    }
}
