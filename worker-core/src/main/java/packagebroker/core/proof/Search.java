package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Row;

/**
 * Finds events, newest first, page by page: in the database, then in the archive. A page looks at a bounded part of the log,
 * so it may hold few events or none although more follow.
 */
final class Search {
    private final SearchStore store;
    private final LogStore seals;
    private final Archive archive;

    Search(SearchStore store, LogStore seals, Archive archive) {
        this.store = store;
        this.seals = seals;
        this.archive = archive;
    }

    /** What was found, and where to go on; null at the end. */
    record Page(List<LogEvent> events, @Nullable Mark next) {}

    /**
     * Where a search stands: in the database, below the event {@code first} and below line {@code line} of segment
     * {@code second}; or in the archive part up to seal {@code first}, of which {@code line} events were looked at.
     */
    record Mark(boolean archived, long first, long second, long line) {
        /** Returns the mark of a text, or null. */
        static @Nullable Mark find(String text) {
            long[] numbers = new long[3];
            int from = 1;
            for (int i = 0; i < 3; i++) {
                int dot = i == 2 ? text.length() : text.indexOf('.', from);
                try {
                    numbers[i] = dot < from ? -1 : Long.parseLong(text.substring(from, dot));
                } catch (NumberFormatException e) {
                    return null;
                }
                if (numbers[i] < 0 || numbers[i] > 1L << 52) {
                    return null;
                }
                from = dot + 1;
            }
            boolean archived = text.startsWith("a");
            return archived || text.startsWith("d") ? new Mark(archived, numbers[0], numbers[1], numbers[2]) : null;
        }

        /** Returns the mark as text. */
        String text() {
            return (archived ? "a" : "d") + first + "." + second + "." + line;
        }
    }

    /** Returns a page of at most {@code limit} events, from the beginning or from a mark. */
    Page page(Filter filter, @Nullable Mark mark, int limit) {
        Mark from = mark == null ? start(filter) : mark;
        return from.archived() ? archived(filter, from, limit) : inDatabase(filter, from, limit);
    }

    private Mark start(Filter filter) {
        SearchStore.Position after = store.after(filter.to() + Filter.WRITTEN_WITHIN_MILLIS);
        return new Mark(false, after.events(), after.reads(), 0);
    }

    private Page inDatabase(Filter filter, Mark mark, int limit) {
        Seal archived = archive.newestSeal();
        Seal before = seals.findSealBefore(filter.from());
        Seal floor = before == null || before.number() < archived.number() ? archived : before;
        SearchStore.Position downTo = new SearchStore.Position(
                Math.max(floor.auditUpto() + 1, mark.first() - SearchStore.EVENTS),
                Math.max(floor.segmentUpto() + 1, mark.second() - SearchStore.READS));
        // A line in the mark says that its segment was looked at in part.
        long reads = mark.line() > 0 ? mark.second() + 1 : mark.second();
        List<List<Row>> rows = store.find(filter, new SearchStore.Position(mark.first(), reads), downTo, limit + 1);
        Merge merge = new Merge(filter, mark, limit);
        merge.add(rows.get(0), rows.get(1));
        Mark next = merge.next(downTo);
        boolean atFloor = next.first() <= floor.auditUpto() + 1 && next.second() <= floor.segmentUpto() + 1;
        if (!atFloor || next.line() > 0) {
            return new Page(merge.found(), next);
        }
        boolean more = archived.number() > 0 && archived.at() >= filter.from();
        return new Page(merge.found(), more ? new Mark(true, archived.number(), 0, 0) : null);
    }

    private Page archived(Filter filter, Mark mark, int limit) {
        List<Block> blocks = archive.partUpto(mark.first());
        if (blocks.isEmpty()) {
            return new Page(List.of(), null);
        }
        List<LogEvent> all = new ArrayList<>();
        for (Block block : blocks) {
            for (Row row : block.events()) {
                all.add(LogEvent.of(row));
            }
            for (Row row : block.reads()) {
                all.addAll(LogEvent.ofReads(row));
            }
        }
        List<LogEvent> found = new ArrayList<>();
        int looked = (int) Math.min(mark.line(), all.size());
        while (looked < all.size() && found.size() < limit) {
            looked++;
            LogEvent event = all.get(all.size() - looked);
            if (filter.matches(event)) {
                found.add(event);
            }
        }
        if (looked < all.size()) {
            return new Page(found, new Mark(true, mark.first(), 0, looked));
        }
        Seal first = blocks.get(0).seal();
        boolean more = first.number() > 1 && first.at() >= filter.from();
        return new Page(found, more ? new Mark(true, first.number() - 1, 0, 0) : null);
    }
}
