package packagebroker.core.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way forward through the sealed log, from the archive into the database, in a bounded number of steps. */
final class Walk {
    private final LogStore store;
    private final Archive archive;
    private final long until;
    private Seal last;
    private int stepsLeft;
    private boolean full;

    /** Where a walk begins, where it ends (a time), and after how many steps it is broken off. */
    record Way(Seal after, long until, int steps) {}

    Walk(LogStore store, Archive archive, Way way) {
        this.store = store;
        this.archive = archive;
        this.last = way.after();
        this.until = way.until();
        this.stepsLeft = way.steps();
    }

    /** Returns the next blocks, or none at the end. */
    List<Block> next() {
        if (last.at() >= until) {
            return List.of();
        }
        if (stepsLeft-- <= 0) {
            full = true;
            return List.of();
        }
        List<Block> blocks = archive.isBehind(last) ? archive.blocksAfter(last) : store.blocksAfter(last);
        int count = 0;
        while (count < blocks.size() && last.at() < until) {
            last = blocks.get(count++).seal();
        }
        return blocks.subList(0, count);
    }

    /** Returns the last seal that was passed. */
    Seal last() {
        return last;
    }

    /** Returns after which seal to go on, or null if the end was reached. */
    @Nullable
    Long goOnAfter() {
        return full ? last.number() : null;
    }
}
