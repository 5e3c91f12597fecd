package packagebroker.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** What runs here: which build, with which variables. Secrets are there or not, and never more. */
final class Deployment {
    private final DeploymentStore store;
    private final String build;
    private final Map<String, @Nullable Object> config;
    private final String digest;
    private boolean noted;

    Deployment(DeploymentStore store, Settings settings, Keys keys) {
        this.store = store;
        this.build = settings.build();
        this.config = config(settings, keys);
        this.digest = Hex.of(Sha256.of(Json.write(config)));
    }

    private static Map<String, @Nullable Object> config(Settings settings, Keys keys) {
        Settings.Audit audit = settings.audit();
        Map<String, @Nullable Object> config = Json.object(
                "AUTH_CACHE_SECONDS",
                settings.authCacheSeconds(),
                "AUTH_FAILURES_PER_MINUTE",
                settings.authFailuresPerMinute(),
                "META_CACHE_SECONDS",
                settings.metaCacheSeconds(),
                "FRESH_SECONDS",
                settings.freshSeconds(),
                "NEGATIVE_SECONDS",
                settings.negativeSeconds(),
                "MAX_DOCUMENT_BYTES",
                settings.maxDocumentBytes(),
                "MAX_ARCHIVE_BYTES",
                settings.maxArchiveBytes(),
                "PACKAGIST_URL",
                settings.packagistUrl(),
                "UPSTREAM_ALLOW",
                settings.upstreamAllow(),
                "ACCESS_TEAM",
                settings.accessTeam());
        config.put("ACCESS_AUD", settings.accessAudience());
        config.put("ACCESS_ROLES", settings.accessRoles());
        config.put("AUDIT_MODE", audit.strict() ? "strict" : "");
        config.put("AUDIT_ARCHIVE_DAYS", audit.archiveDays());
        config.put("AUDIT_RETENTION_DAYS", audit.retentionDays());
        config.put("AUDIT_ANCHOR_URL", isSet(audit.receivers().anchor()));
        config.put("AUDIT_WEBHOOK_URL", isSet(audit.receivers().webhook()));
        config.put("SETUP_SECRET", settings.setupSecret() != null);
        config.put("ACTIVE_KEY", settings.activeKey());
        config.put("keys", keys.problem().isEmpty() ? "ok" : keys.problem());
        return config;
    }

    private static boolean isSet(String secret) {
        return !secret.isEmpty();
    }

    /** Records what runs here, if it is something else than before: once in an isolate, with the cron. */
    void note(long now) {
        if (noted) {
            return;
        }
        Row newest = store.findNewest();
        if (newest == null
                || !newest.text("build").equals(build)
                || !newest.text("config").equals(digest)) {
            String detail = Json.write(Json.object("config_sha256", digest, "config", config));
            store.note(build, digest, AuditEvent.bySystem(now, Action.ACTIVATE_DEPLOYMENT, build, detail));
        }
        noted = true;
    }

    /** Returns the build as it says itself. */
    String build() {
        return build;
    }

    /** Returns the variables, and which secrets there are. */
    Map<String, @Nullable Object> config() {
        return config;
    }

    /** Returns the SHA-256 of these. */
    String digest() {
        return digest;
    }

    /** Returns the store. */
    DeploymentStore store() {
        return store;
    }
}
