package packagebroker.core.testing;

import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.EdgeCache;

/** The cache that forgets everything, as on workers.dev. */
public final class NoEdgeCache implements EdgeCache {
    @Override
    public @Nullable Body find(String key) {
        return null;
    }

    @Override
    public void keep(String key, Body piece, int seconds) {}
}
