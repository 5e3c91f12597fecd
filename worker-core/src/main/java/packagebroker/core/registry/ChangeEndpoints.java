package packagebroker.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import packagebroker.core.access.Call;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.mirror.ChangeStore;
import packagebroker.core.mirror.Views;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.ChangeFeed;

/** The list of changes for those who mirror us (P75), in the form of packagist.org's. */
public final class ChangeEndpoints {
    private static final long RETENTION_MILLIS = 86_400_000;
    private static final long OVERLAP_MILLIS = 60_000;
    private static final int MAX_CHANGES = 1_000;

    private final ChangeStore store;
    private final Views views;

    /** Creates the endpoints. */
    public ChangeEndpoints(ChangeStore store, Views views) {
        this.store = store;
        this.views = views;
    }

    /** Lists what changed of what the caller may see: {@code GET /metadata/changes.json?since=}, in 1/10000 s since 1970. */
    public Response changes(Call call) {
        String since = call.request().findQuery("since");
        long now = call.startedAt();
        if (since == null) {
            return answer(List.of(), now);
        }
        long units = JsonSlice.of(Utf8.encode(since)).findNumber();
        if (units < 0) {
            throw HttpError.badRequest("expected a time in 1/10000 s since 1970 as since");
        }
        long from = units / ChangeFeed.UNITS;
        Limits limits = call.principal().limits();
        boolean told = from >= now - RETENTION_MILLIS && from >= limits.changedAt();
        List<ChangeStore.Change> changes = told ? store.since(from, now, MAX_CHANGES) : null;
        if (changes == null) {
            return answer(List.of(action("resync", "*", now)), now);
        }
        Predicate<PackageName> sight = views.sight(limits, now);
        List<Object> actions = new ArrayList<>();
        for (ChangeStore.Change change : changes) {
            PackageName name = change.file().name();
            if (call.principal().maySee(name) && sight.test(name)) {
                String type = change.isGone() ? "delete" : "update";
                actions.add(action(type, change.file().toString(), change.at()));
            }
        }
        return answer(actions, now);
    }

    private static Object action(String type, String file, long at) {
        return Json.object("type", type, "package", file, "time", at / 1000);
    }

    /**
     * Answers with the time to ask with next: a minute ago, since a document carries the time at which its request began and
     * shows a little later. So a change may come twice.
     */
    private static Response answer(List<Object> actions, long now) {
        return Response.json(
                200,
                Json.write(Json.object("actions", actions, "timestamp", (now - OVERLAP_MILLIS) * ChangeFeed.UNITS)));
    }
}
