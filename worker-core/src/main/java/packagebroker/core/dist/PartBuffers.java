package packagebroker.core.dist;

import packagebroker.core.port.Clock;

/**
 * Counts the parts of archives that this isolate holds in memory: at most 40 MiB at a time, since all requests share its
 * 128 MB. A part is lent for a minute; a request that was cut off never gives it back, so it then counts as returned.
 */
public final class PartBuffers {
    /** The size of a part, in bytes: the least that R2 takes. */
    static final int PART = 5 << 20;

    private static final int MAX_PARTS = 8;
    private static final long LEASE_MILLIS = 60_000;
    private static final int WAIT_MILLIS = 10_000;
    private static final int STEP_MILLIS = 100;

    private final Clock clock;
    private final long[] lentUntil = new long[MAX_PARTS];
    private int peak;

    /** Creates the buffers of an isolate. */
    public PartBuffers(Clock clock) {
        this.clock = clock;
    }

    /**
     * Lends a part and returns its number.
     *
     * @throws DistsBusy if none is free within 10 s
     */
    int lend() {
        for (int waited = 0; ; waited += STEP_MILLIS) {
            long now = clock.millis();
            for (int i = 0; i < MAX_PARTS; i++) {
                if (lentUntil[i] <= now) {
                    lentUntil[i] = now + LEASE_MILLIS;
                    peak = Math.max(peak, held());
                    return i;
                }
            }
            if (waited >= WAIT_MILLIS) {
                throw new DistsBusy();
            }
            clock.pause(STEP_MILLIS);
        }
    }

    /** Keeps a part for another minute. */
    void renew(int part) {
        lentUntil[part] = clock.millis() + LEASE_MILLIS;
    }

    /** Gives a part back. */
    void giveBack(int part) {
        lentUntil[part] = 0;
    }

    /** Returns the bytes held now. */
    public long heldBytes() {
        return (long) held() * PART;
    }

    /** Returns the most bytes ever held. */
    public long peakBytes() {
        return (long) peak * PART;
    }

    private int held() {
        int held = 0;
        long now = clock.millis();
        for (long until : lentUntil) {
            held += until > now ? 1 : 0;
        }
        return held;
    }
}
