package packagebroker.core.testing;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;

/** A row as D1 gives it: integers rounded to what a double holds. It insists on the type that a column has. */
record SqliteRow(Map<String, @Nullable Object> values) implements Row {
    static SqliteRow of(ResultSet results) throws SQLException {
        ResultSetMetaData columns = results.getMetaData();
        Map<String, @Nullable Object> values = new HashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            values.put(columns.getColumnLabel(i), results.getObject(i));
        }
        return new SqliteRow(values);
    }

    @Override
    public @Nullable String findText(String column) {
        Object value = value(column);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw DatabaseException.refused("expected text in column " + column + " but found " + value);
    }

    @Override
    public boolean isNull(String column) {
        return value(column) == null;
    }

    @Override
    public long number(String column) {
        Object value = value(column);
        if (value == null) {
            return 0;
        }
        if (value instanceof Number number) {
            return (long) number.doubleValue();
        }
        throw DatabaseException.refused("expected a number in column " + column + " but found text");
    }

    private @Nullable Object value(String column) {
        if (!values.containsKey(column)) {
            throw DatabaseException.refused("expected a column " + column + " but found " + values.keySet());
        }
        return values.get(column);
    }
}
