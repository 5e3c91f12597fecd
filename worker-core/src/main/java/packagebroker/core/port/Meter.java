package packagebroker.core.port;

import java.util.List;

/** Counts of what the platform was asked for since this isolate or process began; operators and the benchmark read them. */
public interface Meter {
    /** Returns the counts, in a fixed order. */
    List<Count> counts();

    /**
     * One count.
     *
     * @param name such as {@code d1_round_trips}
     * @param value how often so far
     */
    record Count(String name, long value) {}
}
