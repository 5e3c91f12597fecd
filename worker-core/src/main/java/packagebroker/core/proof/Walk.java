package packagebroker.core.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Row;

/** A way forward through the sealed log, from the archive into the database, in a bounded number of steps. */
final class Walk {
    private final LogStore store;
    private final Archive archive;
    private final @Nullable Long to;
    private Seal last;
    private int stepsLeft;
    private boolean archived = true;
    private boolean eventsPassed;
    private boolean readsPassed;
    private boolean goesOn;

    /** Where a walk begins, up to which time it wants events (null: all), and after how many steps it is broken off. */
    record Way(Seal after, @Nullable Long to, int steps) {}

    Walk(LogStore store, Archive archive, Way way) {
        this.store = store;
        this.archive = archive;
        this.last = way.after();
        this.to = way.to();
        this.stepsLeft = way.steps();
    }

    /** Notes that more is to be sealed than was: a walk that comes to the end of the seals is not at its end then. */
    void expectMore() {
        goesOn = true;
    }

    /** Returns the next blocks, or none at the end. */
    List<Block> next() {
        if (hasPassed()) {
            goesOn = false;
            return List.of();
        }
        if (stepsLeft-- <= 0) {
            goesOn = true;
            return List.of();
        }
        List<Block> blocks = following();
        int count = 0;
        while (count < blocks.size() && !hasPassed()) {
            Block block = blocks.get(count++);
            pass(block);
            last = block.seal();
        }
        return blocks.subList(0, count);
    }

    private List<Block> following() {
        List<Block> blocks = archived ? archive.blocksAfter(last) : List.of();
        if (blocks.isEmpty()) {
            archived = false;
            blocks = store.blocksAfter(last);
            if (!isWhole(blocks)) {
                // They may have moved while they were read.
                List<Block> moved = archive.blocksAfter(last);
                archived = !moved.isEmpty();
                blocks = archived ? moved : blocks;
            }
        }
        return blocks;
    }

    /** Returns whether the blocks follow the last one and have all their rows. */
    private boolean isWhole(List<Block> blocks) {
        long number = last.number();
        long entries = last.entries();
        for (Block block : blocks) {
            entries += block.events().size() + block.reads().size();
            if (block.seal().number() != ++number || block.seal().entries() != entries) {
                return false;
            }
        }
        return true;
    }

    private boolean hasPassed() {
        return eventsPassed && readsPassed;
    }

    /**
     * Notes in which streams nothing can follow that is wanted: where a row was written later than a wanted one can have been, or
     * where a seal that was made so late found none.
     */
    private void pass(Block block) {
        if (to != null) {
            long until = to + Filter.WRITTEN_WITHIN_MILLIS;
            long at = block.seal().at();
            eventsPassed |= lastTime(block.events(), "at", at) > until;
            readsPassed |= lastTime(block.reads(), "to_at", at) > until;
        }
    }

    private static long lastTime(List<Row> rows, String column, long otherwise) {
        return rows.isEmpty() ? otherwise : rows.get(rows.size() - 1).number(column);
    }

    /** Returns the last seal that was passed. */
    Seal last() {
        return last;
    }

    /** Returns the time up to which events are wanted, or null if all are. */
    @Nullable
    Long to() {
        return to;
    }

    /** Returns after which seal to go on, or null if the end was reached. */
    @Nullable
    Long goOnAfter() {
        return goesOn ? last.number() : null;
    }
}
