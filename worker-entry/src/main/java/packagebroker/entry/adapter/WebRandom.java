package packagebroker.entry.adapter;

import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.port.Random;
import packagebroker.entry.js.SubtleCrypto;

/** Randomness of WebCrypto; without it every call throws. */
public final class WebRandom implements Random {
    private static final int MOST_AT_ONCE = 65_536;

    /** Creates one. */
    public WebRandom() {}

    @Override
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        Int8Array view = Int8Array.fromJavaArray(bytes);
        for (int at = 0; at < count; at += MOST_AT_ONCE) {
            SubtleCrypto.fillRandomly(view, at, Math.min(count, at + MOST_AT_ONCE));
        }
        return bytes;
    }

    /** Returns a number from 0 to {@code bound} - 1, to spread retries; not for secrets. */
    static int below(int bound) {
        byte[] two = new WebRandom().bytes(2);
        return (((two[0] & 0xFF) << 8) | (two[1] & 0xFF)) % bound;
    }
}
