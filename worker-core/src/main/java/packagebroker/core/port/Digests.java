package packagebroker.core.port;

import packagebroker.core.http.Body;

/** Hashing by the runtime. */
public interface Digests {
    /** Returns the SHA-256 of an array: 32 bytes. */
    byte[] sha256(byte[] bytes);

    /** Starts a SHA-256 over pieces. */
    Running sha256();

    /** Starts a SHA-1 over pieces; only to compare with a {@code shasum} that an upstream stated. */
    Running sha1();

    /** A digest under way. */
    interface Running {
        /** Adds a piece. */
        void update(Body piece);

        /** Returns the digest; nothing may be added afterwards. */
        byte[] finish();
    }
}
