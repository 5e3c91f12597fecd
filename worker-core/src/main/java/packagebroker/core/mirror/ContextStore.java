package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import packagebroker.core.alert.AlertStore;
import packagebroker.core.alert.Decisions;
import packagebroker.core.composer.PackageName;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** What binds a package to what was before, and what we say of it ourselves: over several tables, in one round trip. */
final class ContextStore {
    private final Database database;

    ContextStore(Database database) {
        this.database = database;
    }

    /**
     * What a document depends on beside its upstream's file.
     *
     * @param stored the SHA-1 of each stored archive of the package, by its path {@code version/rkey.type}
     * @param foreign the paths of those that came from another upstream
     * @param decisions what was decided about what was refused
     * @param own our own advisories for it, as JSON
     * @param advisedAt when these last changed, or 0
     */
    record Context(
            Map<String, String> stored, Set<String> foreign, Decisions decisions, List<String> own, long advisedAt) {}

    /** Reads what a document depends on that is made of what an upstream offers, in one round trip. */
    Context read(PackageName name, String upstreamId) {
        List<List<Row>> rows = database.primary()
                .queryAll(List.of(
                        Statement.of("""
                                SELECT version, reference, type, sha1, upstream
                                FROM version
                                WHERE package = ?
                                """, name.toString()),
                        Statement.of("""
                                SELECT body, changed_at, withdrawn_at
                                FROM advisory
                                WHERE package = ?
                                ORDER BY created_at, id
                                """, name.toString()),
                        AlertStore.decisions(name)));
        Map<String, String> stored = new HashMap<>();
        Set<String> foreign = new HashSet<>();
        for (Row row : rows.get(0)) {
            String path = row.text("version") + "/r" + row.text("reference") + "." + row.text("type");
            stored.put(path, row.text("sha1"));
            if (!row.text("upstream").equals(upstreamId)) {
                foreign.add(path);
            }
        }
        List<String> own = new ArrayList<>();
        long advisedAt = 0;
        for (Row row : rows.get(1)) {
            advisedAt = Math.max(advisedAt, row.number("changed_at"));
            if (row.isNull("withdrawn_at")) {
                own.add(row.text("body"));
            }
        }
        return new Context(stored, foreign, Decisions.of(rows.get(2)), own, advisedAt);
    }
}
