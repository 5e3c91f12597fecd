package packagebroker.core.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStore.Listed;

/**
 * Deletes objects that no row names: former copies of documents, and what a crash left between the object and its row. Only
 * those stored more than a day ago: a younger one may be about to get its row, or be read by somebody who saw the row before
 * it changed.
 */
public final class Sweep implements Chore {
    private static final long AGE_MILLIS = 86_400_000;
    private static final long PASS_MILLIS = 86_400_000;
    private static final int PAGE = 1_000;
    private static final int MAX_DELETIONS = 8;

    private final ObjectStore objects;
    private final List<Holdings> all;
    private final Log log;

    /** Creates the sweep over all tables that name objects. */
    public Sweep(ObjectStore objects, List<Holdings> all, Log log) {
        this.objects = objects;
        this.all = all;
        this.log = log;
    }

    @Override
    public String kind() {
        return "sweep";
    }

    @Override
    public Cost cost() {
        return new Cost(1, MAX_DELETIONS + 1);
    }

    /** Looks at a page of one prefix; the cursor is the last key that was looked at, or a prefix that comes next. */
    @Override
    public Progress step(Turn turn) {
        int index = indexOf(turn.cursor());
        Holdings holdings = all.get(index);
        String after = turn.cursor().length() > holdings.prefix().length() ? turn.cursor() : null;
        List<Listed> page = objects.list(holdings.prefix(), after, PAGE);
        if (!page.isEmpty()) {
            return new Progress(sweep(holdings, page, turn.now() - AGE_MILLIS), 0);
        }
        boolean last = index + 1 == all.size();
        return last
                ? new Progress("", PASS_MILLIS)
                : new Progress(all.get(index + 1).prefix(), 0);
    }

    private int indexOf(String cursor) {
        for (int i = 0; i < all.size(); i++) {
            if (cursor.startsWith(all.get(i).prefix())) {
                return i;
            }
        }
        return 0;
    }

    /** Returns the last key that was looked at; the rest waits for the next step. */
    private String sweep(Holdings holdings, List<Listed> page, long before) {
        List<String> old = new ArrayList<>();
        for (Listed object : page) {
            if (object.storedAt() < before) {
                old.add(object.key());
            }
        }
        if (old.isEmpty()) {
            return page.get(page.size() - 1).key();
        }
        Set<String> named = holdings.named(old);
        int deletions = 0;
        for (String key : old) {
            if (named.contains(key)) {
                continue;
            }
            objects.delete(key);
            log.write("info", "sweep.deleted", "object", key);
            if (++deletions == MAX_DELETIONS) {
                return key;
            }
        }
        return page.get(page.size() - 1).key();
    }
}
