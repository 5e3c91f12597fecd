package packagebroker.core.backup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Database;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;

/**
 * All tables, whatever they are: the database says which there are, so that a new one is in the next backup without anybody
 * thinking of it. Rows are JSON arrays that the database itself writes and reads; nothing here looks into them. Names of tables
 * and columns come from the database and from nowhere else.
 */
final class RowStore {
    private static final int PAGE_ROWS = 5_000;
    private static final int PAGE_BYTES = 1_000_000;

    /** What is no part of the instance, and what is not worth keeping: sessions, open uploads, answers for some minutes. */
    private static final String LEFT_OUT = "'d1_migrations', 'restore', 'session', 'upload', 'negative', 'relay_check'";

    /**
     * Acts that only add rows which stand by themselves: while they happen, pages that are read one after the other fit
     * together. A clock is the number of the last act of any other kind.
     */
    private static final Statement CLOCK = Statement.of("""
            SELECT COALESCE(MAX(seq), 0) AS clock
            FROM (
              SELECT seq
              FROM audit
              WHERE action NOT GLOB 'read.*'
                AND action NOT IN ('mirror.document', 'mirror.dist', 'refuse.retag', 'refuse.bytes', 'refuse.dist', 'find.damage',
                  'lose.reads', 'notify.installs', 'check.lock', 'export.audit', 'mint.token', 'use.break_glass')
              ORDER BY seq DESC
              LIMIT 1
            )
            """);

    private final Database database;

    RowStore(Database database) {
        this.database = database;
    }

    /**
     * Returns the tables in the order in which they are to be read: names with their owners after what they own, seals after all
     * that they seal, and the log last, so that nothing is there that the log does not know.
     */
    List<Table> tables() {
        Statement read = Statement.of("""
                SELECT t.name AS name, c.name AS col, c.pk AS pk
                FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name NOT GLOB '_cf_*' AND t.name NOT IN (%s)
                ORDER BY CASE WHEN t.name = 'package' THEN 1 WHEN t.name = 'seal' THEN 2 WHEN t.name GLOB 'audit*' THEN 3 ELSE 0 END,
                  t.name, c.cid
                """.replace("%s", LEFT_OUT));
        List<Table> tables = new ArrayList<>();
        String[] key = new String[0];
        List<String> columns = new ArrayList<>();
        List<Row> rows = database.primary().query(read);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            columns.add(row.text("col"));
            int place = (int) row.number("pk");
            if (place > 0) {
                key = grown(key, place);
                key[place - 1] = row.text("col");
            }
            if (i + 1 == rows.size() || !rows.get(i + 1).text("name").equals(row.text("name"))) {
                // Without a key it is none of ours.
                if (key.length > 0) {
                    tables.add(new Table(row.text("name"), columns, List.of(key)));
                }
                key = new String[0];
                columns = new ArrayList<>();
            }
        }
        return tables;
    }

    private static String[] grown(String[] key, int size) {
        String[] grown = new String[Math.max(key.length, size)];
        for (int i = 0; i < grown.length; i++) {
            grown[i] = i < key.length ? key[i] : "";
        }
        return grown;
    }

    /** Returns a table by its name, or null. */
    @Nullable
    Table find(String name) {
        for (Table table : tables()) {
            if (table.name().equals(name)) {
                return table;
            }
        }
        return null;
    }

    /** Some rows, one a line; an empty text at the end. */
    record Page(String lines, long clock) {}

    /**
     * Returns rows after a key, in the order of keys, and the clock at that very moment.
     *
     * @param after the key of the last row of the page before, as a JSON array; empty for the first page
     */
    Page page(Table table, String after) {
        String key = Table.each(table.key(), "%s");
        String where = after.isEmpty() ? "" : "WHERE (" + key + ") > (" + Table.each(table.key(), "? ->> %d") + ")";
        Object[] parameters = new Object[after.isEmpty() ? 2 : table.key().size() + 2];
        for (int i = 0; i < parameters.length - 2; i++) {
            parameters[i] = after;
        }
        parameters[parameters.length - 2] = PAGE_ROWS;
        parameters[parameters.length - 1] = PAGE_BYTES;
        String sql = """
                SELECT group_concat(line, char(10)) AS lines
                FROM (
                  SELECT line
                  FROM (
                    SELECT line, ROW_NUMBER() OVER w AS nth, SUM(LENGTH(CAST(line AS BLOB))) OVER w AS bytes
                    FROM (SELECT %k, json_array(%c) AS line FROM %t %w ORDER BY %k LIMIT ?)
                    WINDOW w AS (ORDER BY %k)
                  )
                  WHERE bytes <= ? OR nth = 1
                  ORDER BY nth
                )
                """.replace("%k", key)
                .replace("%c", Table.each(table.columns(), "%s"))
                .replace("%t", table.name())
                .replace("%w", where);
        List<List<Row>> rows = database.primary().queryAll(List.of(Statement.of(sql, parameters), CLOCK));
        String lines = rows.get(0).get(0).findText("lines");
        return new Page(lines == null ? "" : lines + "\n", rows.get(1).get(0).number("clock"));
    }

    /** Writes rows, given as a JSON array of arrays; the same ones again change nothing. Returns false if no such restore is under way. */
    boolean write(Table table, String rows, String restore) {
        String sql = "INSERT OR REPLACE INTO " + table.name() + " (" + Table.each(table.columns(), "%s") + ") SELECT "
                + Table.each(table.columns(), "value ->> %d")
                + " FROM json_each(?) WHERE EXISTS (SELECT 1 FROM restore WHERE id = ?)";
        return database.update(Statement.of(sql, rows, restore)) > 0;
    }
}
