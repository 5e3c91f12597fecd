package packagebroker.core.composer;

/**
 * Knows ASCII letters and digits only. The JDK's tests know all of Unicode, and would take a Kelvin sign for a k or an
 * Arabic digit for a number, which Composer's patterns do not.
 */
public final class Ascii {

    private Ascii() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLowerLetterOrDigit(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z');
    }

    static boolean isLetterOrDigit(char c) {
        return isLowerLetterOrDigit(c) || (c >= 'A' && c <= 'Z');
    }

    static boolean isLowerHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f');
    }

    /** Tells whether every character is a letter, a digit or one of {@code others}; an empty text is none of them. */
    public static boolean isWordOf(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            if (!isLetterOrDigit(text.charAt(i)) && others.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigitAt(String text, int at) {
        return at < text.length() && isDigit(text.charAt(at));
    }

    /** Tells whether one of the characters of {@code wanted} stands at the index. */
    static boolean isOneOfAt(String text, int at, String wanted) {
        return at < text.length() && wanted.indexOf(text.charAt(at)) >= 0;
    }

    /** Returns the index of the first character from {@code at} on that is no digit. */
    static int skipDigits(String text, int at) {
        int end = at;
        while (isDigitAt(text, end)) {
            end++;
        }
        return end;
    }

    /** Returns the text with A-Z in lower case, all else untouched, so that indexes into both texts agree. */
    public static String lowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                return lowerCaseFrom(text, i);
            }
        }
        return text;
    }

    private static String lowerCaseFrom(String text, int first) {
        StringBuilder lower = new StringBuilder(text.length()).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            lower.append(isUpper(c) ? (char) (c + ('a' - 'A')) : c);
        }
        return lower.toString();
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
