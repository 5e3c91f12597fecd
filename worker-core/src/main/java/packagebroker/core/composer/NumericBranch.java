package packagebroker.core.composer;

import org.jspecify.annotations.Nullable;

/** Normalises branches that are named after a line of releases, such as {@code 2.x}: they sort after its releases. */
final class NumericBranch {

    private static final String NEWEST = "9999999";

    private NumericBranch() {}

    /** Reads {@code ^v?(\d++)(\.(?:\d++|[xX*]))?(\.(?:\d++|[xX*]))?(\.(?:\d++|[xX*]))?$}; null if the name is another. */
    static @Nullable String find(String name) {
        String lower = Ascii.lowerCase(name);
        int start = VersionScanner.skipV(lower);
        int at = Ascii.skipDigits(lower, start);
        if (at == start) {
            return null;
        }
        StringBuilder version = new StringBuilder(lower.length() + 24).append(lower, start, at);
        for (int part = 1; part < 4; part++) {
            int end = skipPart(lower, at);
            boolean isNumber = end > at && Ascii.isDigitAt(lower, end - 1);
            version.append('.').append(isNumber ? lower.substring(at + 1, end) : NEWEST);
            at = end;
        }
        return at < lower.length() ? null : version.append("-dev").toString();
    }

    private static int skipPart(String lower, int at) {
        if (!Ascii.isOneOfAt(lower, at, ".")) {
            return at;
        }
        if (Ascii.isOneOfAt(lower, at + 1, "x*")) {
            return at + 2;
        }
        int end = Ascii.skipDigits(lower, at + 1);
        return end == at + 1 ? at : end;
    }
}
