package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When, from where and how often somebody may come.
 *
 * @param notBefore from when on, ms since 1970
 * @param expiresAt until when
 * @param addresses from where; everywhere if there are none
 * @param counted whether each use takes one from a store of few
 * @param watched whether each use is something that somebody should look at
 */
record Conditions(long notBefore, long expiresAt, List<AddressRange> addresses, boolean counted, boolean watched) {
    /** Returns the condition to come before a time. */
    static Conditions until(long expiresAt) {
        return new Conditions(0, expiresAt, List.of(), false, false);
    }

    /** Returns whether an isolate may remember who came under these. */
    boolean mayBeRemembered() {
        return !counted && !watched;
    }

    /** Returns whether an address is one of those. */
    boolean admit(@Nullable String address) {
        for (AddressRange range : addresses) {
            if (range.contains(address)) {
                return true;
            }
        }
        return addresses.isEmpty();
    }
}
