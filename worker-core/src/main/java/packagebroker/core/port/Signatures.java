package packagebroker.core.port;

/** Signing by the runtime. */
public interface Signatures {
    /** Returns the HMAC-SHA-256 of data: 32 bytes. */
    byte[] hmacSha256(byte[] key, byte[] data);

    /** Returns the public key (32 bytes) of an Ed25519 private key, which is any 32 random bytes (RFC 8032). */
    byte[] ed25519PublicKey(byte[] privateKey);

    /** Returns the Ed25519 signature of data: 64 bytes. */
    byte[] ed25519(byte[] privateKey, byte[] data);

    /** Returns whether a signature of data was made with the private key that belongs to a public one. */
    boolean isEd25519(byte[] publicKey, byte[] data, byte[] signature);

    /**
     * Returns whether a signature of data is RSASSA-PKCS1-v1_5 with SHA-256 by the private key that belongs to a public one;
     * false, too, where the key is none.
     *
     * @param modulus as a JSON Web Key has it: base64url without padding
     * @param exponent likewise
     */
    boolean isRs256(String modulus, String exponent, byte[] data, byte[] signature);

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
