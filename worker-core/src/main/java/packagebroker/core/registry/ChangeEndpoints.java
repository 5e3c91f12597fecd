package packagebroker.core.registry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.mirror.ChangeStore;

/** The list of changes for those who mirror us (P75), in the form of packagist.org's. */
public final class ChangeEndpoints {
    private static final long UNITS = 10;
    private static final long RETENTION_MILLIS = 86_400_000;
    private static final long OVERLAP_MILLIS = 60_000;
    private static final int MAX_CHANGES = 1_000;
    private static final int MAX_DIGITS = 15;

    private final ChangeStore store;

    /** Creates the endpoints. */
    public ChangeEndpoints(ChangeStore store) {
        this.store = store;
    }

    /** Lists what changed of what the caller may see: {@code GET /metadata/changes.json?since=}, in 1/10000 s since 1970. */
    public Response changes(Call call) {
        String since = call.request().findQuery("since");
        long now = call.startedAt();
        if (since == null) {
            return answer(List.of(), now);
        }
        long from = millis(since);
        List<ChangeStore.Change> changes = from < now - RETENTION_MILLIS ? null : store.since(from, now, MAX_CHANGES);
        if (changes == null) {
            return answer(List.of(action("resync", "*", now)), now);
        }
        List<Object> actions = new ArrayList<>();
        for (ChangeStore.Change change : changes) {
            if (call.principal().maySee(change.file().name())) {
                String type = change.isGone() ? "delete" : "update";
                actions.add(action(type, change.file().toString(), change.at()));
            }
        }
        return answer(actions, now);
    }

    private static long millis(String since) {
        long number = 0;
        for (int i = 0; i < since.length(); i++) {
            int digit = since.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i == MAX_DIGITS) {
                throw HttpError.badRequest("expected a time in 1/10000 s since 1970 as since");
            }
            number = number * 10 + digit;
        }
        return number / UNITS;
    }

    private static Object action(String type, String file, long at) {
        return Json.object("type", type, "package", file, "time", at / 1000);
    }

    /**
     * Answers with the time to ask with next: a minute ago, since a document carries the time at which its request began and
     * shows a little later. So a change may come twice.
     */
    private static Response answer(@Nullable Object actions, long now) {
        return Response.json(
                200, Json.write(Json.object("actions", actions, "timestamp", (now - OVERLAP_MILLIS) * UNITS)));
    }
}
