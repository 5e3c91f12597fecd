package packagebroker.core.access;

import packagebroker.core.text.Base62;
import packagebroker.core.text.Crc32;

/**
 * The text of a token: {@code pkb}, a letter for its kind, {@code _}, 43 base62 digits of 256 random bits and 6 base62 digits
 * of the CRC-32 of all before them. Scanners recognise it, and a mistyped one is refused without asking anything.
 */
final class TokenText {
    private static final String PREFIX = "pkb";
    private static final int BODY = 43;
    private static final int CHECKSUM = 6;
    private static final int START = 5;
    private static final int LENGTH = START + BODY + CHECKSUM;

    private TokenText() {}

    /** Returns the token of 32 random bytes. */
    static String of(String prefix, TokenKind kind, byte[] random) {
        String text = prefix + kind.letter() + "_" + Base62.of(random, BODY);
        return text + checksum(text, text.length());
    }

    /** Returns a token of ours. */
    static String of(TokenKind kind, byte[] random) {
        return of(PREFIX, kind, random);
    }

    /** Returns whether a text has the form and the checksum of a token. */
    static boolean isWellFormed(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.charAt(START - 1) == '_'
                && Base62.isBase62(text, START, LENGTH)
                && text.endsWith(checksum(text, START + BODY));
    }

    /** Returns whether a well-formed text is one of a kind. */
    static boolean isOf(String text, TokenKind kind) {
        return text.charAt(START - 2) == kind.letter();
    }

    private static String checksum(String text, int length) {
        return Base62.of(Crc32.of(text, length), CHECKSUM);
    }
}
