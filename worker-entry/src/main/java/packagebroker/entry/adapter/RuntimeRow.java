package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Row;
import packagebroker.entry.js.D1Row;

/** A row as D1 gave it. */
final class RuntimeRow implements Row {
    private final D1Row row;

    RuntimeRow(D1Row row) {
        this.row = row;
    }

    @Override
    public @Nullable String findText(String column) {
        require(column);
        return row.text(column);
    }

    @Override
    public boolean isNull(String column) {
        require(column);
        return row.isNull(column);
    }

    @Override
    public long number(String column) {
        require(column);
        return (long) row.number(column);
    }

    private void require(String column) {
        if (!row.has(column)) {
            throw DatabaseException.refused("expected a column " + column + " but found none");
        }
    }
}
