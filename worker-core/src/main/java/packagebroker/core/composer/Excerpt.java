package packagebroker.core.composer;

/** Quotes a refused text in an error message: short, on one line and without bytes that could confuse a terminal. */
final class Excerpt {

    private static final int MAX_LENGTH = 60;

    private Excerpt() {}

    static String of(String text) {
        int end = Math.min(text.length(), MAX_LENGTH);
        StringBuilder quoted = new StringBuilder(end + 5).append('"');
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            quoted.append(c >= ' ' && c <= '~' && c != '"' ? c : '?');
        }
        return quoted.append(end < text.length() ? "…\"" : "\"").toString();
    }
}
