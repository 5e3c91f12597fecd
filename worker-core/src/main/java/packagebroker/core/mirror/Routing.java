package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.upstream.Source;

/**
 * Who may be asked for a name: its owner and nobody else; without one, the upstreams whose patterns match, by priority, and
 * only the exclusive ones where there are any.
 */
public final class Routing {
    private Routing() {}

    /** Returns who may be asked, in the order in which they are. */
    public static List<Source> candidates(List<Source> byPriority, PackageName name, @Nullable String owner) {
        if (owner != null) {
            Source source = find(byPriority, owner);
            return source == null ? List.of() : List.of(source);
        }
        List<Source> shared = new ArrayList<>();
        List<Source> exclusive = new ArrayList<>();
        for (Source source : byPriority) {
            if (source.serves(name)) {
                (source.exclusive() ? exclusive : shared).add(source);
            }
        }
        return exclusive.isEmpty() ? shared : exclusive;
    }

    /** Returns the source of an id, or null. */
    public static @Nullable Source find(List<Source> sources, String id) {
        for (Source source : sources) {
            if (source.id().equals(id)) {
                return source;
            }
        }
        return null;
    }
}
