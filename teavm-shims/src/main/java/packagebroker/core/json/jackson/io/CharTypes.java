package packagebroker.core.json.jackson.io;

/** Stands in for Jackson's class of this name, which holds twelve tables for parsers and printers of all kinds; ours asks for three. */
public final class CharTypes {
    private static final int[] LATIN1 = new int[256];
    private static final int[] UTF8 = new int[256];

    static {
        for (int c = 0; c < 256; c++) {
            LATIN1[c] = c < ' ' ? -1 : c == '"' || c == '\\' ? 1 : 0;
            UTF8[c] = c < 128 ? LATIN1[c] : bytesFrom(c);
        }
    }

    private CharTypes() {}

    /** Returns how many bytes a character has whose first is this one, or -1 if there is none. */
    private static int bytesFrom(int first) {
        return first < 0xC0 || first >= 0xF8 ? -1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    }

    /** Returns what ends or interrupts a text: -1 for a control character, 1 for a quote or an escape. */
    public static int[] getInputCodeLatin1() {
        return LATIN1;
    }

    /** Returns the same for bytes, with the length of each character that has several. */
    public static int[] getInputCodeUtf8() {
        return UTF8;
    }

    /** Returns any table: comments are refused before anybody looks where they end. */
    public static int[] getInputCodeComment() {
        return UTF8;
    }

    /** Returns the value of a hexadecimal digit, or -1. */
    public static int charToHex(int c) {
        int letter = c | 0x20;
        return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
