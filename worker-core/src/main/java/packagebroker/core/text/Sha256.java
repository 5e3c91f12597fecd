package packagebroker.core.text;

/**
 * SHA-256 (FIPS 180-4) computed here and now: what the runtime hashes has to be waited for. For a token that costs twenty times as
 * much as the hash, and a row of the audit log gets its hash while the batch of its change is put together. Archives and documents
 * belong to the port {@code Digests}.
 */
public final class Sha256 {
    private static final int BLOCK = 64;
    private static final int WORDS = 16;

    private static final int[] ROUNDS = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };

    private Sha256() {}

    /** Returns the digest of a text in UTF-8: 32 bytes. Its arrays are so small that the runtime keeps them with its objects. */
    public static byte[] of(String text) {
        return of(Utf8.encode(text));
    }

    /** Returns the digest of bytes: 32 bytes. */
    public static byte[] of(byte[] bytes) {
        int[] state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
        int[] words = new int[WORDS];
        int length = (bytes.length + 8) / BLOCK * BLOCK + BLOCK;
        for (int block = 0; block < length; block += BLOCK) {
            for (int i = 0; i < WORDS; i++) {
                words[i] = wordAt(bytes, block + i * 4);
            }
            if (block + BLOCK == length) {
                words[WORDS - 1] = bytes.length * 8;
            }
            mix(state, words);
        }
        byte[] digest = new byte[32];
        for (int i = 0; i < digest.length; i++) {
            digest[i] = (byte) (state[i / 4] >>> (24 - i % 4 * 8));
        }
        return digest;
    }

    private static int wordAt(byte[] bytes, int at) {
        return byteAt(bytes, at) << 24
                | byteAt(bytes, at + 1) << 16
                | byteAt(bytes, at + 2) << 8
                | byteAt(bytes, at + 3);
    }

    /** Returns a byte of the padded message: behind the text comes a one bit, then zeros. */
    private static int byteAt(byte[] bytes, int at) {
        return at < bytes.length ? bytes[at] & 0xff : at == bytes.length ? 0x80 : 0;
    }

    /** Returns the word of a round; from the seventeenth on it takes the place of the one sixteen before. */
    private static int word(int[] words, int round) {
        int at = round % WORDS;
        if (round >= WORDS) {
            int early = words[(round + 1) % WORDS];
            int late = words[(round + 14) % WORDS];
            int low = Integer.rotateRight(early, 7) ^ Integer.rotateRight(early, 18) ^ (early >>> 3);
            int high = Integer.rotateRight(late, 17) ^ Integer.rotateRight(late, 19) ^ (late >>> 10);
            words[at] += low + words[(round + 9) % WORDS] + high;
        }
        return words[at];
    }

    private static void mix(int[] state, int[] words) {
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        int e = state[4];
        int f = state[5];
        int g = state[6];
        int h = state[7];
        for (int i = 0; i < ROUNDS.length; i++) {
            int high = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
            int low = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
            int first = h + high + ((e & f) ^ (~e & g)) + ROUNDS[i] + word(words, i);
            int second = low + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + first;
            d = c;
            c = b;
            b = a;
            a = first + second;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
