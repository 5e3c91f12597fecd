package packagebroker.core.json;

import packagebroker.core.text.Ascii;
import packagebroker.core.text.Utf8;

/** The text level of a document that came from outside. */
public final class JsonText {
    private JsonText() {}

    /**
     * Makes a document safe to be cut into slices, in place: an escaped lone surrogate becomes an escaped U+FFFD, since PHP
     * refuses a whole file for one.
     *
     * @throws JsonException if the bytes are not UTF-8
     */
    public static byte[] clean(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            byte b = json[i];
            if (b == '\\') {
                i = cleanEscape(json, i);
            } else if (b < 0) {
                int size = Utf8.sequenceLength(json, i, json.length);
                if (size < 0) {
                    throw JsonException.malformed("expected UTF-8 but found another byte at " + i);
                }
                i += size - 1;
            }
        }
        return json;
    }

    /** Returns the index of the last byte of the escape that begins at {@code i}. */
    private static int cleanEscape(byte[] json, int i) {
        if (!isSurrogate(json, i, 0xD800, 0xDFFF)) {
            return i + 1;
        }
        if (isSurrogate(json, i, 0xD800, 0xDBFF) && isSurrogate(json, i + 6, 0xDC00, 0xDFFF)) {
            return i + 11;
        }
        json[i + 2] = 'f';
        json[i + 3] = 'f';
        json[i + 4] = 'f';
        json[i + 5] = 'd';
        return i + 5;
    }

    private static boolean isSurrogate(byte[] json, int i, int low, int high) {
        if (i + 5 >= json.length || json[i] != '\\' || json[i + 1] != 'u') {
            return false;
        }
        int unit = 0;
        for (int k = 2; k < 6; k++) {
            int digit = Ascii.hexDigit(json[i + k]);
            if (digit < 0) {
                return false;
            }
            unit = unit << 4 | digit;
        }
        return unit >= low && unit <= high;
    }
}
