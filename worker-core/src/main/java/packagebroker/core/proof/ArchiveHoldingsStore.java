package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.work.HoldingsStore;

/** The archives of the log that rows name. A place is the number of a part's first seal. */
public final class ArchiveHoldingsStore extends HoldingsStore {
    private final Database database;

    /** Creates the store. */
    public ArchiveHoldingsStore(Database database) {
        super(database, "audit/", new Columns("audit_archive", "object", "sha256"));
        this.database = database;
    }

    @Override
    public List<Held> after(String place, int limit) {
        Statement read = Statement.of("""
                SELECT first_seal, object, size, sha256
                FROM audit_archive
                WHERE first_seal > CAST(? AS INTEGER) AND object != ''
                ORDER BY first_seal
                LIMIT ?
                """, place, limit);
        List<Held> page = new ArrayList<>();
        for (Row row : database.query(read)) {
            page.add(new Held(
                    "" + row.number("first_seal"), row.text("object"), row.number("size"), row.text("sha256")));
        }
        return page;
    }

    @Override
    public Statement stillHeld(Held held) {
        return Statement.of(
                "SELECT 1 FROM audit_archive WHERE first_seal = CAST(? AS INTEGER) AND object = ?",
                held.place(),
                held.object());
    }
}
