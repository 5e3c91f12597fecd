package packagebroker.core.dist;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.work.HoldingsStore;

/** The archives that the ledger names. */
public final class ArtifactHoldingsStore extends HoldingsStore {
    private final Database database;

    /** Creates the store. */
    public ArtifactHoldingsStore(Database database) {
        super(database, "artifact/", new Columns("version", "artifact", "sha256"));
        this.database = database;
    }

    @Override
    public List<Held> after(String place, int limit) {
        int first = place.indexOf(' ');
        int last = place.lastIndexOf(' ');
        String name = first < 0 ? "" : place.substring(0, first);
        String version = first < last ? place.substring(first + 1, last) : "";
        Statement read = Statement.of("""
                SELECT package, version, reference, artifact, size, sha256
                FROM version
                WHERE (package, version, reference) > (?, ?, ?)
                ORDER BY package, version, reference
                LIMIT ?
                """, name, version, place.substring(last + 1), limit);
        List<Held> page = new ArrayList<>();
        for (Row row : database.query(read)) {
            String key = row.text("package") + " " + row.text("version") + " " + row.text("reference");
            page.add(new Held(key, row.text("artifact"), row.number("size"), row.text("sha256")));
        }
        return page;
    }

    @Override
    public Statement stillHeld(Held held) {
        String place = held.place();
        int first = place.indexOf(' ');
        int last = place.lastIndexOf(' ');
        return Statement.of(
                "SELECT 1 FROM version WHERE package = ? AND version = ? AND reference = ? AND artifact = ?",
                place.substring(0, first),
                place.substring(first + 1, last),
                place.substring(last + 1),
                held.object());
    }
}
