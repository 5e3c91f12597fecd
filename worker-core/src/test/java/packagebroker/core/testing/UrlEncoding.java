package packagebroker.core.testing;

import java.util.Locale;
import packagebroker.core.text.Utf8;

/**
 * The percent-encode sets of the URL standard, named by what they encode besides controls and everything beyond ASCII.
 */
final class UrlEncoding {
    static final String CONTROL = "";
    static final String FRAGMENT = " \"<>`";
    static final String QUERY = " \"#<>";
    static final String SPECIAL_QUERY = QUERY + "'";
    static final String PATH = QUERY + "?^`{}";
    static final String USER = PATH + "/:;=@[\\]|";

    private UrlEncoding() {}

    static String encode(String text, String set) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : Utf8.encode(text)) {
            char c = (char) (b & 0xFF);
            if (c > 0x1F && c < 0x7F && set.indexOf(c) < 0) {
                encoded.append(c);
            } else {
                String digits = Integer.toHexString(c).toUpperCase(Locale.ROOT);
                encoded.append(digits.length() == 1 ? "%0" : "%").append(digits);
            }
        }
        return encoded.toString();
    }

    /** Decodes what is percent-encoded and leaves other percent signs. */
    static String decode(String text) {
        byte[] bytes = Utf8.encode(text);
        byte[] decoded = new byte[bytes.length];
        int count = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean encoded =
                    bytes[i] == '%' && i + 2 < bytes.length && digit(bytes[i + 1]) >= 0 && digit(bytes[i + 2]) >= 0;
            decoded[count++] = encoded ? (byte) (digit(bytes[i + 1]) * 16 + digit(bytes[i + 2])) : bytes[i];
            i += encoded ? 2 : 0;
        }
        return Utf8.decode(decoded, 0, count);
    }

    private static int digit(byte b) {
        return b < 0 ? -1 : Character.digit(b, 16);
    }
}
