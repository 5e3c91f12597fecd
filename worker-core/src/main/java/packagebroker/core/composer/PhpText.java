package packagebroker.core.composer;

/** Reads text as PHP does, where that differs from Java: which characters are blank, and where a line ends. */
final class PhpText {

    private PhpText() {}

    /** Returns the text without the characters that PHP's {@code trim} removes on both sides. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isTrimmed(text.charAt(from))) {
            from++;
        }
        while (to > from && isTrimmed(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Tells whether the character is matched by {@code \s} in a pattern. */
    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** Returns the text without one last newline, before which {@code $} matches too. */
    static String withoutFinalNewline(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    // Not quite isSpace: PHP trims NUL, but no form feed.
    private static boolean isTrimmed(char c) {
        return c == 0 || (isSpace(c) && c != '\f');
    }
}
