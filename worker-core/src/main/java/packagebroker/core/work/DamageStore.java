package packagebroker.core.work;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.audit.AuditStore;
import packagebroker.core.json.Json;
import packagebroker.core.port.Database;
import packagebroker.core.port.Statement;

/** The alerts about stored bytes. */
public final class DamageStore {
    private final Database database;

    /** Creates the store. */
    public DamageStore(Database database) {
        this.database = database;
    }

    /** Records damage with its alert and its event, once for each object, if the object is still held. */
    void record(Holdings.Held held, String problem, Statement stillHeld, AuditEvent cause) {
        String detail = Json.write(Json.object("of", held.place(), "why", problem));
        List<@Nullable Object> parameters = new ArrayList<>(stillHeld.parameters());
        parameters.add(held.object());
        Statement isNew = Statement.of(
                stillHeld.sql() + " AND NOT EXISTS (SELECT 1 FROM alert WHERE kind = 'damage' AND subject = ?)",
                parameters.toArray());
        String id = held.object().substring(held.object().indexOf('/') + 1); // As random as an alert's own.
        parameters = new ArrayList<>(List.of(id, held.object(), held.place() + ": " + problem, cause.at()));
        parameters.addAll(stillHeld.parameters());
        Statement alert =
                Statement.of("""
                INSERT INTO alert (id, kind, subject, detail, raised_at)
                SELECT ?, 'damage', ?, ?, ?
                WHERE EXISTS (
                """ + stillHeld.sql() + ") ON CONFLICT (kind, subject) DO NOTHING", parameters.toArray());
        database.batch(List.of(AuditStore.insertIf(cause.as(Action.FIND_DAMAGE, held.object(), detail), isNew), alert));
    }
}
