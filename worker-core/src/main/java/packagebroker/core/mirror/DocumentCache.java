package packagebroker.core.mirror;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.upstream.UpstreamStore;

/**
 * What this isolate has read lately: rows of documents, their bytes where they are small, and names that are absent. Plain
 * data, bounded in bytes and in age.
 */
final class DocumentCache {
    private static final long MAX_BYTES = 24_000_000;
    private static final int MAX_DOCUMENT_BYTES = 1_000_000;
    private static final int ENTRY_BYTES = 500;

    private final long maxAgeMillis;
    private final UpstreamStore upstreams;
    private final Map<String, Entry> entries = new HashMap<>();
    private long bytes;
    private long epoch;

    /** What is known of a document; a null row means that it is absent. */
    record Entry(@Nullable DocumentRow row, byte @Nullable [] document, long readAt) {}

    /** Creates a cache that forgets everything when the upstreams change. */
    DocumentCache(int seconds, UpstreamStore upstreams) {
        this.maxAgeMillis = seconds * 1000L;
        this.upstreams = upstreams;
    }

    @Nullable
    Entry find(String file, long now) {
        if (maxAgeMillis == 0) {
            return null;
        }
        if (epoch != upstreams.epoch()) {
            clear();
        }
        Entry entry = entries.get(file);
        return entry == null || now - entry.readAt() >= maxAgeMillis ? null : entry;
    }

    /** Returns whether a document of this size is worth keeping. */
    boolean takes(long size) {
        return maxAgeMillis > 0 && size <= MAX_DOCUMENT_BYTES;
    }

    void keep(String file, Entry entry) {
        if (maxAgeMillis == 0 || entry.readAt() < upstreams.changedAt()) {
            return;
        }
        if (epoch != upstreams.epoch() || bytes + size(entry) > MAX_BYTES) {
            clear();
        }
        Entry before = entries.put(file, entry);
        bytes += size(entry) - (before == null ? 0 : size(before));
    }

    private void clear() {
        entries.clear();
        bytes = 0;
        epoch = upstreams.epoch();
    }

    void drop(String file) {
        Entry before = entries.remove(file);
        bytes -= before == null ? 0 : size(before);
    }

    private static int size(Entry entry) {
        byte[] document = entry.document();
        return ENTRY_BYTES + (document == null ? 0 : document.length);
    }
}
