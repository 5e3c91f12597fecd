package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the deployment decides: Worker variables and secrets.
 *
 * @param setupSecret the one-time secret of {@code POST /api/setup}, or null: then there is no setup
 * @param encryptionKeys JSON of key ids and base64 keys of 32 bytes each, or null
 * @param activeKey the id of the key that seals, or null
 * @param upstreamAllow exact origins that may be upstreams although they are plain HTTP or loopback: tests and demos
 * @param authCacheSeconds how long a principal may be remembered in an isolate; the upper bound of a revocation's delay
 * @param metaCacheSeconds how long rows and documents may be remembered in an isolate
 * @param freshSeconds how long a document is served without asking its upstream
 * @param negativeSeconds how long an unknown name is answered without asking any upstream
 * @param strictAudit whether a read's audit row is written before the first byte of the answer
 */
public record Settings(
        @Nullable String setupSecret,
        @Nullable String encryptionKeys,
        @Nullable String activeKey,
        List<String> upstreamAllow,
        int authCacheSeconds,
        int metaCacheSeconds,
        int freshSeconds,
        int negativeSeconds,
        boolean strictAudit) {

    /** Returns the settings of an environment: a variable's name to its value or null. */
    public static Settings from(Function<String, @Nullable String> variables) {
        return new Settings(
                filled(variables.apply("SETUP_SECRET")),
                filled(variables.apply("ENCRYPTION_KEYS")),
                filled(variables.apply("ACTIVE_KEY")),
                list(variables.apply("UPSTREAM_ALLOW")),
                seconds("AUTH_CACHE_SECONDS", variables.apply("AUTH_CACHE_SECONDS"), 60),
                seconds("META_CACHE_SECONDS", variables.apply("META_CACHE_SECONDS"), 10),
                seconds("FRESH_SECONDS", variables.apply("FRESH_SECONDS"), 300),
                seconds("NEGATIVE_SECONDS", variables.apply("NEGATIVE_SECONDS"), 300),
                "strict".equals(variables.apply("AUDIT_MODE")));
    }

    private static @Nullable String filled(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static List<String> list(@Nullable String value) {
        List<String> items = new ArrayList<>();
        String rest = value == null ? "" : value;
        while (!rest.isEmpty()) {
            int comma = rest.indexOf(',');
            String item = (comma < 0 ? rest : rest.substring(0, comma)).strip();
            if (!item.isEmpty()) {
                items.add(item);
            }
            rest = comma < 0 ? "" : rest.substring(comma + 1);
        }
        return List.copyOf(items);
    }

    private static int seconds(String name, @Nullable String value, int otherwise) {
        String text = filled(value);
        if (text == null) {
            return otherwise;
        }
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected whole seconds in " + name + " but found " + text, e);
        }
        throw new IllegalArgumentException("expected whole seconds in " + name + " but found " + text);
    }
}
