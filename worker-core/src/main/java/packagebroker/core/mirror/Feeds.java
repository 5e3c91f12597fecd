package packagebroker.core.mirror;

import java.util.List;
import java.util.Map;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.port.Log;
import packagebroker.core.upstream.ChangeFeed;
import packagebroker.core.upstream.ComposerRepository;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Asks the upstreams that have one for their list of changes. What they say only makes copies stale that they own: what a
 * document holds is still read from the upstream itself.
 */
public final class Feeds implements Chore {
    private static final long NONE_MILLIS = 3_600_000;
    private static final long BACK_MILLIS = 300_000;
    private static final int PAGE = 500;

    private final UpstreamStore upstreams;
    private final ComposerRepository repository;
    private final FeedStore store;
    private final Log log;
    private final long negativeMillis;

    /** Creates them; a name that an upstream has deleted is absent for {@code negativeSeconds} before anybody is asked. */
    public Feeds(
            UpstreamStore upstreams, ComposerRepository repository, FeedStore store, Log log, int negativeSeconds) {
        this.upstreams = upstreams;
        this.repository = repository;
        this.store = store;
        this.log = log;
        this.negativeMillis = negativeSeconds * 1000L;
    }

    @Override
    public String kind() {
        return "feed";
    }

    /** Returns the ids of the enabled Composer repositories. */
    @Override
    public List<String> subjects() {
        return upstreams.ids();
    }

    @Override
    public Cost cost() {
        return new Cost(9, 8);
    }

    /** Returns true: a new version shows within a minute. */
    @Override
    public boolean isUrgent() {
        return true;
    }

    /**
     * Asks once, or makes a page of documents stale while a resync is under way. The cursor is the time to ask with, and in a
     * resync the last name that was looked at.
     */
    @Override
    public Progress step(Turn turn) {
        Source source = Routing.find(upstreams.sources(), turn.subject());
        if (source == null) {
            return new Progress("", NONE_MILLIS);
        }
        if (source.frozen()) {
            return new Progress(turn.cursor(), 0); // What has changed meanwhile is asked for when it is over.
        }
        int space = turn.cursor().indexOf(' ');
        if (space > 0) {
            return resync(
                    source, turn.cursor().substring(0, space), turn.cursor().substring(space + 1));
        }
        // A little back at first: a clock may differ, and what changed while the first copies were made must not be
        // missed.
        long since =
                turn.cursor().isEmpty() ? (turn.now() - BACK_MILLIS) * ChangeFeed.UNITS : Long.parseLong(turn.cursor());
        ChangeFeed feed = repository.changes(source, since);
        if (feed == null) {
            return new Progress("", NONE_MILLIS);
        }
        if (feed.isResync()) {
            log.write("info", "feed.resync", "upstream", source.id());
            store.forgetAbsent();
            return new Progress(feed.timestamp() + " ", 0);
        }
        apply(source, feed.files(), turn.now());
        return new Progress("" + feed.timestamp(), 0);
    }

    private void apply(Source source, Map<PackageFile, Boolean> files, long now) {
        FeedStore.Changes changes = new FeedStore.Changes(source.id(), now, now + negativeMillis);
        for (Map.Entry<PackageFile, Boolean> file : files.entrySet()) {
            if (source.serves(file.getKey().name())) {
                changes.add(file.getKey(), file.getValue());
            }
        }
        int touched = store.apply(changes);
        if (touched > 0) {
            log.write("info", "feed.applied", "upstream", source.id(), "documents", "" + touched);
        }
    }

    private Progress resync(Source source, String timestamp, String after) {
        String last = store.markOwned(source.id(), after, PAGE);
        return new Progress(last == null ? timestamp : timestamp + " " + last, 0);
    }
}
