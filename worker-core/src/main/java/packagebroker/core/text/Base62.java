package packagebroker.core.text;

import java.util.Arrays;

/** Numbers in the alphabet 0-9A-Za-z, big-endian, padded with zeros to a fixed width. */
public final class Base62 {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Base62() {}

    /** Returns the unsigned number in {@code bytes} as {@code width} digits; what does not fit is cut off at the left. */
    public static String of(byte[] bytes, int width) {
        char[] digits = new char[width];
        Arrays.fill(digits, '0');
        int[] number = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            number[i] = bytes[i] & 0xFF;
        }
        for (int d = width - 1; d >= 0; d--) {
            digits[d] = ALPHABET.charAt(divide(number));
        }
        return new String(digits);
    }

    /** Divides in place by 62 and returns the remainder. */
    private static int divide(int[] number) {
        int remainder = 0;
        for (int i = 0; i < number.length; i++) {
            int value = remainder << 8 | number[i];
            number[i] = value / 62;
            remainder = value % 62;
        }
        return remainder;
    }

    /** Returns whether the characters from {@code start} to {@code end} are all of the alphabet. */
    public static boolean isBase62(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean known = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!known) {
                return false;
            }
        }
        return true;
    }
}
