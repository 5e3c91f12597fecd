package packagebroker.core.port;

import org.jspecify.annotations.Nullable;

/** Authenticated encryption by the runtime: AES-256-GCM with keys derived by HKDF-SHA-256. */
public interface Vault {
    /** Returns {@code length} bytes derived from a key (RFC 5869). */
    byte[] derive(byte[] key, byte[] salt, byte[] info, int length);

    /** Returns ciphertext and 16-byte tag; the key has 32 bytes, the nonce 12 and is used once. */
    byte[] seal(byte[] key, byte[] nonce, byte[] associated, byte[] plain);

    /** Returns the plain bytes, or null if key, nonce, associated data or ciphertext are not the ones sealed. */
    byte @Nullable [] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed);
}
