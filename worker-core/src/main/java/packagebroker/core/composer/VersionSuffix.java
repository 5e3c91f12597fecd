package packagebroker.core.composer;

/**
 * Holds what may follow the numbers of a version: a stability word with its own numbers, and {@code dev}. Composer's
 * pattern for it is {@code [._-]?(?:(stable|beta|b|RC|alpha|a|patch|pl|p)((?:[.-]?\d+)*+)?)?([.-]?dev)?}.
 *
 * @param start where the word begins
 * @param word the stability word as found, or an empty text
 * @param numbers the numbers after the word without the first separator, or an empty text
 * @param dev whether it ends in {@code dev}
 * @param end the index after the suffix
 */
record VersionSuffix(int start, String word, String numbers, boolean dev, int end) {

    /** Scans the longest suffix at the index of a text in lower case; it may be empty. */
    static VersionSuffix scan(String lower, int from) {
        int start = Ascii.isOneOfAt(lower, from, "._-") ? from + 1 : from;
        String word = wordAt(lower, start);
        int wordEnd = start + word.length();
        int numbersEnd = word.isEmpty() ? wordEnd : skipNumbers(lower, wordEnd);
        int numbersStart = numbersEnd > wordEnd && !Ascii.isDigitAt(lower, wordEnd) ? wordEnd + 1 : wordEnd;
        int dev = Ascii.isOneOfAt(lower, numbersEnd, ".-") ? numbersEnd + 1 : numbersEnd;
        boolean isDev = lower.startsWith("dev", dev);
        String numbers = lower.substring(numbersStart, numbersEnd);
        return new VersionSuffix(start, word, numbers, isDev, isDev ? dev + 3 : numbersEnd);
    }

    Stability stability() {
        if (dev) {
            return Stability.DEV;
        }
        return switch (word) {
            case "beta", "b" -> Stability.BETA;
            case "alpha", "a" -> Stability.ALPHA;
            case "rc" -> Stability.RC;
            default -> Stability.STABLE;
        };
    }

    /** Returns the word as a normalised version spells it. */
    String normalizedWord() {
        return switch (word) {
            case "a" -> "alpha";
            case "b" -> "beta";
            case "p", "pl" -> "patch";
            case "rc" -> "RC";
            default -> word;
        };
    }

    private static String wordAt(String lower, int at) {
        if (at >= lower.length()) {
            return "";
        }
        return switch (lower.charAt(at)) {
            case 's' -> lower.startsWith("stable", at) ? "stable" : "";
            case 'b' -> lower.startsWith("beta", at) ? "beta" : "b";
            case 'r' -> lower.startsWith("rc", at) ? "rc" : "";
            case 'a' -> lower.startsWith("alpha", at) ? "alpha" : "a";
            case 'p' -> lower.startsWith("patch", at) ? "patch" : lower.startsWith("pl", at) ? "pl" : "p";
            default -> "";
        };
    }

    private static int skipNumbers(String lower, int from) {
        int end = from;
        int number = from;
        while (Ascii.isDigitAt(lower, number)
                || (Ascii.isOneOfAt(lower, number, ".-") && Ascii.isDigitAt(lower, number + 1))) {
            end = Ascii.skipDigits(lower, number + 1);
            number = end;
        }
        return end;
    }
}
