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
 * @param maxDocumentBytes the largest upstream document that is taken in; less than 32 MB where CPU is short
 * @param maxArchiveBytes the largest archive that is taken in
 * @param packagistUrl where packagist.org is, or empty: then a setup makes no upstream of it
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
        int maxDocumentBytes,
        int maxArchiveBytes,
        String packagistUrl,
        boolean strictAudit) {
    private static final String PACKAGIST = "https://repo.packagist.org";

    /** Returns the settings of an environment: a variable's name to its value or null. */
    public static Settings from(Function<String, @Nullable String> variables) {
        return new Settings(
                filled(variables.apply("SETUP_SECRET")),
                filled(variables.apply("ENCRYPTION_KEYS")),
                filled(variables.apply("ACTIVE_KEY")),
                list(variables.apply("UPSTREAM_ALLOW")),
                number("AUTH_CACHE_SECONDS", variables, 60),
                number("META_CACHE_SECONDS", variables, 10),
                number("FRESH_SECONDS", variables, 300),
                number("NEGATIVE_SECONDS", variables, 300),
                number("MAX_DOCUMENT_BYTES", variables, 32_000_000),
                number("MAX_ARCHIVE_BYTES", variables, 512 << 20),
                packagist(variables.apply("PACKAGIST_URL")),
                "strict".equals(variables.apply("AUDIT_MODE")));
    }

    private static String packagist(@Nullable String value) {
        return value == null ? PACKAGIST : value.equals("off") ? "" : value;
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

    private static int number(String name, Function<String, @Nullable String> variables, int otherwise) {
        String text = filled(variables.apply(name));
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number in " + name + " but found " + text, e);
        }
        throw new IllegalArgumentException("expected a whole number in " + name + " but found " + text);
    }
}
