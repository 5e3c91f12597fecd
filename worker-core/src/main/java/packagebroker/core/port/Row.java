package packagebroker.core.port;

import org.jspecify.annotations.Nullable;

/** One row of a result. Integers beyond 2⁵³ arrive rounded from D1, so none is stored. */
public interface Row {
    /** Returns a text column, or null where it is NULL. */
    @Nullable
    String findText(String column);

    /** Returns whether a column is NULL. */
    boolean isNull(String column);

    /** Returns an integer column; 0 where it is NULL. */
    long number(String column);

    /** Returns a text column that is never NULL. */
    default String text(String column) {
        String value = findText(column);
        if (value == null) {
            throw DatabaseException.refused("expected text in column " + column + " but found NULL");
        }
        return value;
    }
}
