package packagebroker.core.stats;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AccessLog;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Words;

/**
 * Counts the archives among the reads that the audit log writes down, in the same batch: so each counts once, and exactly as often as it
 * is on record.
 */
public final class Downloads implements AccessLog.Companion {
    private static final int SEGMENTS = 4;

    @Override
    public @Nullable Statement beside(List<AuditEvent> events) {
        Tally tally = new Tally();
        for (AuditEvent event : events) {
            // vendor/name/version/r{key}.{type}
            List<String> path = event.action().equals(Action.READ_DIST) && event.status() == 200
                    ? Words.separated(event.target(), '/')
                    : List.of();
            if (path.size() == SEGMENTS) {
                tally.add(path.get(0) + "/" + path.get(1), path.get(2));
            }
        }
        return tally.size() == 0
                ? null
                : TallyStore.insert(events.get(events.size() - 1).at(), tally.size(), tally.asDownloads());
    }
}
