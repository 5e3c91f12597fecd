package packagebroker.core.access;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts, in this isolate, who shows credentials that are not good. Only a failing caller ever hears of it: a good token is let
 * through from whatever address, so that a fleet behind one address is not slowed down by a neighbour who guesses.
 */
public final class Strangers {
    private static final int MAX_ENTRIES = 5_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final int perMinute;
    private final Map<String, Count> counts = new HashMap<>();

    private record Count(long since, int failures) {}

    /** Allows so many failures a minute and network; 0 for as many as one likes. */
    public Strangers(int perMinute) {
        this.perMinute = perMinute;
    }

    /** Notes a failure; returns whether it was one too many. */
    public boolean isTooMany(Call call) {
        String network = networkOf(call.address());
        if (perMinute == 0 || network == null) {
            return false;
        }
        long now = call.startedAt();
        Count known = counts.get(network);
        boolean current = known != null && now - known.since() < MINUTE_MILLIS;
        Count count = known == null || !current ? new Count(now, 1) : new Count(known.since(), known.failures() + 1);
        if (counts.size() >= MAX_ENTRIES && known == null) {
            counts.clear(); // Forgetting is cheap, memory is not: whoever goes on is counted anew.
        }
        counts.put(network, count);
        return count.failures() > perMinute;
    }

    /** Returns whose address it is: of IPv6 the first half, all of which one line has. */
    private static @Nullable String networkOf(@Nullable String address) {
        return address == null ? null : AddressRange.networkOf(address);
    }
}
