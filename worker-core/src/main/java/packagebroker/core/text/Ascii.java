package packagebroker.core.text;

import org.jspecify.annotations.Nullable;

/** Letters and digits of ASCII. Those of {@link Character} know all of Unicode, which costs the Worker tables of 6 KB. */
public final class Ascii {
    private Ascii() {}

    /** Returns a text with its letters from A to Z in lower case. */
    public static String lower(String text) {
        StringBuilder lower = new StringBuilder();
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.append(text, done, i).append(lower(c));
                done = i + 1;
            }
        }
        return done == 0 ? text : lower.append(text, done, text.length()).toString();
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    /** Returns whether two texts are the same but for the case of the letters from A to Z. */
    public static boolean isSame(String one, @Nullable String other) {
        if (other == null || one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (lower(one.charAt(i)) != lower(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the value of a decimal digit, or -1. */
    public static int digit(int c) {
        return c >= '0' && c <= '9' ? c - '0' : -1;
    }

    /** Returns the value of a hexadecimal digit, or -1. */
    public static int hexDigit(int c) {
        int letter = c | ('a' - 'A');
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : digit(c);
    }
}
