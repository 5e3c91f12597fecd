package packagebroker.core.composer;

/**
 * Recognises the numbers of a version that is a date: a year, one to six pairs of digits and up to two short numbers, each
 * with or without a separator.
 */
final class DateNumbers {

    private static final int MAX_PAIRS = 6;
    private static final int MAX_NUMBERS = 2;
    private static final int MAX_DIGITS = 3;

    private DateNumbers() {}

    /** Tells whether all of the text is read by {@code \d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3}){0,2}}. */
    static boolean isDate(String text) {
        return hasDigits(text, 0, 4) && isPairs(text, 4, 0);
    }

    private static boolean isPairs(String text, int at, int pairs) {
        int digits = skipSeparator(text, at);
        if (pairs < MAX_PAIRS && hasDigits(text, digits, 2) && isPairs(text, digits + 2, pairs + 1)) {
            return true;
        }
        return pairs > 0 && isNumbers(text, at, 0);
    }

    private static boolean isNumbers(String text, int at, int numbers) {
        if (at == text.length()) {
            return true;
        }
        int digits = skipSeparator(text, at);
        for (int count = 1; count <= MAX_DIGITS; count++) {
            if (numbers < MAX_NUMBERS
                    && hasDigits(text, digits, count)
                    && isNumbers(text, digits + count, numbers + 1)) {
                return true;
            }
        }
        return false;
    }

    private static int skipSeparator(String text, int at) {
        return Ascii.isOneOfAt(text, at, ".:-") ? at + 1 : at;
    }

    private static boolean hasDigits(String text, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!Ascii.isDigitAt(text, i)) {
                return false;
            }
        }
        return true;
    }
}
