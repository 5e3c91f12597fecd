package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Row;

/**
 * A place in a list that shows its newest rows first: a page begins after it.
 *
 * @param at when the row before the page was made
 * @param id which of those it was
 */
public record Place(long at, String id) {
    /** What ends the WHERE clause of a page; its parameters are {@link #at} twice, {@link #id} and the number of rows. */
    public static final String PAGE =
            "(created_at < ? OR (created_at = ? AND id > ?)) ORDER BY created_at DESC, id LIMIT ?";

    /** Where a list begins. */
    static final Place START = new Place(1L << 53, "");

    /** Returns how the page after one with these rows is asked for; null if they are the last. */
    public static @Nullable String next(List<Row> rows, int limit) {
        Row last = rows.size() < limit ? null : rows.get(limit - 1);
        return last == null ? null : last.number("created_at") + "-" + last.text("id");
    }
}
