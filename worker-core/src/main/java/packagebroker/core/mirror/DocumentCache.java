package packagebroker.core.mirror;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.upstream.UpstreamStore;

/**
 * What this isolate has read lately: rows of documents, their bytes where they are small, and names that are absent. Plain
 * data, bounded in bytes and in age.
 */
final class DocumentCache<R> {
    private static final int MAX_DOCUMENT_BYTES = 1_000_000;
    private static final int ENTRY_BYTES = 500;

    private final long maxAgeMillis;
    private final long maxBytes;
    private final UpstreamStore upstreams;
    private final Map<String, Entry<R>> entries = new HashMap<>();
    private long bytes;
    private long epoch;

    /** What is known of a document; a null row means that it is absent. */
    record Entry<R>(@Nullable R row, byte @Nullable [] document, long readAt) {}

    /** Creates a cache that forgets everything when the upstreams change. */
    DocumentCache(int seconds, long maxBytes, UpstreamStore upstreams) {
        this.maxAgeMillis = seconds * 1000L;
        this.maxBytes = maxBytes;
        this.upstreams = upstreams;
    }

    @Nullable
    Entry<R> find(String file, long now) {
        if (maxAgeMillis == 0) {
            return null;
        }
        if (epoch != upstreams.epoch()) {
            clear();
        }
        Entry<R> entry = entries.get(file);
        return entry == null || now - entry.readAt() >= maxAgeMillis ? null : entry;
    }

    /** Returns whether a document of this size is worth keeping. */
    boolean takes(long size) {
        return maxAgeMillis > 0 && size <= MAX_DOCUMENT_BYTES;
    }

    void keep(String file, Entry<R> entry) {
        if (maxAgeMillis == 0 || entry.readAt() < upstreams.changedAt()) {
            return;
        }
        if (epoch != upstreams.epoch() || bytes + size(entry) > maxBytes) {
            clear();
        }
        Entry<R> before = entries.put(file, entry);
        bytes += size(entry) - (before == null ? 0 : size(before));
    }

    private void clear() {
        entries.clear();
        bytes = 0;
        epoch = upstreams.epoch();
    }

    void drop(String file) {
        Entry<R> before = entries.remove(file);
        bytes -= before == null ? 0 : size(before);
    }

    private int size(Entry<R> entry) {
        byte[] document = entry.document();
        return ENTRY_BYTES + (document == null ? 0 : document.length);
    }
}
