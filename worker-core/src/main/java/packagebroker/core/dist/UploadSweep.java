package packagebroker.core.dist;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Clears away multipart uploads that were cut off: the store keeps their parts, and bills them, until they are aborted. One
 * that cannot be aborted is tried again, the oldest first. The store itself gives up an upload after seven days and then knows
 * nothing of it any more, so one that is older is forgotten.
 */
public final class UploadSweep implements Chore {
    private static final long DAY_MILLIS = 86_400_000;
    private static final long GONE_MILLIS = 8 * DAY_MILLIS;
    private static final long PAUSE_MILLIS = 3_600_000;
    private static final int PER_STEP = 5;

    private final DistStore store;
    private final ObjectStore objects;
    private final Log log;

    /** Creates the sweep. */
    public UploadSweep(Ports ports) {
        this.store = new DistStore(ports.database());
        this.objects = ports.objects();
        this.log = ports.log();
    }

    @Override
    public String kind() {
        return "uploads";
    }

    @Override
    public Cost cost() {
        return new Cost(2, PER_STEP);
    }

    /** Aborts a few uploads that are older than a day. */
    @Override
    public Progress step(Turn turn) {
        List<Row> old = store.oldUploads(turn.now() - DAY_MILLIS, PER_STEP);
        List<String> gone = new ArrayList<>();
        for (Row row : old) {
            String object = row.text("object");
            boolean aborted = abort(object, row.text("upload"));
            if (aborted || row.number("started_at") < turn.now() - GONE_MILLIS) {
                gone.add(object);
            }
        }
        if (!gone.isEmpty()) {
            store.forgetUploads(gone);
        }
        return new Progress("", gone.size() == PER_STEP ? 0 : PAUSE_MILLIS);
    }

    private boolean abort(String object, String uploadId) {
        try {
            objects.upload(object, uploadId).abort();
            return true;
        } catch (ObjectStoreException e) {
            log.failure("sweep.upload", e, "object", object);
            return false;
        }
    }
}
