package packagebroker.core.testing;

import packagebroker.core.port.Random;

/** Randomness that is the same each time: two instances that do the same know the same. */
public final class SeededRandom implements Random {
    private final java.util.Random random;

    /** Creates it. */
    public SeededRandom(long seed) {
        random = new java.util.Random(seed);
    }

    @Override
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
