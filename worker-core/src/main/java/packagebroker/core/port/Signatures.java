package packagebroker.core.port;

/** Signing by the runtime. */
public interface Signatures {
    /** Returns the HMAC-SHA-256 of data: 32 bytes. */
    byte[] hmacSha256(byte[] key, byte[] data);

    /** Returns whether two arrays are equal, in time that depends only on their length. */
    default boolean sameBytes(byte[] left, byte[] right) {
        if (left.length != right.length) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < left.length; i++) {
            difference |= left[i] ^ right[i];
        }
        return difference == 0;
    }
}
