package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/**
 * Normalises versions exactly as composer/semver 3.4 does ({@code VersionParser::normalize}), since clients compare what
 * we serve with what they compute. Each step stands for one of its patterns, which is quoted.
 */
final class VersionScanner {

    private static final int MAX_MAJOR_DIGITS = 5;

    private VersionScanner() {}

    static @Nullable String normalize(String text) {
        String version = withoutStabilityFlag(withoutAlias(PhpText.trim(text)));
        if (version.equals("master") || version.equals("trunk") || version.equals("default")) {
            return "dev-" + version;
        }
        if (Ascii.lowerCase(version).startsWith("dev-")) {
            return "dev-" + version.substring(4);
        }
        String plain = withoutBuildMetadata(PhpText.withoutFinalNewline(version));
        String lower = Ascii.lowerCase(plain);
        String release = classical(plain, lower);
        if (release == null) {
            release = dated(plain, lower);
        }
        return release == null ? branch(plain, lower) : release;
    }

    /** Returns the version of {@code ^([^,\s]++) ++as ++([^,\s]++)$}. */
    private static String withoutAlias(String text) {
        int versionEnd = skipToken(text, 0);
        int as = skipSpaces(text, versionEnd);
        int alias = skipSpaces(text, as + 2);
        boolean isAliased = versionEnd > 0
                && as > versionEnd
                && text.startsWith("as", as)
                && alias > as + 2
                && alias < text.length()
                && skipToken(text, alias) == text.length();
        return isAliased ? text.substring(0, versionEnd) : text;
    }

    /** Cuts {@code @(?:stable|RC|beta|alpha|dev)$}. */
    private static String withoutStabilityFlag(String text) {
        int at = text.lastIndexOf('@');
        return at >= 0 && Stability.find(text.substring(at + 1)) != null ? text.substring(0, at) : text;
    }

    /** Returns the version of {@code ^([^,\s+]++)\+[^\s]++$}. */
    private static String withoutBuildMetadata(String text) {
        int plus = text.indexOf('+');
        if (plus < 1 || plus == text.length() - 1 || text.lastIndexOf(',', plus) >= 0) {
            return text;
        }
        for (int i = 0; i < text.length(); i++) {
            if (PhpText.isSpace(text.charAt(i))) {
                return text;
            }
        }
        return text.substring(0, plus);
    }

    /** Reads {@code ^v?(\d{1,5}+)(\.\d++)?(\.\d++)?(\.\d++)?} and a suffix. */
    private static @Nullable String classical(String text, String lower) {
        int start = skipV(lower);
        int at = Ascii.skipDigits(lower, start);
        if (at == start || at - start > MAX_MAJOR_DIGITS) {
            return null;
        }
        StringBuilder numbers = new StringBuilder(text.length() + 8).append(text, start, at);
        for (int part = 1; part < 4; part++) {
            int end = Ascii.isOneOfAt(lower, at, ".") ? Ascii.skipDigits(lower, at + 1) : at;
            if (end > at + 1) {
                numbers.append(text, at, end);
                at = end;
            } else {
                numbers.append(".0");
            }
        }
        return withSuffix(numbers, text, lower, at);
    }

    /** Reads {@code ^v?(\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3}){0,2})} and a suffix. */
    private static @Nullable String dated(String text, String lower) {
        int start = skipV(lower);
        int end = start;
        while (Ascii.isDigitAt(lower, end)
                || (end > start && Ascii.isOneOfAt(lower, end, ".:-") && Ascii.isDigitAt(lower, end + 1))) {
            end++;
        }
        if (!DateNumbers.isDate(text.substring(start, end))) {
            return null;
        }
        StringBuilder numbers = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            numbers.append(Ascii.isDigit(text.charAt(i)) ? text.charAt(i) : '.');
        }
        return withSuffix(numbers, text, lower, end);
    }

    private static @Nullable String withSuffix(StringBuilder numbers, String text, String lower, int at) {
        VersionSuffix suffix = VersionSuffix.scan(lower, at);
        if (suffix.end() < text.length()) {
            return null;
        }
        if (suffix.word().equals("stable") && text.startsWith("stable", suffix.start())) {
            // Composer drops the word only as spelled here, and what follows with it.
            return numbers.toString();
        }
        if (!suffix.word().isEmpty()) {
            numbers.append('-').append(suffix.normalizedWord()).append(suffix.numbers());
        }
        return numbers.append(suffix.dev() ? "-dev" : "").toString();
    }

    /** Reads {@code (.*?)[.-]?dev$}, if what precedes is a numeric branch. */
    private static @Nullable String branch(String text, String lower) {
        if (!lower.endsWith("dev")) {
            return null;
        }
        int end = text.length() - 3;
        // The pattern is not anchored and its dot stops at newlines, so only the last line counts.
        int start = text.lastIndexOf('\n') + 1;
        if (end > start && Ascii.isOneOfAt(text, end - 1, ".-")) {
            end--;
        }
        return NumericBranch.find(PhpText.trim(text.substring(start, end)));
    }

    static int skipV(String lower) {
        return lower.startsWith("v") ? 1 : 0;
    }

    private static int skipToken(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != ',' && !PhpText.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (Ascii.isOneOfAt(text, at, " ")) {
            at++;
        }
        return at;
    }
}
