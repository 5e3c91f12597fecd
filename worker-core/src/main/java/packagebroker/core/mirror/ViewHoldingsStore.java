package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Words;
import packagebroker.core.work.Holdings;

/** The views that rows name. A place is the row's key, as {@code acme/tool 0 <key>}. */
public final class ViewHoldingsStore implements Holdings {
    private final Database database;

    /** Creates the store. */
    public ViewHoldingsStore(Database database) {
        this.database = database;
    }

    @Override
    public String prefix() {
        return "view/";
    }

    @Override
    public Columns columns() {
        return new Columns("view", "object", "digest");
    }

    @Override
    public Set<String> named(List<String> keys) {
        Statement read = Statement.of(
                "SELECT object FROM view WHERE object IN (SELECT value FROM json_each(?))", Json.write(keys));
        Set<String> named = new HashSet<>();
        for (Row row : database.primary().query(read)) {
            named.add(row.text("object"));
        }
        return named;
    }

    @Override
    public List<Held> after(String place, int limit) {
        List<String> key = place.isEmpty() ? List.of("", "0", "") : Words.of(place);
        List<Held> page = new ArrayList<>();
        Statement read = Statement.of("""
                SELECT package, dev, limits, object, size, digest
                FROM view
                WHERE (package, dev, limits) > (?, ?, ?)
                ORDER BY package, dev, limits
                LIMIT ?
                """, key.get(0), Integer.parseInt(key.get(1)), key.get(2), limit);
        for (Row row : database.query(read)) {
            String at = row.text("package") + " " + row.number("dev") + " " + row.text("limits");
            page.add(new Held(at, row.text("object"), row.number("size"), row.text("digest")));
        }
        return page;
    }

    @Override
    public Statement stillHeld(Held held) {
        List<String> key = Words.of(held.place());
        return Statement.of(
                "SELECT 1 FROM view WHERE package = ? AND dev = ? AND limits = ? AND object = ?",
                key.get(0),
                Integer.parseInt(key.get(1)),
                key.get(2),
                held.object());
    }
}
