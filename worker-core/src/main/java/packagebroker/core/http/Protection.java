package packagebroker.core.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that every answer has, for the case that a browser is led to it: it runs nothing, shows it in no frame, lets no
 * other site read it, and guesses no type. What an answer says itself about any of these stands.
 */
public final class Protection {
    private static final String[] FIELDS = {
        "x-content-type-options", "nosniff",
        "content-security-policy", "default-src 'none'; frame-ancestors 'none'",
        "referrer-policy", "no-referrer",
        "cross-origin-opener-policy", "same-origin",
        "cross-origin-resource-policy", "same-origin",
        "vary", "Authorization",
        // The last, since plain HTTP does without.
        "strict-transport-security", "max-age=31536000"
    };

    private Protection() {}

    /** Returns an answer to a request for a URL, or to one that was never read, with these fields. */
    public static Response on(Response response, @Nullable String url) {
        boolean https = url != null && url.startsWith("https:");
        List<String> own = response.headers().pairs();
        List<String> all = new ArrayList<>(own.size() + FIELDS.length);
        all.addAll(own);
        for (int i = 0; i < (https ? FIELDS.length : FIELDS.length - 2); i += 2) {
            if (response.findHeader(FIELDS[i]) == null) {
                all.add(FIELDS[i]);
                all.add(FIELDS[i + 1]);
            }
        }
        return new Response(response.status(), new Headers.Pairs(all), response.body());
    }
}
