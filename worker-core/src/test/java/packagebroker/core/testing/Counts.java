package packagebroker.core.testing;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Meter;

/** Counts what the doubles were asked for, so that a test can hold a route to its budget. */
public final class Counts implements Meter {
    static final int ROUND_TRIPS = 0;
    static final int STATEMENTS = 1;
    static final int READS = 2;
    static final int WRITES = 3;
    static final int FETCHES = 4;

    private static final List<String> NAMES =
            List.of("d1_round_trips", "d1_statements", "r2_reads", "r2_writes", "upstream_requests");

    private final long[] values = new long[NAMES.size()];

    synchronized void add(int count, long more) {
        values[count] += more;
    }

    /** Returns one count by its name. */
    public synchronized long of(String name) {
        return values[NAMES.indexOf(name)];
    }

    @Override
    public synchronized List<Count> counts() {
        List<Count> counts = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            counts.add(new Count(NAMES.get(i), values[i]));
        }
        return counts;
    }
}
