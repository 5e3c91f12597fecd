package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Words;
import packagebroker.core.work.HoldingsStore;

/** The views that rows name. A place is the row's key, as {@code acme/tool 0 <key>}. */
public final class ViewHoldingsStore extends HoldingsStore {
    private final Database database;

    /** Creates the store. */
    public ViewHoldingsStore(Database database) {
        super(database, "view/", new Columns("view", "object", "digest"));
        this.database = database;
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
