package packagebroker.core.work;

import java.util.List;

/** A kind of background work that a room offers: in steps, each of which may be cut off at any point and done again. */
public interface Chore {
    /** Returns its name, as the table {@code job} has it. */
    String kind();

    /** Returns what it is done for; each of them has a job of its own. */
    default List<String> subjects() {
        return List.of("");
    }

    /** Returns the most that a step may cost. */
    Cost cost();

    /** Returns whether it comes before what has waited longer: somebody sees it if it does not. */
    default boolean isUrgent() {
        return false;
    }

    /** Does a step and says how to go on. */
    Progress step(Turn turn);

    /**
     * What a step may cost at most.
     *
     * @param queries statements that the database runs
     * @param requests calls of upstreams and of the object store
     */
    record Cost(int queries, int requests) {}

    /**
     * How to go on after a step.
     *
     * @param cursor what the next step is to be told
     * @param pauseMillis how long to wait until then at least
     */
    record Progress(String cursor, long pauseMillis) {}
}
