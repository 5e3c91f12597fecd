package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * What has changed here lately, for those who mirror us. The date of a document's row is all there is to it: a table of changes
 * would cost a written row for each, and another to forget it.
 */
public final class ChangeStore {
    private final Database database;

    /** Creates the store. */
    public ChangeStore(Database database) {
        this.database = database;
    }

    /** A file that changed, or has gone. */
    public record Change(PackageFile file, boolean isGone, long at) {}

    /**
     * Returns the files that have changed since a time, the earliest first; null if they cannot be told, since the upstreams or
     * the base URL have changed or there are more than {@code limit}: then anything may have changed.
     */
    public @Nullable List<Change> since(long since, long now, int limit) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of("SELECT value FROM setting WHERE name = 'root_modified'"),
                        Statement.of("""
                        SELECT package, dev, last_modified, missing_since
                        FROM document
                        WHERE last_modified >= ?
                        ORDER BY last_modified
                        LIMIT ?
                        """, since, limit + 1)));
        boolean moved =
                rows.get(0).isEmpty() || Long.parseLong(rows.get(0).get(0).text("value")) > since;
        if (moved || rows.get(1).size() > limit) {
            return null;
        }
        List<Change> changes = new ArrayList<>();
        for (Row row : rows.get(1)) {
            boolean gone = DocumentRow.isGone(row.number("missing_since"), now);
            PackageFile file = PackageFile.of(row.text("package"), row.number("dev"));
            changes.add(new Change(file, gone, row.number("last_modified")));
        }
        return changes;
    }
}
