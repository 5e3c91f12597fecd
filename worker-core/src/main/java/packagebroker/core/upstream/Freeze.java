package packagebroker.core.upstream;

import org.jspecify.annotations.Nullable;

/**
 * An incident: until it is over, only what is stored is served, and nothing is taken in from any upstream.
 *
 * @param since when it began, ms since 1970
 * @param by who said so
 * @param reason why, for all who use the instance to read
 */
public record Freeze(long since, String by, String reason) {
    /** Returns the freeze that a text of {@link #text} spells; null for no text. */
    public static @Nullable Freeze find(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        return new Freeze(
                Long.parseLong(text.substring(0, first)),
                text.substring(first + 1, second),
                text.substring(second + 1));
    }

    /** Returns it as it is stored. */
    String text() {
        return since + " " + by + " " + reason;
    }
}
