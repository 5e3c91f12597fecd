package org.teavm.classlib.java.math;

/** Stands in for {@link java.math.BigInteger}, of which Jackson makes four constants that only its own number parsing uses. */
public final class TBigInteger {
    private static final TBigInteger UNUSED = new TBigInteger();

    private TBigInteger() {}

    @SuppressWarnings("unused") // as the constant is
    public static TBigInteger valueOf(long value) {
        return UNUSED;
    }
}
