package packagebroker.core.text;

/** Lower-case hexadecimal. */
public final class Hex {
    private static final String DIGITS = "0123456789abcdef";

    private Hex() {}

    /** Returns two digits for each byte. */
    public static String of(byte[] bytes) {
        char[] text = new char[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            text[2 * i] = DIGITS.charAt(bytes[i] >> 4 & 15);
            text[2 * i + 1] = DIGITS.charAt(bytes[i] & 15);
        }
        return new String(text);
    }

    /** Returns the bytes of an even number of digits. */
    public static byte[] bytes(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (DIGITS.indexOf(text.charAt(2 * i)) << 4 | DIGITS.indexOf(text.charAt(2 * i + 1)));
        }
        return bytes;
    }

    /** Returns whether a text is nothing but lower-case hexadecimal digits, and at least one. */
    public static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
