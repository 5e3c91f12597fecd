package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.work.Holdings;

/** The archives of the log that rows name. A place is the number of a part's first seal. */
public final class ArchiveHoldingsStore implements Holdings {
    private final Database database;

    /** Creates the store. */
    public ArchiveHoldingsStore(Database database) {
        this.database = database;
    }

    @Override
    public String prefix() {
        return "audit/";
    }

    @Override
    public Columns columns() {
        return new Columns("audit_archive", "object", "sha256");
    }

    @Override
    public Set<String> named(List<String> keys) {
        Statement read = Statement.of("""
                SELECT object
                FROM audit_archive
                WHERE object IN (SELECT value FROM json_each(?))
                """, Json.write(keys));
        Set<String> named = new HashSet<>();
        for (Row row : database.primary().query(read)) {
            named.add(row.text("object"));
        }
        return named;
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
