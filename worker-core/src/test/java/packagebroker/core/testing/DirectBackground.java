package packagebroker.core.testing;

import java.util.ArrayDeque;
import java.util.Queue;
import packagebroker.core.port.Background;
import packagebroker.core.port.Log;

/** Collects tasks until a test runs them: what a client sees before the background is done, and what after. */
public final class DirectBackground implements Background {
    private final Queue<Task> tasks = new ArrayDeque<>();
    private final Log log;

    /** Creates one that logs failures. */
    public DirectBackground(Log log) {
        this.log = log;
    }

    @Override
    public synchronized void run(Task task) {
        tasks.add(task);
    }

    /** Returns the number of tasks that wait. */
    public synchronized int waiting() {
        return tasks.size();
    }

    /** Runs what waits, and what that starts in turn. */
    public void drain() {
        for (Task task = poll(); task != null; task = poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.failure("background", e);
            }
        }
    }

    /** Throws away what waits: the platform cut it off. */
    public synchronized void cutOff() {
        tasks.clear();
    }

    private synchronized Task poll() {
        return tasks.poll();
    }
}
