package packagebroker.core.text;

import org.jspecify.annotations.Nullable;

/** Percent-encoding, decoded exactly once. */
public final class Percent {
    private static final String HEX = "0123456789ABCDEF";

    private Percent() {}

    /** Returns the decoded text, or null if it is malformed or holds a control character. */
    public static @Nullable String decode(String text) {
        if (text.indexOf('%') < 0) {
            return hasControl(text) ? null : text;
        }
        byte[] bytes = Utf8.encode(text);
        int count = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                int high = i + 2 < bytes.length ? Ascii.hexDigit(bytes[i + 1]) : -1;
                int low = i + 2 < bytes.length ? Ascii.hexDigit(bytes[i + 2]) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes[count++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[count++] = bytes[i];
            }
        }
        String decoded = Utf8.decode(bytes, 0, count);
        return hasControl(decoded) || decoded.indexOf('\uFFFD') >= 0 ? null : decoded;
    }

    /** Returns a text fit to be part of a URL's path: slashes and unreserved characters as they are, others encoded. */
    public static String encodePath(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return encode(text);
            }
        }
        return text;
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 20);
        for (byte b : Utf8.encode(text)) {
            char c = (char) (b & 0xFF);
            if (isPlain(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') || "_~+@".indexOf(c) >= 0;
    }

    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7F) {
                return true;
            }
        }
        return false;
    }
}
