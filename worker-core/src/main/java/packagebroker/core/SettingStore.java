package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.port.Database;
import packagebroker.core.port.Statement;
import packagebroker.core.upstream.Freeze;
import packagebroker.core.upstream.FreezeStore;

/** The table {@code setting}, as administrators change it. */
final class SettingStore {
    private final Database database;
    private final FreezeStore freezes;

    SettingStore(Database database) {
        this.database = database;
        this.freezes = new FreezeStore(database);
    }

    /** Returns the freeze there is, or null. */
    @Nullable
    Freeze findFreeze() {
        return freezes.find();
    }

    /** Returns the statement that changes the base URL; every document is re-prefixed before it is served again. */
    static Statement baseUrl(String baseUrl) {
        return Statement.of("UPDATE setting SET value = ? WHERE name = 'base_url'", baseUrl);
    }

    /** Makes changes of settings with their event, all or nothing. */
    void change(List<Statement> changes, AuditEvent event) {
        List<Statement> batch = new ArrayList<>(changes);
        batch.add(AuditStore.insert(event));
        database.batch(batch);
    }
}
