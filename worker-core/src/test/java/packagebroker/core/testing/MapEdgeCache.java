package packagebroker.core.testing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.Clock;
import packagebroker.core.port.EdgeCache;

/** A cache that remembers for as long as it was asked to. */
public final class MapEdgeCache implements EdgeCache {
    private final Map<String, Kept> kept = new HashMap<>();
    private final Clock clock;

    /** Creates an empty cache. */
    public MapEdgeCache(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized @Nullable Body find(String key) {
        Kept found = kept.get(key);
        return found == null || found.until() <= clock.millis() ? null : StreamBody.of(Pieces.of(found.piece()));
    }

    @Override
    public synchronized void keep(String key, Body piece, int seconds) {
        kept.put(key, new Kept(Body.of(Pieces.of(piece)), clock.millis() + 1000L * seconds));
    }

    /** Forgets everything, which the platform may do at any time. */
    public synchronized void forget() {
        kept.clear();
    }

    private record Kept(Body piece, long until) {}
}
