package packagebroker.core.rotation;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.json.Json;
import packagebroker.core.port.Log;
import packagebroker.core.port.Row;
import packagebroker.core.secrets.KeyRing;
import packagebroker.core.secrets.Safe;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Seals anew, with the key that seals now, what another one has sealed: a few records a step, each only if it is still what
 * was read. At any moment a record is sealed with one key of the ring, whole.
 */
public final class Reseal implements Chore {
    static final String KIND = "reseal";

    private static final int PER_STEP = 25;
    private static final long SOON_MILLIS = 60_000;
    private static final long PAUSE_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 86_400_000;

    private final KeyStore store;
    private final KeyRing ring;
    private final Safe safe;
    private final Log log;

    /** Creates the chore. */
    public Reseal(KeyStore store, KeyRing ring, Safe safe, Log log) {
        this.store = store;
        this.ring = ring;
        this.safe = safe;
        this.log = log;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Cost cost() {
        return new Cost(8, 0);
    }

    /** Sees to the keys, then to the next records; the cursor is the number of a column and the last row that was seen to. */
    @Override
    public Progress step(Turn turn) {
        List<KnownKey> known = store.known();
        boolean recent = false;
        for (KnownKey key : known) {
            if (key.isWaiting() && !ring.has(key.id())) {
                store.restart(key.id(), turn.now());
            }
            recent |= Math.max(key.addedAt(), key.activatedAt()) > turn.now() - DAY_MILLIS && key.retiredAt() == 0;
        }
        int space = turn.cursor().indexOf(' ');
        int column = space < 0 ? 0 : Integer.parseInt(turn.cursor().substring(0, space));
        if (column < store.columns().size()) {
            String last = reseal(store.columns().get(column), turn.cursor().substring(space + 1), turn.cause());
            if (!last.isEmpty() || column + 1 < store.columns().size()) {
                return new Progress(last.isEmpty() ? column + 1 + " " : column + " " + last, 0);
            }
        }
        // While keys change hands somebody waits for it, and a straggler may still have stored what an older key
        // sealed.
        return new Progress("", recent && known.size() > 1 ? SOON_MILLIS : PAUSE_MILLIS);
    }

    /** Returns the last row that was seen to, or an empty text if there is none left. */
    private String reseal(SealedColumn column, String after, AuditEvent cause) {
        String active = store.active();
        List<Row> rows = store.sealedByOthers(column, active, after, PER_STEP);
        List<List<String>> replacements = new ArrayList<>();
        String last = "";
        for (Row row : rows) {
            last = row.text("row");
            String sealed = row.text("sealed");
            String anew = resealed(column.place(last), active, sealed);
            if (!anew.isEmpty()) {
                replacements.add(List.of(last, sealed, anew));
            }
        }
        if (!replacements.isEmpty()) {
            Safe.Place place = column.place(last);
            String of = place.table() + "." + place.column();
            String detail = Json.write(Json.object("of", of, "records", replacements.size(), "last", last));
            store.replace(column, replacements, cause.as(Action.RESEAL_RECORDS, active, detail));
        }
        return rows.size() < PER_STEP ? "" : last;
    }

    /** Returns a text sealed anew, or an empty one if it cannot be opened: it stays as it is, for whoever finds its key. */
    private String resealed(Safe.Place place, String key, String sealed) {
        String text;
        try {
            text = safe.open(place, sealed);
        } catch (Safe.Locked e) {
            log.failure("reseal.locked", e, "table", place.table(), "row", place.row());
            return "";
        }
        String anew = safe.seal(key, place, text);
        if (!safe.open(place, anew).equals(text)) {
            throw new IllegalStateException("expected what was sealed anew to open to the same text");
        }
        return anew;
    }
}
