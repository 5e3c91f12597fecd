package packagebroker.core.port;

import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;

/**
 * The cache of this data centre, for content under keys that name its digest. It may forget at any time and is absent on
 * workers.dev: every call is guarded, and a failure is a miss.
 */
public interface EdgeCache {
    /** Returns the bytes kept under a key, or null. */
    @Nullable
    Body find(String key);

    /** Keeps a piece for up to {@code seconds}. */
    void keep(String key, Body piece, int seconds);
}
