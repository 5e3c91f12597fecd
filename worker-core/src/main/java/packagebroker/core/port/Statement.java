package packagebroker.core.port;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement with its parameters ({@code ?}, in order).
 *
 * <p>A parameter is a {@link String}, {@link Long}, {@link Integer}, {@link Double} or null. D1 takes at most 100 of them,
 * numbers up to 2⁵³ and values up to 2 MB; local emulation does not enforce that, so this constructor does.
 */
public final class Statement {
    /** D1's limit on bound parameters of one query. */
    public static final int MAX_PARAMETERS = 100;

    /** D1's limit on one value, in bytes; UTF-16 length × 3 is the bound that is checked. */
    public static final int MAX_VALUE_BYTES = 2_000_000;

    private final String sql;
    private final List<@Nullable Object> parameters;

    private Statement(String sql, List<@Nullable Object> parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    /**
     * Returns a statement.
     *
     * @throws DatabaseException if a parameter is more than D1 would take
     */
    public static Statement of(String sql, @Nullable Object... parameters) {
        if (parameters.length > MAX_PARAMETERS) {
            throw DatabaseException.refused("expected at most 100 parameters but found " + parameters.length);
        }
        for (Object parameter : parameters) {
            check(parameter);
        }
        return new Statement(sql, Collections.unmodifiableList(Arrays.asList(parameters)));
    }

    private static void check(@Nullable Object parameter) {
        if (parameter instanceof String text
                && text.length() > MAX_VALUE_BYTES / 3
                && utf8Length(text) > MAX_VALUE_BYTES) {
            throw DatabaseException.refused("expected a value of at most 2 MB");
        }
        if (parameter instanceof Long number && (number > (1L << 53) || number < -(1L << 53))) {
            throw DatabaseException.refused("expected a number of at most 2^53");
        }
    }

    private static long utf8Length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate pair is four bytes: two for each half.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    /** Returns the text. */
    public String sql() {
        return sql;
    }

    /** Returns the parameters. */
    public List<@Nullable Object> parameters() {
        return parameters;
    }
}
