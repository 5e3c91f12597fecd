package packagebroker.core.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import packagebroker.core.port.Row;
import packagebroker.core.testing.TestApp;

/**
 * What an instance knows at a moment: all rows but those of bookkeeping, and the audit log without its numbers. Two moments between
 * which nothing happened are equal.
 */
final class InstanceState {
    private static final String AUDIT = "audit";
    private static final String OBJECTS = "objects";

    /** What is written beside and after changes, read by the machinery alone. */
    private static final Set<String> BOOKKEEPING =
            Set.of("audit_segment", "audit_archive", "seal", "job", "tally", "relay_check", "upload");

    /** Columns that say what was seen last, noted by reading. */
    private static final Map<String, Set<String>> NOTED = Map.of(
            "token",
            Set.of("last_used"),
            "session",
            Set.of("seen_at"),
            "person",
            Set.of("last_seen"),
            AUDIT,
            Set.of("seq", "request", "hash", "address", "agent"));

    private final Map<String, List<String>> rows = new TreeMap<>();

    private InstanceState() {}

    /** Looks, also at tables that are bookkeeping otherwise. */
    static InstanceState of(TestApp app, Set<String> watched) {
        InstanceState state = new InstanceState();
        for (Row table : app.rows("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            String name = table.text("name");
            if (watched.contains(name) || !BOOKKEEPING.contains(name)) {
                state.rows.put(name, read(app, name));
            }
        }
        if (watched.contains(OBJECTS)) {
            state.rows.put(OBJECTS, app.objects().keys());
        }
        return state;
    }

    private static List<String> read(TestApp app, String table) {
        List<String> columns = new ArrayList<>();
        for (Row column : app.rows("SELECT name FROM pragma_table_info('" + table + "')")) {
            if (!NOTED.getOrDefault(table, Set.of()).contains(column.text("name"))) {
                String name = column.text("name");
                columns.add(name.equals("fresh_until") ? "MAX(fresh_until, 1)" : name); // 0 and 1 are stale
            }
        }
        String where = table.equals(AUDIT) ? " WHERE action <> 'lose.reads'" : "";
        return app.rows("SELECT json_array(" + String.join(", ", columns) + ") AS row FROM " + table + where).stream()
                .map(row -> row.text("row"))
                .sorted()
                .toList();
    }

    /** Returns the objects that rows name and nobody can find. */
    static Set<String> missingObjects(TestApp app) {
        Set<String> named = new HashSet<>();
        for (Row row : app.rows("SELECT artifact AS o FROM version UNION ALL SELECT object FROM document "
                + "UNION ALL SELECT object FROM view UNION ALL SELECT object FROM audit_archive WHERE object <> ''")) {
            named.add(row.text("o"));
        }
        app.objects().keys().forEach(named::remove);
        return named;
    }

    /** Returns the actions that the log has more than it had at another moment. */
    List<String> loggedSince(InstanceState before) {
        List<String> events = new ArrayList<>(rows.getOrDefault(AUDIT, List.of()));
        before.rows.getOrDefault(AUDIT, List.of()).forEach(events::remove);
        return events.stream().map(InstanceState::action).sorted().toList();
    }

    /** The columns are at, actor, action and so on. */
    private static String action(String row) {
        return row.split("\"", -1)[3];
    }

    /** Returns whether the log is as it was. */
    boolean hasSameLog(InstanceState other) {
        return rows.get(AUDIT).equals(other.rows.get(AUDIT));
    }

    /** Returns what differs, for whoever reads a failure. */
    String difference(InstanceState other) {
        Map<String, List<String>> differing = new HashMap<>();
        for (String table : rows.keySet()) {
            List<String> more = new ArrayList<>(rows.get(table));
            List<String> fewer = new ArrayList<>(other.rows.getOrDefault(table, List.of()));
            List<String> common = List.copyOf(more);
            fewer.forEach(more::remove);
            common.forEach(fewer::remove);
            if (!more.isEmpty() || !fewer.isEmpty()) {
                differing.put(table, List.of("+" + more, "-" + fewer));
            }
        }
        return differing.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstanceState state && rows.equals(state.rows);
    }

    @Override
    public int hashCode() {
        return rows.hashCode();
    }
}
