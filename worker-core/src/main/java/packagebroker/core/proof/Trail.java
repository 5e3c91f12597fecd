package packagebroker.core.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Ports;

/** The log, from its first row to its newest seal, wherever the parts of it lie. */
public final class Trail {
    private static final int MAX_STEPS = 40;

    private final LogStore store;
    private final Archive archive;
    private final SearchStore rows;

    /** Creates the trail. */
    public Trail(Ports ports, Archive archive) {
        this.store = new LogStore(ports.database());
        this.rows = new SearchStore(ports.database());
        this.archive = archive;
    }

    /** Returns a walk over what was sealed from a time on, which ends behind another time. */
    Walk from(long from, long to) {
        Seal before = store.findSealBefore(from);
        Seal after = before == null ? archive.sealBefore(from) : before;
        return walk(after, to);
    }

    /** Returns a walk that goes on after a seal; one in the middle of an archived part begins with that part. */
    Walk after(long number, long to) {
        Seal seal = store.findSeal(number);
        return walk(seal == null ? archive.sealUpto(number) : seal, to);
    }

    private Walk walk(Seal after, long to) {
        return new Walk(store, archive, new Walk.Way(after, to + Filter.SEALED_WITHIN_MILLIS, MAX_STEPS));
    }

    /** A few sealed blocks as lines of an export. */
    public record Parcel(long first, long last, String lines) {}

    /** Returns what follows a seal, or null if nothing does. */
    public @Nullable Parcel parcelAfter(long number) {
        List<Block> blocks = after(number, 1L << 52).next();
        if (blocks.isEmpty()) {
            return null;
        }
        StringBuilder lines = new StringBuilder();
        for (Block block : blocks) {
            lines.append(block.lines());
        }
        long last = blocks.get(blocks.size() - 1).seal().number();
        return new Parcel(blocks.get(0).seal().number(), last, lines.toString());
    }

    /** Returns the newest signed checkpoint, or null if there is none yet. */
    public @Nullable String findNewestNote() {
        Seal newest = store.findNewest();
        return newest == null ? null : newest.note();
    }

    /** Returns a search. */
    Search search() {
        return new Search(rows, store, archive);
    }

    /** Returns the seals in the database. */
    LogStore seals() {
        return store;
    }
}
