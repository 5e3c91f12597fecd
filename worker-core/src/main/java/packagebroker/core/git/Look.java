package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Statement;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;

/** A step's look at some repositories: at which host, when, and which of them have to be put off. */
final class Look {
    private final List<Source> sources;
    private final Source source;
    private final GitHost host;
    private final long now;
    private final List<Object> putOff = new ArrayList<>();

    /** Creates it; {@code sources} are all upstreams by priority. */
    Look(List<Source> sources, Source source, GitHost host, long now) {
        this.sources = sources;
        this.source = source;
        this.host = host;
        this.now = now;
    }

    List<Source> sources() {
        return sources;
    }

    Source source() {
        return source;
    }

    String upstream() {
        return source.id();
    }

    GitHost host() {
        return host;
    }

    Calls calls() {
        return host.calls();
    }

    long now() {
        return now;
    }

    /**
     * Returns whether the last call was answered, be it that nothing is there. Else the repository is put off: for an hour, or to the
     * end of the line if it is the host that fails.
     */
    boolean isAnswered(RepositoryRow repository) {
        UpstreamException failure = calls().failure();
        if (failure != null) {
            putOff(repository, failure.text());
        }
        return failure == null;
    }

    /** Has a repository wait. */
    void putOff(RepositoryRow repository, String problem) {
        putOff.add(List.of(repository.id(), calls().isDown() ? "" : problem));
    }

    /** Returns the statement that puts repositories off, or null if there are none. */
    @Nullable
    Statement putOffs() {
        return putOff.isEmpty() ? null : GitStore.putOff(upstream(), putOff, now);
    }
}
