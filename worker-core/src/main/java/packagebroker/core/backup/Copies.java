package packagebroker.core.backup;

import java.util.List;
import packagebroker.core.port.Ports;
import packagebroker.core.work.Holdings;

/** The part of the graph that makes copies of the instance, and instances of copies. */
public record Copies(BackupEndpoints backup, RestoreEndpoints restore, Restoring restoring) {
    /** Wires it. */
    public static Copies of(Ports ports, List<Holdings> holdings) {
        RowStore rows = new RowStore(ports.database());
        RestoreStore store = new RestoreStore(ports.database());
        Restoring restoring = new Restoring(store);
        BackupEndpoints backup = new BackupEndpoints(ports, rows, holdings);
        return new Copies(backup, new RestoreEndpoints(ports, backup, rows, store, restoring), restoring);
    }
}
