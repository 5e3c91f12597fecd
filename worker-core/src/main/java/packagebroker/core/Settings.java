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
 * @param activeKey the id of the key that seals until another one is activated, or null
 * @param keySettleSeconds how long a new key has to have been in place everywhere before it may seal
 * @param upstreamAllow exact origins that may be upstreams although they are plain HTTP or loopback: tests and demos
 * @param authCacheSeconds how long a principal may be remembered in an isolate; the upper bound of a revocation's delay
 * @param authFailuresPerMinute how many bad credentials an address may show in a minute before it is told to wait; 0 for any
 * @param metaCacheSeconds how long rows and documents may be remembered in an isolate
 * @param freshSeconds how long a document is served without asking its upstream
 * @param negativeSeconds how long an unknown name is answered without asking any upstream
 * @param maxDocumentBytes the largest upstream document that is taken in; less than 32 MB where CPU is short
 * @param maxArchiveBytes the largest archive that is taken in
 * @param packagistUrl where packagist.org is, or empty: then a setup makes no upstream of it
 * @param accessTeam the name of the Cloudflare Access team whose people come here, or null
 * @param accessAudience the tag of the Access application in front of this instance, or null
 * @param accessRoles which group, address or {@code *} gets which role, as {@code group=role}
 * @param build what the deployment says of its code: a commit and a digest; or empty
 * @param audit what is decided about the audit log
 */
public record Settings(
        @Nullable String setupSecret,
        @Nullable String encryptionKeys,
        @Nullable String activeKey,
        int keySettleSeconds,
        List<String> upstreamAllow,
        int authCacheSeconds,
        int authFailuresPerMinute,
        int metaCacheSeconds,
        int freshSeconds,
        int negativeSeconds,
        int maxDocumentBytes,
        int maxArchiveBytes,
        String packagistUrl,
        @Nullable String accessTeam,
        @Nullable String accessAudience,
        List<String> accessRoles,
        String build,
        Audit audit) {
    private static final String PACKAGIST = "https://repo.packagist.org";

    /**
     * What is decided about the audit log.
     *
     * @param strict whether a read's row is written before the first byte of the answer
     * @param signingKey the Ed25519 key that signs the log, 32 bytes in base64, or null
     * @param archiveDays how long rows stay in the database before they move to the object store
     * @param retentionDays how long they are kept there; 0 for ever
     * @param receivers where it is sent
     */
    public record Audit(
            boolean strict, @Nullable String signingKey, int archiveDays, int retentionDays, Receivers receivers) {
        /** An audit period of a year, and the time it takes to look into it. */
        private static final int MIN_RETENTION_DAYS = 400;

        private static Audit from(Function<String, @Nullable String> variables) {
            int retentionDays = number("AUDIT_RETENTION_DAYS", variables, 0);
            if (retentionDays != 0 && retentionDays < MIN_RETENTION_DAYS) {
                throw new IllegalArgumentException(
                        "expected 0 or at least " + MIN_RETENTION_DAYS + " in AUDIT_RETENTION_DAYS");
            }
            return new Audit(
                    "strict".equals(variables.apply("AUDIT_MODE")),
                    filled(variables.apply("AUDIT_SIGNING_KEY")),
                    number("AUDIT_ARCHIVE_DAYS", variables, 30),
                    retentionDays,
                    Receivers.from(variables));
        }
    }

    /**
     * Where the audit log is sent; an empty address is none.
     *
     * @param anchor who keeps checkpoints
     * @param webhook who gets everything
     * @param secret what signs for the webhook
     */
    public record Receivers(String anchor, String webhook, String secret) {
        private static final int MIN_SECRET = 16;

        private static Receivers from(Function<String, @Nullable String> variables) {
            String webhook = text(variables.apply("AUDIT_WEBHOOK_URL"));
            String secret = text(variables.apply("AUDIT_WEBHOOK_SECRET"));
            if (!webhook.isEmpty() && secret.length() < MIN_SECRET) {
                throw new IllegalArgumentException(
                        "expected at least " + MIN_SECRET + " characters in AUDIT_WEBHOOK_SECRET");
            }
            return new Receivers(text(variables.apply("AUDIT_ANCHOR_URL")), webhook, secret);
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }

    /** Returns the settings of an environment: a variable's name to its value or null. */
    public static Settings from(Function<String, @Nullable String> variables) {
        return new Settings(
                filled(variables.apply("SETUP_SECRET")),
                filled(variables.apply("ENCRYPTION_KEYS")),
                filled(variables.apply("ACTIVE_KEY")),
                number("KEY_SETTLE_SECONDS", variables, 600),
                list(variables.apply("UPSTREAM_ALLOW")),
                number("AUTH_CACHE_SECONDS", variables, 60),
                number("AUTH_FAILURES_PER_MINUTE", variables, 20),
                number("META_CACHE_SECONDS", variables, 10),
                number("FRESH_SECONDS", variables, 300),
                number("NEGATIVE_SECONDS", variables, 300),
                number("MAX_DOCUMENT_BYTES", variables, 32_000_000),
                number("MAX_ARCHIVE_BYTES", variables, 512 << 20),
                packagist(variables.apply("PACKAGIST_URL")),
                filled(variables.apply("ACCESS_TEAM")),
                filled(variables.apply("ACCESS_AUD")),
                list(variables.apply("ACCESS_ROLES")),
                build(variables.apply("BUILD")),
                Audit.from(variables));
    }

    /** Returns a word of letters, digits and a few signs; anything else says nothing. */
    private static String build(@Nullable String value) {
        String build = value == null || value.length() > 200 ? "" : value;
        for (int i = 0; i < build.length(); i++) {
            if (build.charAt(i) <= ' ' || build.charAt(i) > '~') {
                return "";
            }
        }
        return build;
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
