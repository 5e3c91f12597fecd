package packagebroker.core.composer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Words;

/**
 * Selects packages by name, in one of four forms: {@code *}, {@code vendor/*}, {@code vendor/name} and
 * {@code vendor/prefix-*}. A prefix ends in a hyphen, so that nobody who means a family of packages also gets a
 * namesake: {@code acme/tool-*} does not select {@code acme/toolbox}.
 *
 * @param text the pattern as written, in lower case
 */
public record PackagePattern(String text) {

    private static final int MAX_LENGTH = 255;

    /** Refuses a text of any other form. */
    public PackagePattern {
        if (!isPattern(text)) {
            throw refusal(text);
        }
    }

    /** Returns the pattern that the text spells in any case, or null if it spells none. */
    public static @Nullable PackagePattern find(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        String lower = Ascii.lowerCase(text);
        return isPattern(lower) ? new PackagePattern(lower) : null;
    }

    /**
     * Returns the pattern that the text spells in any case.
     *
     * @throws IllegalArgumentException if it spells none
     */
    public static PackagePattern parse(String text) {
        PackagePattern found = find(text);
        if (found == null) {
            throw refusal(text);
        }
        return found;
    }

    /**
     * Returns the patterns of a text that separates them by spaces, as they are stored.
     *
     * @throws IllegalArgumentException if one spells none
     */
    public static List<PackagePattern> parseAll(String separated) {
        List<PackagePattern> patterns = new ArrayList<>();
        for (String text : Words.of(separated)) {
            patterns.add(parse(text));
        }
        return List.copyOf(patterns);
    }

    /** Tells whether the package is selected. */
    public boolean matches(PackageName name) {
        int last = text.length() - 1;
        String candidate = name.toString();
        return text.charAt(last) == '*' ? candidate.startsWith(text.substring(0, last)) : candidate.equals(text);
    }

    /** Tells whether everything that the other selects is selected by this one, too. */
    public boolean covers(PackagePattern other) {
        int last = text.length() - 1;
        return text.charAt(last) == '*' ? other.text.startsWith(text.substring(0, last)) : text.equals(other.text);
    }

    /** Returns the pattern as written. */
    @Override
    public String toString() {
        return text;
    }

    private static boolean isPattern(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        if (!text.endsWith("*")) {
            return PackageName.findExact(text) != null;
        }
        String prefix = text.substring(0, text.length() - 1);
        if (prefix.endsWith("/")) {
            return PackageName.isVendor(prefix.substring(0, prefix.length() - 1));
        }
        // A prefix is good if some name begins with it.
        return prefix.isEmpty() || (prefix.endsWith("-") && PackageName.findExact(prefix + "0") != null);
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException(
                "expected *, vendor/*, vendor/name or vendor/prefix-*, found " + Excerpt.of(text));
    }
}
