package packagebroker.core.testing;

import java.security.SecureRandom;
import packagebroker.core.port.Random;

/** Randomness of the JDK. */
public final class JcaRandom implements Random {
    private final SecureRandom random = new SecureRandom();

    @Override
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
