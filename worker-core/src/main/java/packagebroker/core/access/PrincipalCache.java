package packagebroker.core.access;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers who presented which Authorization header, in this isolate's memory only. Its age bounds how long a revoked token
 * may still pass. Filled only if nothing was dropped since the read began.
 */
public final class PrincipalCache {
    private static final int MAX_ENTRIES = 5_000;

    private final long maxAgeMillis;
    private final Map<String, Entry> entries = new HashMap<>();
    private long epoch;

    private record Entry(Principal principal, long readAt) {}

    /** Creates a cache whose entries live {@code seconds}; 0 remembers nothing. */
    public PrincipalCache(int seconds) {
        this.maxAgeMillis = seconds * 1000L;
    }

    /** Returns a number that moves with every {@link #clear}. */
    long epoch() {
        return epoch;
    }

    /** Returns who presented this header, or null. */
    @Nullable
    Principal find(String authorization, long now) {
        if (maxAgeMillis == 0) {
            return null;
        }
        Entry entry = entries.get(authorization);
        return entry == null || now - entry.readAt() >= maxAgeMillis ? null : entry.principal();
    }

    /** Remembers who presented a header, if {@code readEpoch} is still the epoch. */
    void keep(String authorization, Principal principal, long readEpoch, long readAt) {
        if (maxAgeMillis == 0 || readEpoch != epoch) {
            return;
        }
        if (entries.size() >= MAX_ENTRIES) {
            entries.clear();
        }
        entries.put(authorization, new Entry(principal, readAt));
    }

    /** Forgets everybody: a token or a setting has changed. */
    public void clear() {
        entries.clear();
        epoch++;
    }
}
