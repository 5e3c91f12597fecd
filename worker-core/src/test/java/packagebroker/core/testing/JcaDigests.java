package packagebroker.core.testing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;

/** Digests of the JDK. */
public class JcaDigests implements Digests {
    @Override
    public byte[] sha256(byte[] bytes) {
        return digest("SHA-256").digest(bytes);
    }

    @Override
    public Running sha256() {
        return new JcaRunning(digest("SHA-256"));
    }

    @Override
    public Running sha1() {
        return new JcaRunning(digest("SHA-1"));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record JcaRunning(MessageDigest digest) implements Running {
        @Override
        public void update(Body piece) {
            digest.update(Pieces.of(piece));
        }

        @Override
        public byte[] finish() {
            return digest.digest();
        }
    }
}
