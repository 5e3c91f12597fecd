package packagebroker.core.composer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Selects versions by a subset of Composer's constraints: comparators ({@code >=1.2}, {@code !=1.3}, {@code 1.4.0}, {@code dev-main}),
 * {@code ^1.2}, {@code ~1.2}, {@code 1.2.*} and {@code *}, joined by a comma or a space to mean both and by {@code |} or
 * {@code ||} to mean either. No aliases, stability flags, references and hyphenated ranges: what stands here has one reading in
 * every version of Composer.
 *
 * @see <a href="https://getcomposer.org/doc/articles/versions.md">Versions and constraints</a>
 */
public final class Constraint {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_NUMBER = 9;

    /** Of the inner lists all have to hold, of the outer one any. */
    private final List<List<Comparator>> alternatives = new ArrayList<>();

    private Constraint() {}

    /** Tells whether the text is a constraint of the subset. */
    public static boolean isConstraint(String text) {
        return find(text) != null;
    }

    /** Returns the constraint that a text spells, or null if it spells none of the subset. */
    public static @Nullable Constraint find(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return null;
        }
        Constraint constraint = new Constraint();
        int from = 0;
        while (from <= text.length()) {
            int bar = text.indexOf('|', from);
            int end = bar < 0 ? text.length() : bar;
            List<Comparator> all = new ArrayList<>();
            if (!addConjunction(all, trimmed(text.substring(from, end)))) {
                return null;
            }
            constraint.alternatives.add(all);
            from = end + (text.startsWith("||", end) ? 2 : 1);
        }
        return constraint;
    }

    /** Tells whether it selects a version, which is given as it stands in the path of an archive. */
    public boolean matches(String segment) {
        for (List<Comparator> all : alternatives) {
            boolean holds = true;
            for (Comparator comparator : all) {
                holds &= comparator.holds(segment);
            }
            if (holds) {
                return true;
            }
        }
        return false;
    }

    private static String trimmed(String text) {
        int from = text.startsWith(" ") ? 1 : 0;
        int to = text.endsWith(" ") ? text.length() - 1 : text.length();
        return text.substring(from, Math.max(from, to));
    }

    private static boolean addConjunction(List<Comparator> all, String text) {
        int from = 0;
        while (from <= text.length()) {
            int end = from;
            while (end < text.length() && !Ascii.isOneOfAt(text, end, ", ")) {
                end++;
            }
            if (!add(all, text.substring(from, end))) {
                return false;
            }
            from = end + (text.startsWith(", ", end) ? 2 : 1);
        }
        return true;
    }

    private static boolean add(List<Comparator> all, String text) {
        boolean caret = text.startsWith("^");
        if (caret || text.startsWith("~")) {
            List<String> numbers = numbers(text.substring(1), 4);
            int size = numbers.size();
            if (size > 0) {
                int place = caret ? caretPlace(numbers) : Math.max(1, size - 1);
                addRange(all, numbers, place);
            }
            return size > 0;
        }
        if (text.equals("*")) {
            return true;
        }
        if (text.endsWith(".*")) {
            List<String> numbers = numbers(text.substring(0, text.length() - 2), 3);
            if (!numbers.isEmpty()) {
                addRange(all, numbers, numbers.size());
            }
            return !numbers.isEmpty();
        }
        Comparator comparator = comparator(text);
        return comparator != null && all.add(comparator);
    }

    /** Returns which number a caret lets rise last: the first that is not 0. */
    private static int caretPlace(List<String> numbers) {
        int place = 1;
        while (place < numbers.size() && place < 3 && numbers.get(place - 1).equals("0")) {
            place++;
        }
        return place;
    }

    /** Adds what begins with these numbers and ends before the number at {@code place}, counted from 1, has risen by one. */
    private static void addRange(List<Comparator> all, List<String> numbers, int place) {
        StringBuilder low = new StringBuilder();
        StringBuilder high = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            String number = i < numbers.size() ? numbers.get(i) : "0";
            low.append(i == 0 ? "" : ".").append(number);
            high.append(i == 0 ? "" : ".")
                    .append(i + 1 < place ? number : i + 1 == place ? "" + (Long.parseLong(number) + 1) : "0");
        }
        all.add(new Comparator(">=", low.append("-dev").toString()));
        all.add(new Comparator("<", high.append("-dev").toString()));
    }

    private static @Nullable Comparator comparator(String text) {
        int length = 0;
        while (length < 2 && Ascii.isOneOfAt(text, length, "<>=!")) {
            length++;
        }
        String operator = text.substring(0, length);
        String version = text.substring(length);
        boolean ordered = switch (operator) {
            case ">", ">=", "<", "<=" -> true;
            default -> false;
        };
        boolean known = ordered
                || switch (operator) {
                    case "", "=", "==", "!=" -> true;
                    default -> false;
                };
        boolean branch = version.startsWith("dev-");
        Version found = known && !(ordered && branch) && version.indexOf('@') < 0 && !hasLongNumber(version)
                ? Version.find(version)
                : null;
        if (found == null) {
            return null;
        }
        // What comes before a release is not less than it, and is at least it.
        boolean open = (operator.equals("<") || operator.equals(">=")) && !namesStability(version);
        return new Comparator(operator, open ? found.normalized() + "-dev" : found.normalized());
    }

    private static boolean namesStability(String version) {
        String lower = Ascii.lowerCase(version);
        for (int hyphen = lower.indexOf('-'); hyphen >= 0; hyphen = lower.indexOf('-', hyphen + 1)) {
            if (VersionSuffix.scan(lower, hyphen + 1).end() == lower.length()) {
                return true;
            }
        }
        return false;
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

    /** Returns the numbers of a text that is one or several with dots between; none if it is anything else. */
    private static List<String> numbers(String text, int most) {
        List<String> numbers = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                if (i == start || i - start > MAX_NUMBER || numbers.size() == most) {
                    return List.of();
                }
                numbers.add(text.substring(start, i));
                start = i + 1;
            } else if (!Ascii.isDigit(text.charAt(i))) {
                return List.of();
            }
        }
        return numbers;
    }

    /** One comparison with a normalised version, as composer/semver makes it: branches have no order. */
    private record Comparator(String operator, String version) {
        boolean holds(String segment) {
            boolean same = Version.pathSegment(version).equals(Version.pathSegment(segment));
            // A branch with a slash in its name stands in a path as a digest, and so do no numbers.
            boolean numeric = Ascii.isDigitAt(version, 0) && Ascii.isDigitAt(segment, 0) && !isDigest(segment);
            if (!numeric) {
                return operator.equals("!=") ? !same : !isOrdered() && same;
            }
            int order = VersionOrder.compareNumeric(segment, version);
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case ">=" -> order >= 0;
                case "!=" -> order != 0;
                default -> order == 0;
            };
        }

        private boolean isOrdered() {
            return operator.startsWith("<") || operator.startsWith(">");
        }

        private static boolean isDigest(String segment) {
            return segment.length() == 32 && segment.indexOf('.') < 0 && segment.indexOf('-') < 0;
        }
    }
}
