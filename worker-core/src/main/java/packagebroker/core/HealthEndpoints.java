package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.access.TokenStore;
import packagebroker.core.backup.Restoring;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Clock;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.rotation.KeyStore;
import packagebroker.core.secrets.SelfTest;
import packagebroker.core.upstream.FreezeStore;

/** How the instance is. */
final class HealthEndpoints {
    private static final long LOOK_MILLIS = 10_000;

    private final TokenStore tokens;
    private final Counters counters;
    private final Settings settings;
    private final Keys keys;
    private final Safety safety;
    private String missing = "";
    private long lookedAt;

    /** What tells whether the instance can be trusted, and whether it is frozen or being restored. */
    record Safety(KeyStore sealing, SelfTest test, FreezeStore freezes, Restoring restoring, Clock clock) {}

    HealthEndpoints(TokenStore tokens, Counters counters, Settings settings, Keys keys, Safety safety) {
        this.tokens = tokens;
        this.counters = counters;
        this.settings = settings;
        this.keys = keys;
        this.safety = safety;
    }

    /** Says in one word each whether the parts work: {@code GET /api/health}. It is the only route that needs no key. */
    Response health(Call call) {
        List<String> warnings = new ArrayList<>(ofTheDeployment());
        String database = database(warnings);
        String problem = keys.problem().isEmpty() && database.startsWith("ok") ? missing() : keys.problem();
        String crypto = safety.test().problem();
        boolean well = database.startsWith("ok") && problem.isEmpty() && crypto.isEmpty();
        return Response.json(
                well ? 200 : 503,
                Json.write(Json.object(
                        "status",
                        well ? "ok" : "failing",
                        "database",
                        database,
                        "keys",
                        problem.isEmpty() ? "ok" : problem,
                        "crypto",
                        crypto.isEmpty() ? "ok" : crypto,
                        "warnings",
                        warnings)));
    }

    /** Returns whether the ring lacks a key that is needed. Anybody may ask, so all records are looked at now and then only. */
    private String missing() {
        long now = safety.clock().millis();
        if (now - lookedAt >= LOOK_MILLIS) {
            missing = safety.sealing().problem();
            lookedAt = now;
        }
        return missing;
    }

    private String database(List<String> warnings) {
        try {
            if (safety.freezes().find() != null) {
                warnings.add("the instance is frozen: it serves what it has and takes nothing in");
            }
            return safety.restoring().isUnderWay()
                    ? "ok, being restored"
                    : tokens.isSetUp() ? "ok" : "ok, not set up yet";
        } catch (DatabaseException e) {
            return e.kind() == DatabaseException.Kind.NOT_MIGRATED ? "not migrated" : "unavailable";
        }
    }

    private List<String> ofTheDeployment() {
        return settings.upstreamAllow().isEmpty()
                ? List.of()
                : List.of("UPSTREAM_ALLOW is set: plain HTTP or local upstreams are allowed; for tests and demos only");
    }

    /** Adds what this isolate has counted since it began, and how far the seals are behind: {@code GET /api/health/details}. */
    Response details(Call call) {
        // Counted first, so that what asking for the rest costs is the same each time.
        Map<String, @Nullable Object> counts = counters.counts();
        return Response.json(
                200, Json.write(Json.object("status", "ok", "counters", counts, "audit", counters.backlog())));
    }
}
