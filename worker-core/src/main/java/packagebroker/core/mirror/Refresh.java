package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Looks at documents before anybody waits for them: first those that are known to have changed upstream, then, walking through
 * all, those that nobody has looked at for a day. A few a minute, so that an upstream that is away for long is answered for
 * with what it had lately, and a retag or a removal is noticed although nobody asks.
 */
public final class Refresh implements Chore {
    private static final long OLD_MILLIS = 86_400_000;
    private static final long IDLE_MILLIS = 180_000;
    private static final int PER_STEP = 2;
    private static final int PAGE = 20;
    private static final int QUERIES_EACH = 9;
    private static final int REQUESTS_EACH = 11;

    private final FeedStore store;
    private final Mirror mirror;
    private final Log log;

    /** Creates the refresh. */
    public Refresh(FeedStore store, Mirror mirror, Log log) {
        this.log = log;
        this.store = store;
        this.mirror = mirror;
    }

    @Override
    public String kind() {
        return "refresh";
    }

    @Override
    public Cost cost() {
        return new Cost(1 + PER_STEP + PER_STEP * QUERIES_EACH, PER_STEP * REQUESTS_EACH);
    }

    /** Looks at a few documents; the cursor is the last file of the walk. */
    @Override
    public Progress step(Turn turn) {
        if (mirror.isFrozen()) {
            return new Progress(turn.cursor(), 0); // What is marked stays so.
        }
        List<PackageFile> files = new ArrayList<>(store.takeMarked(PER_STEP));
        String cursor = turn.cursor();
        if (files.size() < PER_STEP) {
            cursor = walk(turn, files);
        }
        for (PackageFile file : files) {
            renew(file, turn);
        }
        return new Progress(cursor, files.isEmpty() && cursor.isEmpty() ? IDLE_MILLIS : 0);
    }

    private void renew(PackageFile file, Turn turn) {
        try {
            mirror.renew(new Mirror.Ask(file.name(), file.dev(), turn.baseUrl(), turn.cause()));
        } catch (ObjectStoreException e) {
            // One whose object is lost must not hold up all others; who asks for it is told, and so does the scrub.
            log.failure("refresh.failed", e, "document", file.toString());
        }
    }

    /** Adds the next old document to the files, and returns where the walk has come to. */
    private String walk(Turn turn, List<PackageFile> files) {
        List<FeedStore.Seen> page = store.walk(PackageFile.find(turn.cursor()), turn.now() - OLD_MILLIS, PAGE);
        for (FeedStore.Seen seen : page) {
            if (seen.isOld()) {
                files.add(seen.file());
                return seen.file().toString();
            }
        }
        return page.size() < PAGE ? "" : page.get(PAGE - 1).file().toString();
    }
}
