package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.Call;
import packagebroker.core.access.TokenStore;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.upstream.FreezeStore;

/** How the instance is. */
final class HealthEndpoints {
    private final TokenStore tokens;
    private final FreezeStore freezes;
    private final Counters counters;
    private final Settings settings;
    private final Keys keys;

    HealthEndpoints(TokenStore tokens, FreezeStore freezes, Counters counters, Settings settings, Keys keys) {
        this.tokens = tokens;
        this.freezes = freezes;
        this.counters = counters;
        this.settings = settings;
        this.keys = keys;
    }

    /** Says in one word each whether the parts work: {@code GET /api/health}. It is the only route that needs no key. */
    Response health(Call call) {
        List<String> warnings = new ArrayList<>(ofTheDeployment());
        String database = database(warnings);
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
                        warnings)));
    }

    private String database(List<String> warnings) {
        try {
            if (freezes.find() != null) {
                warnings.add("the instance is frozen: it serves what it has and takes nothing in");
            }
            return tokens.isSetUp() ? "ok" : "ok, not set up yet";
        } catch (DatabaseException e) {
            return e.kind() == DatabaseException.Kind.NOT_MIGRATED ? "not migrated" : "unavailable";
        }
    }

    private List<String> ofTheDeployment() {
        return settings.upstreamAllow().isEmpty()
                ? List.of()
                : List.of("UPSTREAM_ALLOW is set: plain HTTP or local upstreams are allowed; for tests and demos only");
    }

    /** Adds what this isolate has counted since it began: {@code GET /api/health/details}. */
    Response details(Call call) {
        return Response.json(200, Json.write(Json.object("status", "ok", "counters", counters.counts())));
    }
}
