package packagebroker.core.git;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.upstream.GitKind;
import packagebroker.core.upstream.UpstreamStore;

/** What was read of git hosts, over HTTP. */
public final class GitEndpoints {
    private static final int MAX_PROBLEMS = 500;

    private final UpstreamStore upstreams;
    private final RepositoryStore store;

    GitEndpoints(UpstreamStore upstreams, RepositoryStore store) {
        this.upstreams = upstreams;
        this.store = store;
    }

    /** Lists the repositories of an upstream and what is wrong with them: {@code GET /api/upstreams/{id}/repositories}. */
    public Response list(Call call) {
        ApiQuery.allowOnly(call, "after", "limit");
        String upstream = requireHost(call);
        int limit = ApiQuery.limit(call);
        List<Row> rows = store.page(upstream, ApiQuery.text(call, "after", 600), limit);
        Map<String, List<Object>> problems = new LinkedHashMap<>();
        for (Row row : rows) {
            problems.put(row.text("id"), new ArrayList<>());
        }
        for (Row row : store.problems(upstream, List.copyOf(problems.keySet()), MAX_PROBLEMS)) {
            problems.getOrDefault(row.text("repository"), new ArrayList<>())
                    .add(Json.object(
                            "ref", row.text("name"), "commit", row.text("reference"), "problem", row.text("problem")));
        }
        List<Object> shown = new ArrayList<>();
        for (Row row : rows) {
            shown.add(shown(row, problems.getOrDefault(row.text("id"), List.of())));
        }
        String next = rows.size() < limit ? null : rows.get(rows.size() - 1).text("id");
        return Response.json(200, Json.write(Json.object("repositories", shown, "next", next)));
    }

    private static Object shown(Row row, List<Object> problems) {
        return Json.object(
                "id",
                row.text("id"),
                "path",
                row.text("path"),
                "default_branch",
                row.text("default_branch"),
                "archived",
                row.number("archived") == 1,
                "package",
                row.text("package"),
                "state",
                row.text("stage"),
                "due_at",
                row.number("turn_at"),
                "synced_at",
                row.number("synced_at"),
                "missing_since",
                row.number("missing_since"),
                "problem",
                row.text("problem"),
                "versions",
                row.number("read"),
                "pending",
                row.number("pending"),
                "problems",
                problems);
    }

    /** Has everything looked at again from the next minute on: {@code POST /api/upstreams/{id}/sync}. */
    public Response sync(Call call) {
        String upstream = requireHost(call);
        store.sync(upstream, call.change(Action.SYNC_UPSTREAM, upstream));
        return Response.noContent();
    }

    private String requireHost(Call call) {
        String kind = upstreams.kind(call.parameter(0));
        if (GitKind.find(kind) == null) {
            throw HttpError.notFound();
        }
        return call.parameter(0);
    }
}
