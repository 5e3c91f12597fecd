package packagebroker.core.port;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read that can be made beside another one in a single statement: left joins, so that it finds at least one row whatever is
 * there. What is not there has NULL in its columns.
 *
 * @param columns what is selected; names that no other read uses
 * @param joins one or more {@code LEFT JOIN … ON …}
 * @param parameters those of the columns and then those of the joins
 */
public record Joined(String columns, String joins, List<@Nullable Object> parameters) {
    /** Returns the read by itself. */
    public Statement alone() {
        return Statement.of("SELECT " + columns + " FROM (SELECT 1) " + joins, parameters.toArray());
    }

    /**
     * Returns the read beside another.
     *
     * @param otherColumns the other's columns, without parameters
     * @param table the other's table
     * @param condition the other's WHERE clause
     * @param conditionParameters those of the condition
     */
    public Statement beside(
            String otherColumns, String table, String condition, @Nullable Object... conditionParameters) {
        List<@Nullable Object> all = new ArrayList<>(parameters);
        all.addAll(Arrays.asList(conditionParameters));
        String sql = "SELECT " + otherColumns + ", " + columns + " FROM " + table + " " + joins + " WHERE " + condition;
        return Statement.of(sql, all.toArray());
    }
}
