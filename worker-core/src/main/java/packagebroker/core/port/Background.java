package packagebroker.core.port;

/** Work that goes on after the answer: at most 30 s of it on Workers, and it may be cut off at any time. */
public interface Background {
    /** Starts a task that outlives the current request's answer; its failure is logged and goes nowhere else. */
    void run(Task task);

    /** A task. */
    interface Task {
        /** Does the work; it may wait. */
        void run();
    }
}
