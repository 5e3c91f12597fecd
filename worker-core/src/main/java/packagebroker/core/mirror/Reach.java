package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamStore;

/** How far somebody reaches to whom only the packages of some upstreams are open. */
public final class Reach {
    private final DocumentStore store;
    private final UpstreamStore upstreams;

    Reach(DocumentStore store, UpstreamStore upstreams) {
        this.store = store;
        this.upstreams = upstreams;
    }

    /**
     * Returns a request as such a caller makes it: as long as nobody owns the name, no other upstream is asked. Null if it belongs to
     * another.
     *
     * @param open the ids of the upstreams; empty if all are open
     */
    public Mirror.@Nullable Ask within(Mirror.Ask ask, List<String> open) {
        if (open.isEmpty()) {
            return ask;
        }
        String owner = store.findOwner(ask.name());
        if (owner != null) {
            return open.contains(owner) ? ask : null;
        }
        List<Source> candidates = new ArrayList<>(ask.candidates(upstreams.sources(), null));
        candidates.removeIf(source -> !open.contains(source.id()));
        return new Mirror.Ask(ask.name(), ask.dev(), ask.baseUrl(), ask.cause(), candidates);
    }
}
