package packagebroker.core.composer;

/**
 * Computes MD5 (RFC 1321) of a text in UTF-8. No protection is sought: Composer shortens awkward references and versions
 * in URLs with it, at the client's side, so we must do the same. Ports offer SHA only, and Web Crypto has no MD5.
 */
final class Md5 {

    private static final String HEX = "0123456789abcdef";

    private static final int[] SINES = {
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
        0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
        0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
        0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
        0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391
    };

    // Four per round, used in turn.
    private static final int[] SHIFTS = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

    private Md5() {}

    /** Returns the digest in lower-case hex. */
    static String hex(String text) {
        byte[] message = padded(text);
        int[] state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
        int[] words = new int[16];
        for (int block = 0; block < message.length; block += 64) {
            for (int i = 0; i < 16; i++) {
                words[i] = wordAt(message, block + i * 4);
            }
            mix(state, words);
        }
        return hexOf(state);
    }

    private static void mix(int[] state, int[] words) {
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        for (int step = 0; step < 64; step++) {
            int sum = a + choose(step, b, c, d) + SINES[step] + words[wordOf(step)];
            a = d;
            d = c;
            c = b;
            b += Integer.rotateLeft(sum, SHIFTS[step / 16 * 4 + step % 4]);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    private static int choose(int step, int b, int c, int d) {
        return switch (step / 16) {
            case 0 -> (b & c) | (~b & d);
            case 1 -> (d & b) | (~d & c);
            case 2 -> b ^ c ^ d;
            default -> c ^ (b | ~d);
        };
    }

    private static int wordOf(int step) {
        return switch (step / 16) {
            case 0 -> step;
            case 1 -> (5 * step + 1) % 16;
            case 2 -> (3 * step + 5) % 16;
            default -> 7 * step % 16;
        };
    }

    private static int wordAt(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    private static String hexOf(int[] state) {
        StringBuilder hex = new StringBuilder(32);
        for (int i = 0; i < 16; i++) {
            int octet = state[i / 4] >>> (i % 4 * 8);
            hex.append(HEX.charAt((octet >> 4) & 15)).append(HEX.charAt(octet & 15));
        }
        return hex.toString();
    }

    /** Returns the text in UTF-8, a one bit, zeros up to a whole block, and the length in bits. */
    private static byte[] padded(String text) {
        // Three bytes hold any char; a pair of surrogates needs four, and is two chars.
        byte[] utf8 = new byte[text.length() * 3];
        int length = encode(text, utf8);
        byte[] message = new byte[(length + 8) / 64 * 64 + 64];
        System.arraycopy(utf8, 0, message, 0, length);
        message[length] = (byte) 0x80;
        long bits = length * 8L;
        for (int i = 0; i < 8; i++) {
            message[message.length - 8 + i] = (byte) (bits >>> (8 * i));
        }
        return message;
    }

    private static int encode(String text, byte[] into) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            int point = text.codePointAt(i);
            if (point > 0xffff) {
                i++;
            } else if (point >= 0xd800 && point <= 0xdfff) {
                point = 0xfffd;
            }
            length = put(point, into, length);
        }
        return length;
    }

    private static int put(int point, byte[] into, int at) {
        int end = at;
        if (point < 0x80) {
            into[end++] = (byte) point;
            return end;
        }
        int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        into[end++] = (byte) ((0xff00 >> (more + 1)) | (point >> (6 * more)));
        for (int shift = 6 * (more - 1); shift >= 0; shift -= 6) {
            into[end++] = (byte) (0x80 | ((point >> shift) & 0x3f));
        }
        return end;
    }
}
