package packagebroker.core.text;

import org.jspecify.annotations.Nullable;

/**
 * Base64 (RFC 4648) of texts and bytes that somebody else sent or stored. Read on each request, so without a detour; and
 * TeaVM's own decoder fails, rather than refuse, at a character beyond ASCII.
 */
public final class Base64Text {
    private static final int GROUP = 4;

    private Base64Text() {}

    /** Returns the text whose UTF-8 was encoded, as {@link #bytes} does. */
    public static @Nullable String decode(String encoded) {
        byte[] bytes = bytes(encoded);
        return bytes == null ? null : Utf8.decode(bytes);
    }

    /** Returns the bytes of base64 (§4) with its padding or without, or null if this is none. */
    public static byte @Nullable [] bytes(String encoded) {
        return bytes(encoded, lengthOf(encoded), '+', '/');
    }

    /** Returns the bytes of base64url (§5) as an encoder writes it: without padding, and no other text stands for them; else null. */
    public static byte @Nullable [] urlBytes(String encoded) {
        int unused = encoded.length() % GROUP == 2 ? 15 : encoded.length() % GROUP == 3 ? 3 : 0;
        boolean spare = unused > 0 && (digit(encoded.charAt(encoded.length() - 1), '-', '_') & unused) != 0;
        return spare ? null : bytes(encoded, encoded.length(), '-', '_');
    }

    private static byte @Nullable [] bytes(String encoded, int length, char plus, char slash) {
        if (length < 0 || length % GROUP == 1) {
            return null;
        }
        byte[] bytes = new byte[length * 3 / GROUP];
        int bits = 0;
        int at = 0;
        for (int i = 0; i < length; i++) {
            int digit = digit(encoded.charAt(i), plus, slash);
            if (digit < 0) {
                return null;
            }
            bits = bits << 6 | digit;
            if (i % GROUP != 0) {
                bytes[at++] = (byte) (bits >> (6 - i % GROUP * 2));
            }
        }
        return bytes;
    }

    /** Returns the number of digits, or -1 if the padding is not what they need. */
    private static int lengthOf(String encoded) {
        int length = encoded.length();
        while (length > 0 && encoded.length() - length < 2 && encoded.charAt(length - 1) == '=') {
            length--;
        }
        return length == encoded.length() || encoded.length() % GROUP == 0 ? length : -1;
    }

    private static int digit(char c, char plus, char slash) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == plus ? 62 : c == slash ? 63 : -1;
    }
}
