package packagebroker.core.work;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/** Objects whose keys stand in a column of one table. */
public abstract class HoldingsStore implements Holdings {
    private final Database database;
    private final String prefix;
    private final Columns columns;

    /** Creates the store of a table whose objects are all under one prefix. */
    protected HoldingsStore(Database database, String prefix, Columns columns) {
        this.database = database;
        this.prefix = prefix;
        this.columns = columns;
    }

    @Override
    public final String prefix() {
        return prefix;
    }

    @Override
    public final Columns columns() {
        return columns;
    }

    /** Looks through the whole table: once for a thousand objects a day, where an index would cost a row for each object. */
    @Override
    public final Set<String> named(List<String> keys) {
        String sql = "SELECT " + columns.object() + " AS object FROM " + columns.table() + " WHERE " + columns.object()
                + " IN (SELECT value FROM json_each(?))";
        Set<String> named = new HashSet<>();
        for (Row row : database.primary().query(Statement.of(sql, Json.write(keys)))) {
            named.add(row.text("object"));
        }
        return named;
    }
}
