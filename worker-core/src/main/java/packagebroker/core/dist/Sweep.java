package packagebroker.core.dist;

import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;

/** Clears away multipart uploads that were cut off: the store keeps their parts, and bills them, until they are aborted. */
public final class Sweep {
    private static final long AGE_MILLIS = 86_400_000;
    private static final int PER_STEP = 10;

    private final DistStore store;
    private final ObjectStore objects;
    private final Log log;

    /** Creates the sweep. */
    public Sweep(Ports ports) {
        this.store = new DistStore(ports.database());
        this.objects = ports.objects();
        this.log = ports.log();
    }

    /** Aborts a few uploads that are older than a day; the next step goes on. */
    public void abortOldUploads(long now) {
        for (Row row : store.oldUploads(now - AGE_MILLIS, PER_STEP)) {
            String object = row.text("object");
            try {
                objects.upload(object, row.text("upload")).abort();
            } catch (ObjectStoreException e) {
                log.failure(
                        "sweep.upload", e, "object", object); // Aborted or completed before: then it is gone as well.
            }
            store.forgetUpload(object);
        }
    }
}
