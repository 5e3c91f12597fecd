package packagebroker.core.text;

/**
 * UTF-8, the same on both platforms. TeaVM's own {@code String.getBytes} swallows the character after a lone surrogate;
 * here a lone surrogate, like a malformed byte, becomes U+FFFD.
 */
public final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** Returns the bytes of a text. */
    public static byte[] encode(String text) {
        int length = text.length();
        byte[] bytes = new byte[length];
        int at = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return encodeRest(text, i, bytes, at);
            }
            bytes[at++] = (byte) c;
        }
        return bytes;
    }

    private static byte[] encodeRest(String text, int from, byte[] prefix, int prefixLength) {
        byte[] bytes = Bytes.grown(prefix, 0, prefixLength, prefixLength + 3 * (text.length() - from));
        int at = prefixLength;
        for (int i = from; i < text.length(); i++) {
            int point = pointAt(text, i);
            if (point >= 0x10000) {
                i++;
            }
            at = put(bytes, at, point);
        }
        return Bytes.part(bytes, 0, at);
    }

    private static int pointAt(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return c;
        }
        boolean pair =
                Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        return pair ? Character.toCodePoint(c, text.charAt(i + 1)) : REPLACEMENT;
    }

    private static int put(byte[] bytes, int start, int point) {
        int at = start;
        if (point < 0x80) {
            bytes[at++] = (byte) point;
            return at;
        }
        if (point < 0x800) {
            bytes[at++] = (byte) (0xC0 | (point >> 6));
        } else {
            if (point < 0x10000) {
                bytes[at++] = (byte) (0xE0 | (point >> 12));
            } else {
                bytes[at++] = (byte) (0xF0 | (point >> 18));
                bytes[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
            }
            bytes[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        }
        bytes[at++] = (byte) (0x80 | (point & 0x3F));
        return at;
    }

    /** Returns the text of some bytes. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** Returns a text with one character for each byte: no decoding, but ASCII parts of it read as they are. */
    public static String latin1(byte[] bytes) {
        char[] chars = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            chars[i] = (char) (bytes[i] & 0xFF);
        }
        return new String(chars);
    }

    /** Returns the text of the bytes from {@code start} to {@code end}. */
    public static String decode(byte[] bytes, int start, int end) {
        char[] chars = new char[end - start];
        int count = 0;
        int i = start;
        while (i < end) {
            int b = bytes[i] & 0xFF;
            if (b < 0x80) {
                chars[count++] = (char) b;
                i++;
                continue;
            }
            int size = sequenceLength(bytes, i, end);
            int point = size < 0 ? REPLACEMENT : pointOf(bytes, i, size);
            i += size < 0 ? -size : size;
            if (point >= 0x10000) {
                chars[count++] = Character.highSurrogate(point);
                chars[count++] = Character.lowSurrogate(point);
            } else {
                chars[count++] = (char) point;
            }
        }
        return new String(chars, 0, count);
    }

    /** Returns whether some bytes are UTF-8 throughout: no overlong form, no surrogate, nothing cut off. */
    public static boolean isWellFormed(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                int size = sequenceLength(bytes, i, bytes.length);
                if (size < 0) {
                    return false;
                }
                i += size - 1;
            }
        }
        return true;
    }

    /** Returns the length of the well-formed sequence (lead byte ≥ 0x80) at {@code i}, or minus the length of the malformed one. */
    public static int sequenceLength(byte[] bytes, int i, int end) {
        int lead = bytes[i] & 0xFF;
        int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4) {
            return -1;
        }
        for (int k = 1; k < size; k++) {
            int low = 0x80;
            int high = 0xBF;
            if (k == 1) {
                low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
                high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            }
            int next = i + k < end ? bytes[i + k] & 0xFF : -1;
            if (next < low || next > high) {
                return -k;
            }
        }
        return size;
    }

    private static int pointOf(byte[] bytes, int i, int size) {
        int point = bytes[i] & (size == 2 ? 0x1F : size == 3 ? 0x0F : 0x07);
        for (int k = 1; k < size; k++) {
            point = (point << 6) | (bytes[i + k] & 0x3F);
        }
        return point;
    }
}
