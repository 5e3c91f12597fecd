package packagebroker.core.text;

import org.jspecify.annotations.Nullable;

/** Base64 (RFC 4648 §4) of a text, as a client sends it with basic authentication: read on each request, so without a detour. */
public final class Base64Text {
    private static final int GROUP = 4;

    private Base64Text() {}

    /** Returns the text whose UTF-8 was encoded, with its padding or without, or null if this is no base64. */
    public static @Nullable String decode(String encoded) {
        int length = lengthOf(encoded);
        if (length < 0 || length % GROUP == 1) {
            return null;
        }
        byte[] bytes = new byte[length * 3 / GROUP];
        int bits = 0;
        int at = 0;
        for (int i = 0; i < length; i++) {
            int digit = digit(encoded.charAt(i));
            if (digit < 0) {
                return null;
            }
            bits = bits << 6 | digit;
            if (i % GROUP != 0) {
                bytes[at++] = (byte) (bits >> (6 - i % GROUP * 2));
            }
        }
        return Utf8.decode(bytes);
    }

    /** Returns the number of digits, or -1 if the padding is not what they need. */
    private static int lengthOf(String encoded) {
        int length = encoded.length();
        while (length > 0 && encoded.length() - length < 2 && encoded.charAt(length - 1) == '=') {
            length--;
        }
        return length == encoded.length() || encoded.length() % GROUP == 0 ? length : -1;
    }

    private static int digit(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }
}
