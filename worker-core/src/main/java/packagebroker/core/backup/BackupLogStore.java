package packagebroker.core.backup;

import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Database;

/** What the audit log says of backups that were made. */
final class BackupLogStore {
    private final Database database;

    BackupLogStore(Database database) {
        this.database = database;
    }

    /** Records an event by itself. */
    void record(AuditEvent event) {
        database.update(AuditStore.insert(event));
    }
}
