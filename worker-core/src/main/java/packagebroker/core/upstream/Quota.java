package packagebroker.core.upstream;

import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.core.text.Ascii;

/**
 * What an upstream still grants, as the fields of its answers say: {@code retry-after}, and {@code x-ratelimit-*} or {@code ratelimit-*}.
 *
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api">GitHub</a>
 * @see <a href="https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers">GitLab</a>
 */
public final class Quota {
    private static final long MAX_MILLIS = 3_600_000;
    private static final long EPOCH = 1_000_000_000;

    private Quota() {}

    /** Returns how long to leave an upstream alone: until it grants anew, once less than a tenth is left; 0 while there is more. */
    public static long pauseMillis(Headers headers, long now) {
        long retry = number(headers.find("retry-after"));
        if (retry >= 0) {
            return bounded(retry * 1000);
        }
        long limit = number(headers, "ratelimit-limit");
        long remaining = number(headers, "ratelimit-remaining");
        long reset = number(headers, "ratelimit-reset");
        if (remaining < 0 || reset < 0 || (remaining > 0 && remaining * 10 > limit)) {
            return 0;
        }
        // A time since 1970 or, as in later drafts, from now on.
        return bounded(reset > EPOCH ? reset * 1000 - now : reset * 1000);
    }

    private static long bounded(long millis) {
        return Math.max(1000, Math.min(MAX_MILLIS, millis));
    }

    private static long number(Headers headers, String name) {
        String value = headers.find("x-" + name);
        return number(value == null ? headers.find(name) : value);
    }

    private static long number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 12) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Ascii.digit(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
