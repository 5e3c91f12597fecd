package packagebroker.entry.adapter;

import packagebroker.core.port.Background;
import packagebroker.core.port.Log;
import packagebroker.entry.js.CloudflareWorkers;

/** Work in the current request's {@code waitUntil}. */
public final class WaitUntil implements Background {
    private final Log log;

    /** Creates one that logs what fails. */
    public WaitUntil(Log log) {
        this.log = log;
    }

    @Override
    public void run(Task task) {
        CloudflareWorkers.waitUntil(Fiber.run(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.failure("background_failed", e);
            }
            return null;
        }));
    }
}
