package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Row;

/** Joins the two streams of a window by time, newest first, and remembers how far it came in each. */
final class Merge {
    private final Filter filter;
    private final Search.Mark mark;
    private final int limit;
    private final List<LogEvent> found = new ArrayList<>();
    private boolean eventsLeft;
    private boolean readsLeft;

    Merge(Filter filter, Search.Mark mark, int limit) {
        this.filter = filter;
        this.mark = mark;
        this.limit = limit;
    }

    /** Joins the rows of both streams, each newest first, until there are enough. */
    void add(List<Row> eventRows, List<Row> readRows) {
        List<LogEvent> events = new ArrayList<>();
        for (Row row : eventRows) {
            events.add(LogEvent.of(row));
        }
        List<LogEvent> reads = wanted(readRows);
        int event = 0;
        int read = 0;
        while (found.size() < limit && (event < events.size() || read < reads.size())) {
            boolean takeRead = event == events.size()
                    || (read < reads.size()
                            && reads.get(read).at() > events.get(event).at());
            found.add(takeRead ? reads.get(read++) : events.get(event++));
        }
        eventsLeft = event < events.size();
        readsLeft = read < reads.size();
    }

    private List<LogEvent> wanted(List<Row> rows) {
        List<LogEvent> wanted = new ArrayList<>();
        for (Row row : rows) {
            List<LogEvent> lines = LogEvent.ofReads(row);
            for (int i = lines.size() - 1; i >= 0; i--) {
                LogEvent line = lines.get(i);
                boolean seen = mark.line() > 0 && line.seq() == mark.second() && line.line() >= mark.line();
                if (!seen && wanted.size() <= limit && filter.matches(line)) {
                    wanted.add(line);
                }
            }
        }
        return wanted;
    }

    /** Returns what was found. */
    List<LogEvent> found() {
        return found;
    }

    /** Returns where to go on: after what was taken, or below the window where nothing is left in it. */
    Search.Mark next(SearchStore.Position downTo) {
        long events = downTo.events();
        long reads = downTo.reads();
        long line = 0;
        if (eventsLeft) {
            events = mark.first();
        }
        if (readsLeft) {
            reads = mark.second();
            line = mark.line();
        }
        for (LogEvent event : found) {
            if (event.line() == 0 && eventsLeft) {
                events = event.seq();
            } else if (event.line() > 0 && readsLeft) {
                reads = event.seq();
                line = event.line();
            }
        }
        return new Search.Mark(false, events, reads, line);
    }
}
