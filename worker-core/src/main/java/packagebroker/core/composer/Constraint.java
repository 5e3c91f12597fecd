package packagebroker.core.composer;

/**
 * Knows a subset of Composer's version constraints: comparators ({@code >=1.2}, {@code !=1.3}, {@code 1.4.0}, {@code dev-main}),
 * {@code ^1.2}, {@code ~1.2}, {@code 1.2.*} and {@code *}, joined by a comma or a space to mean both and by {@code |} or
 * {@code ||} to mean either. No aliases, stability flags, references and hyphenated ranges: what stands here has one reading in
 * every version of Composer.
 *
 * @see <a href="https://getcomposer.org/doc/articles/versions.md">Versions and constraints</a>
 */
public final class Constraint {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_NUMBER = 9;

    private Constraint() {}

    /** Tells whether the text is a constraint of the subset. */
    public static boolean isConstraint(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        int from = 0;
        while (from <= text.length()) {
            int bar = text.indexOf('|', from);
            int end = bar < 0 ? text.length() : bar;
            if (!isConjunction(trimmed(text.substring(from, end)))) {
                return false;
            }
            from = end + (text.startsWith("||", end) ? 2 : 1);
        }
        return true;
    }

    private static String trimmed(String text) {
        int from = text.startsWith(" ") ? 1 : 0;
        int to = text.endsWith(" ") ? text.length() - 1 : text.length();
        return text.substring(from, Math.max(from, to));
    }

    private static boolean isConjunction(String text) {
        int from = 0;
        while (from <= text.length()) {
            int end = from;
            while (end < text.length() && !Ascii.isOneOfAt(text, end, ", ")) {
                end++;
            }
            if (!isComparator(text.substring(from, end))) {
                return false;
            }
            from = end + (text.startsWith(", ", end) ? 2 : 1);
        }
        return true;
    }

    private static boolean isComparator(String text) {
        if (text.startsWith("^") || text.startsWith("~")) {
            return isNumbers(text.substring(1), 4);
        }
        if (text.equals("*") || (text.endsWith(".*") && isNumbers(text.substring(0, text.length() - 2), 3))) {
            return true;
        }
        int operator = 0;
        while (operator < 2 && Ascii.isOneOfAt(text, operator, "<>=!")) {
            operator++;
        }
        String version = text.substring(operator);
        boolean ordered = switch (text.substring(0, operator)) {
            case ">", ">=", "<", "<=" -> true;
            default -> false;
        };
        boolean known = switch (text.substring(0, operator)) {
            case ">", ">=", "<", "<=", "", "=", "==", "!=" -> true;
            default -> false;
        };
        boolean branch = version.startsWith("dev-");
        return known
                && !(ordered && branch)
                && version.indexOf('@') < 0
                && !hasLongNumber(version)
                && Version.find(version) != null;
    }

    /** Tells whether there are more digits in a row than each version of Composer takes for a number. */
    private static boolean hasLongNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            int end = Ascii.skipDigits(text, i);
            if (end - i > MAX_NUMBER) {
                return true;
            }
            i = Math.max(i, end - 1);
        }
        return false;
    }

    /** Tells whether a text is one number or several with dots between. */
    private static boolean isNumbers(String text, int most) {
        int count = 1;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                if (i == start || i - start > MAX_NUMBER || count > most) {
                    return false;
                }
                start = i + 1;
                count++;
            } else if (!Ascii.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
