package packagebroker.core.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;

/**
 * A table of the database, as the database itself describes it.
 *
 * @param columns all columns, in their order
 * @param key those of the primary key, in its order
 */
record Table(String name, List<String> columns, List<String> key) {
    /** Returns the table as clients see it; the key as places in a row. */
    Map<String, @Nullable Object> shown() {
        List<Object> places = new ArrayList<>();
        for (String column : key) {
            places.add(columns.indexOf(column));
        }
        return Json.object("name", name, "columns", columns, "key", places);
    }

    /** Returns a part of SQL for each of some columns, {@code %s} being its name and {@code %d} its place, with commas between. */
    static String each(List<String> columns, String part) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            sql.append(i == 0 ? "" : ", ");
            sql.append(part.replace("%s", columns.get(i)).replace("%d", "" + i));
        }
        return sql.toString();
    }
}
