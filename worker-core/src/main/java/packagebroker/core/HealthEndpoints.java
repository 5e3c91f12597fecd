package packagebroker.core;

import java.util.List;
import packagebroker.core.access.Call;
import packagebroker.core.access.TokenStore;
import packagebroker.core.backup.Restoring;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.DatabaseException;

/** How the instance is. */
final class HealthEndpoints {
    private final TokenStore tokens;
    private final Restoring restoring;
    private final Counters counters;
    private final Settings settings;
    private final Keys keys;

    HealthEndpoints(TokenStore tokens, Restoring restoring, Counters counters, Settings settings, Keys keys) {
        this.tokens = tokens;
        this.restoring = restoring;
        this.counters = counters;
        this.settings = settings;
        this.keys = keys;
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
            return restoring.isUnderWay() ? "ok, being restored" : tokens.isSetUp() ? "ok" : "ok, not set up yet";
        } catch (DatabaseException e) {
            return e.kind() == DatabaseException.Kind.NOT_MIGRATED ? "not migrated" : "unavailable";
        }
    }

    private List<String> warnings() {
        return settings.upstreamAllow().isEmpty()
                ? List.of()
                : List.of("UPSTREAM_ALLOW is set: plain HTTP or local upstreams are allowed; for tests and demos only");
    }

    /** Adds what this isolate has counted since it began: {@code GET /api/health/details}. */
    Response details(Call call) {
        return Response.json(200, Json.write(Json.object("status", "ok", "counters", counters.counts())));
    }
}
