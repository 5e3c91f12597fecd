package packagebroker.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.access.TokenStore;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.proof.Sealer;

/** How the instance is. */
final class HealthEndpoints {
    private final TokenStore tokens;
    private final Counters counters;
    private final Settings settings;
    private final Keys keys;
    private final Sealer sealer;

    HealthEndpoints(TokenStore tokens, Counters counters, Settings settings, Keys keys, Sealer sealer) {
        this.tokens = tokens;
        this.counters = counters;
        this.settings = settings;
        this.keys = keys;
        this.sealer = sealer;
    }

    /** Says in one word each whether the parts work: {@code GET /api/health}. It is the only route that needs no key. */
    Response health(Call call) {
        String database = database();
        boolean well = database.startsWith("ok") && keys.problem().isEmpty();
        return Response.json(
                well ? 200 : 503,
                Json.write(Json.object(
                        "status",
                        well ? "ok" : "failing",
                        "database",
                        database,
                        "keys",
                        keys.problem().isEmpty() ? "ok" : keys.problem(),
                        "warnings",
                        warnings())));
    }

    private String database() {
        try {
            return tokens.isSetUp() ? "ok" : "ok, not set up yet";
        } catch (DatabaseException e) {
            return e.kind() == DatabaseException.Kind.NOT_MIGRATED ? "not migrated" : "unavailable";
        }
    }

    private List<String> warnings() {
        return settings.upstreamAllow().isEmpty()
                ? List.of()
                : List.of("UPSTREAM_ALLOW is set: plain HTTP or local upstreams are allowed; for tests and demos only");
    }

    /** Adds what this isolate has counted since it began, and how far the seals are behind: {@code GET /api/health/details}. */
    Response details(Call call) {
        // Counted first, so that what asking for the rest costs is the same each time.
        Map<String, @Nullable Object> counts = counters.counts();
        return Response.json(
                200, Json.write(Json.object("status", "ok", "counters", counts, "audit", sealer.backlog())));
    }
}
