package packagebroker.core.zip;

/** Names that lead somewhere below the folder that an archive is unpacked into, on every system. */
final class EntryName {
    private static final int MAX_LENGTH = 1_000;

    private EntryName() {}

    /** Returns whether a name is one. */
    static boolean isSafe(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        boolean onlyDots = true;
        int start = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/') {
                // Also an empty segment, as in front of a path that begins at the root. Windows drops dots and blanks
                // at the end.
                if (i == start || onlyDots) {
                    return false;
                }
                start = i + 1;
                onlyDots = true;
            } else if (c < ' ' || c == 0x7F || c == '\\' || c == ':') {
                return false;
            } else {
                onlyDots &= c == '.' || c == ' ';
            }
        }
        return start == name.length() || !onlyDots;
    }
}
