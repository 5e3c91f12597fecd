package packagebroker.core.composer;

/**
 * Sorts normalised versions, newest first. The order is total and depends on nothing but the two texts, so that a list is
 * the same bytes at every request: numbers, then stability, then the numbers of the stability; branches last, by name.
 * For releases it agrees with PHP's {@code version_compare}, save that a patch and a version with more numbers, as in
 * {@code 201001-patch} and {@code 201001.5}, are compared by their numbers here.
 */
final class VersionOrder {

    private VersionOrder() {}

    static int newestFirst(String left, String right) {
        boolean isLeftNumeric = Ascii.isDigitAt(left, 0);
        boolean isRightNumeric = Ascii.isDigitAt(right, 0);
        if (isLeftNumeric != isRightNumeric) {
            return isLeftNumeric ? -1 : 1;
        }
        if (!isLeftNumeric) {
            return left.compareTo(right);
        }
        int order = numericOrder(Ascii.lowerCase(right), Ascii.lowerCase(left));
        return order == 0 ? right.compareTo(left) : order;
    }

    /** Compares two normalised versions that are no branches by what they mean: 0 although their texts differ, perhaps. */
    static int compareNumeric(String left, String right) {
        return numericOrder(Ascii.lowerCase(left), Ascii.lowerCase(right));
    }

    private static int numericOrder(String left, String right) {
        int leftEnd = numbersEnd(left);
        int rightEnd = numbersEnd(right);
        int order = compareNumbers(left.substring(0, leftEnd), right.substring(0, rightEnd));
        if (order != 0) {
            return order;
        }
        VersionSuffix leftSuffix = VersionSuffix.scan(left, leftEnd);
        VersionSuffix rightSuffix = VersionSuffix.scan(right, rightEnd);
        order = Integer.compare(rank(leftSuffix), rank(rightSuffix));
        if (order == 0) {
            order = compareNumbers(leftSuffix.numbers(), rightSuffix.numbers());
        }
        return order == 0 ? Boolean.compare(rightSuffix.dev(), leftSuffix.dev()) : order;
    }

    private static int numbersEnd(String version) {
        int hyphen = version.indexOf('-');
        return hyphen < 0 ? version.length() : hyphen;
    }

    // The ranks of PHP's version_compare: 1.0.0.0-dev is older than any alpha, a patch newer than its release.
    private static int rank(VersionSuffix suffix) {
        return switch (suffix.word()) {
            case "alpha", "a" -> 1;
            case "beta", "b" -> 2;
            case "rc" -> 3;
            case "patch", "pl", "p" -> 5;
            default -> suffix.dev() ? 0 : 4;
        };
    }

    /** Compares lists of numbers of any length; where one list ends, it is the smaller. */
    private static int compareNumbers(String left, String right) {
        int leftAt = 0;
        int rightAt = 0;
        while (leftAt < left.length() && rightAt < right.length()) {
            int leftEnd = Ascii.skipDigits(left, leftAt);
            int rightEnd = Ascii.skipDigits(right, rightAt);
            int order = compareNumber(left.substring(leftAt, leftEnd), right.substring(rightAt, rightEnd));
            if (order != 0) {
                return order;
            }
            leftAt = leftEnd + 1;
            rightAt = rightEnd + 1;
        }
        return Boolean.compare(leftAt < left.length(), rightAt < right.length());
    }

    // As text, since a date with a time does not fit into an int.
    private static int compareNumber(String left, String right) {
        String leftDigits = withoutZeros(left);
        String rightDigits = withoutZeros(right);
        int order = Integer.compare(leftDigits.length(), rightDigits.length());
        return order == 0 ? leftDigits.compareTo(rightDigits) : order;
    }

    private static String withoutZeros(String digits) {
        int at = 0;
        while (Ascii.isOneOfAt(digits, at, "0")) {
            at++;
        }
        return digits.substring(at);
    }
}
