package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.upstream.GitKind;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Looks at repositories that have changed: reads the name of the package, lists tags and branches, and reads what is new of them. The
 * rows say how far each has come, so a step that was cut off is done again by the next one.
 */
final class Refs implements Chore {
    private static final int REQUESTS = 22;
    private static final int OTHER_QUERIES = 11;
    private static final int MAX_WAITING = 8;
    private static final long IDLE_MILLIS = 3_600_000; // Whoever finds something to look at wakes it.

    private final UpstreamStore upstreams;
    private final GitHosts hosts;
    private final GitStore store;
    private final Naming naming;
    private final Listing listing;
    private final Reading reading;

    Refs(UpstreamStore upstreams, GitHosts hosts, GitStore store) {
        this.upstreams = upstreams;
        this.hosts = hosts;
        this.store = store;
        this.naming = new Naming(store);
        this.listing = new Listing(store);
        this.reading = new Reading(store);
    }

    @Override
    public String kind() {
        return "refs";
    }

    @Override
    public List<String> subjects() {
        return subjects(upstreams);
    }

    /** Returns the ids of the enabled git hosts. */
    static List<String> subjects(UpstreamStore upstreams) {
        List<String> ids = new ArrayList<>();
        for (Source source : upstreams.sources()) {
            if (GitKind.find(source.kind()) != null) {
                ids.add(source.id());
            }
        }
        return ids;
    }

    @Override
    public Cost cost() {
        return new Cost(Listing.QUERIES + OTHER_QUERIES, REQUESTS);
    }

    /** Looks at the repositories that wait longest. */
    @Override
    public Progress step(Turn turn) {
        List<Source> sources = upstreams.sources();
        Source source = find(sources, turn.subject());
        if (source == null || source.frozen()) {
            return new Progress("", 0);
        }
        List<RepositoryRow> waiting = store.waiting(source.id(), turn.now(), MAX_WAITING);
        if (waiting.isEmpty()) {
            return new Progress("", IDLE_MILLIS);
        }
        Look look = new Look(sources, source, hosts.open(source, turn.now(), REQUESTS), turn.now());
        if (waiting.get(0).isDue()) {
            naming.read(look, same(waiting));
        } else {
            reading.read(look, listing.listed(look, same(waiting)));
        }
        store.putOff(look);
        return progress("", look.calls(), 0);
    }

    /** Returns those that are to begin, like the first, or those that have begun. */
    private static List<RepositoryRow> same(List<RepositoryRow> waiting) {
        List<RepositoryRow> same = new ArrayList<>(waiting);
        boolean due = waiting.get(0).isDue();
        same.removeIf(repository -> repository.isDue() != due);
        return same;
    }

    /** Returns how to go on after calls: not before the host wants to be called again. */
    static Progress progress(String cursor, Calls calls, long pauseMillis) {
        UpstreamException failure = calls.failure();
        if (failure != null && calls.isDown() && calls.pauseMillis() == 0) {
            throw failure; // The job has its own way of leaving a host alone that fails.
        }
        return new Progress(cursor, Math.max(pauseMillis, calls.pauseMillis()));
    }

    static @Nullable Source find(List<Source> sources, String id) {
        for (Source source : sources) {
            if (source.id().equals(id)) {
                return source;
            }
        }
        return null;
    }
}
