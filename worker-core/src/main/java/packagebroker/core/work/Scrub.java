package packagebroker.core.work;

import java.util.List;
import packagebroker.core.http.Body;
import packagebroker.core.http.TransferException;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.text.Hex;
import packagebroker.core.work.Holdings.Held;

/**
 * Reads stored objects again and compares their bytes with the digest that their row has. What differs or is gone raises an
 * alert, once; nothing is ever deleted or replaced.
 */
public final class Scrub implements Chore {
    private static final long STEP_MILLIS = 300_000;
    private static final long PASS_MILLIS = 7 * 86_400_000L;
    private static final int MAX_OBJECTS = 8;
    private static final int MAX_DAMAGED = 3;
    private static final long MAX_BYTES = 4 << 20;
    private static final int PIECE = 1 << 20;

    private final ObjectStore objects;
    private final Digests digests;
    private final List<Holdings> all;
    private final DamageStore damage;

    /** Creates the scrub over all tables that name objects. */
    public Scrub(ObjectStore objects, Digests digests, List<Holdings> all, DamageStore damage) {
        this.objects = objects;
        this.digests = digests;
        this.all = all;
        this.damage = damage;
    }

    @Override
    public String kind() {
        return "scrub";
    }

    @Override
    public Cost cost() {
        return new Cost(1 + 2 * MAX_DAMAGED, MAX_OBJECTS);
    }

    /**
     * Reads a few objects: up to 4 MB of them, and at least one. The cursor is the prefix and the place of the last one, with a
     * space between.
     */
    @Override
    public Progress step(Turn turn) {
        int space = turn.cursor().indexOf(' ');
        String prefix = space < 0 ? all.get(0).prefix() : turn.cursor().substring(0, space);
        String place = space < 0 ? "" : turn.cursor().substring(space + 1);
        int index = indexOf(prefix);
        Holdings holdings = all.get(index);
        List<Held> page = holdings.after(place, MAX_OBJECTS);
        if (!page.isEmpty()) {
            return new Progress(holdings.prefix() + " " + scrub(holdings, page, turn), STEP_MILLIS);
        }
        boolean last = index + 1 == all.size();
        return last
                ? new Progress("", PASS_MILLIS)
                : new Progress(all.get(index + 1).prefix() + " ", 0);
    }

    private int indexOf(String prefix) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).prefix().equals(prefix)) {
                return i;
            }
        }
        return 0;
    }

    /** Returns the place of the last object that was read. */
    private String scrub(Holdings holdings, List<Held> page, Turn turn) {
        long bytes = 0;
        int damaged = 0;
        String place = "";
        for (Held held : page) {
            if (bytes > 0 && bytes + held.size() > MAX_BYTES) {
                break;
            }
            bytes += held.size();
            String problem = problem(held);
            if (!problem.isEmpty()) {
                damage.record(held, problem, holdings.stillHeld(held), turn.cause());
                damaged++;
            }
            place = held.place();
            if (damaged == MAX_DAMAGED) {
                break;
            }
        }
        return place;
    }

    private String problem(Held held) {
        ObjectStore.Stored stored = objects.get(held.object(), null);
        if (stored == null) {
            return "the store has lost the object";
        }
        String sha256 = digest(stored.body());
        return sha256.equals(held.sha256()) ? "" : "the bytes are not those that were stored";
    }

    private String digest(Body body) {
        Digests.Running digest = digests.sha256();
        try {
            for (Body piece = body.next(PIECE); piece != null; piece = body.next(PIECE)) {
                digest.update(piece);
            }
        } catch (TransferException e) {
            ObjectStoreException broken = new ObjectStoreException(false, "the object store broke off an object");
            broken.initCause(e);
            throw broken;
        }
        return Hex.of(digest.finish());
    }
}
