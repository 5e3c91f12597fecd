package packagebroker.core.dist;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of the ledger that this isolate has read lately. They never change, so only their number and age are bounded. */
final class LedgerCache {
    private static final int MAX_ENTRIES = 20_000;

    private final long maxAgeMillis;
    private final Map<DistPath, Entry> entries = new HashMap<>();

    private record Entry(StoredDist dist, long readAt) {}

    LedgerCache(int seconds) {
        this.maxAgeMillis = seconds * 1000L;
    }

    @Nullable
    StoredDist find(DistPath path, long now) {
        if (maxAgeMillis == 0) {
            return null;
        }
        Entry entry = entries.get(path);
        return entry == null || now - entry.readAt() >= maxAgeMillis ? null : entry.dist();
    }

    void clear() {
        entries.clear();
    }

    void keep(DistPath path, StoredDist dist, long now) {
        if (maxAgeMillis == 0) {
            return;
        }
        if (entries.size() >= MAX_ENTRIES) {
            entries.clear();
        }
        entries.put(path, new Entry(dist, now));
    }
}
