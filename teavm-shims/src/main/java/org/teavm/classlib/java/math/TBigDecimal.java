package org.teavm.classlib.java.math;

/** Stands in for {@link java.math.BigDecimal}: see {@link TBigInteger}. */
public final class TBigDecimal {
    @SuppressWarnings("unused") // as the constant is
    public TBigDecimal(TBigInteger value) {}
}
