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
 * Keeps in step with a git host: walks through what is selected every few minutes, and meanwhile looks at the repositories that have
 * changed. The rows say how far each has come, so a step that was cut off is done again by the next one. The cursor is that of the walk
 * under way, or when the next one is due.
 */
final class Sync implements Chore {
    static final String KIND = "git";

    private static final int REQUESTS = 22;
    private static final int OTHER_QUERIES = 11;
    private static final int MAX_WAITING = 8;
    private static final long SHORT_MILLIS = 300_000;
    private static final long LONG_MILLIS = 1_800_000;

    private final UpstreamStore upstreams;
    private final GitHosts hosts;
    private final GitStore store;
    private final Repositories repositories;
    private final Naming naming;
    private final Listing listing;
    private final Reading reading;

    Sync(UpstreamStore upstreams, GitHosts hosts, GitStore store, Repositories repositories) {
        this.upstreams = upstreams;
        this.hosts = hosts;
        this.store = store;
        this.repositories = repositories;
        this.naming = new Naming(store);
        this.listing = new Listing(store);
        this.reading = new Reading(store);
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** Returns the ids of the enabled git hosts. */
    @Override
    public List<String> subjects() {
        List<String> ids = new ArrayList<>();
        for (Source source : upstreams.current()) {
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

    /** Goes on with a walk, or begins one, or looks at the repositories that wait longest. */
    @Override
    public Progress step(Turn turn) {
        List<Source> sources = upstreams.sources();
        Source source = find(sources, turn.subject());
        if (source == null || source.frozen()) {
            return new Progress(turn.cursor(), 0);
        }
        GitHost host = hosts.open(source, turn.now(), REQUESTS);
        boolean underWay = Walk.isUnderWay(turn.cursor());
        long due = underWay || turn.cursor().isEmpty() ? 0 : Long.parseLong(turn.cursor());
        if (due <= turn.now()) {
            Walk walk = new Walk(upstreams.selection(source.id()), turn.cursor());
            repositories.walk(walk, host, source.id(), turn);
            // A walk of several steps is repeated less often: the looks are to have their turns.
            long next = turn.now() + (underWay ? LONG_MILLIS : SHORT_MILLIS);
            return progress(walk.isAtEnd() ? "" + next : walk.cursor(), host.calls());
        }
        List<RepositoryRow> waiting = store.waiting(source.id(), turn.now(), MAX_WAITING);
        if (waiting.isEmpty()) {
            return new Progress(turn.cursor(), due - turn.now());
        }
        look(new Look(sources, source, host, turn.now()), waiting);
        return progress(turn.cursor(), host.calls());
    }

    private void look(Look look, List<RepositoryRow> waiting) {
        List<RepositoryRow> same = new ArrayList<>(waiting);
        boolean due = waiting.get(0).isDue();
        same.removeIf(repository -> repository.isDue() != due);
        if (due) {
            naming.read(look, same);
        } else {
            reading.read(look, listing.listed(look, same));
        }
        store.putOff(look);
    }

    /** Returns how to go on after calls: not before the host wants to be called again. */
    private static Progress progress(String cursor, Calls calls) {
        UpstreamException failure = calls.failure();
        if (failure != null && calls.isDown() && calls.pauseMillis() == 0) {
            throw failure; // The job has its own way of leaving a host alone that fails.
        }
        return new Progress(cursor, calls.pauseMillis());
    }

    private static @Nullable Source find(List<Source> sources, String id) {
        for (Source source : sources) {
            if (source.id().equals(id)) {
                return source;
            }
        }
        return null;
    }
}
