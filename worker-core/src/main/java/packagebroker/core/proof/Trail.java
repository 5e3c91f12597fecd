package packagebroker.core.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Ports;

/** The log, from its first row to its newest seal, wherever the parts of it lie. */
public final class Trail {
    /** Of some megabytes and three statements each: a request has 50. */
    private static final int MAX_STEPS = 8;

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
    Walk from(long from, @Nullable Long to) {
        Seal before = store.findSealBefore(from);
        Seal after = before == null ? archive.sealBefore(from) : before;
        return walk(after, to);
    }

    /** Returns a walk that goes on after a seal; one in the middle of an archived part begins with that part. */
    Walk after(long number, @Nullable Long to) {
        Seal seal = store.findSeal(number);
        return walk(seal == null ? archive.sealUpto(number) : seal, to);
    }

    /** What is gone since its retention is over is passed over: the rest hangs on the last seal of it. */
    private Walk walk(Seal after, @Nullable Long to) {
        Seal gone = archive.expiredUpto();
        return new Walk(store, archive, new Walk.Way(after.number() < gone.number() ? gone : after, to, MAX_STEPS));
    }

    /** A few sealed blocks as lines of an export. */
    public record Parcel(long first, long last, String lines) {}

    /** Returns what follows a seal, some characters of it but at least one block; or null if nothing follows. */
    public @Nullable Parcel parcelAfter(long number, int enough) {
        List<Block> blocks = after(number, null).next();
        if (blocks.isEmpty()) {
            return null;
        }
        StringBuilder lines = new StringBuilder();
        long last = number;
        for (Block block : blocks) {
            String more = block.lines();
            if (lines.length() > 0 && lines.length() + more.length() > enough) {
                break;
            }
            lines.append(more);
            last = block.seal().number();
        }
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
