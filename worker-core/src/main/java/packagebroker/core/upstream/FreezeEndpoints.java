package packagebroker.core.upstream;

import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;

/** The switch for incidents, over HTTP. */
public final class FreezeEndpoints {
    private static final int MAX_REASON = 300;

    private final FreezeStore store;
    private final UpstreamStore upstreams;

    /** Creates the endpoints. */
    public FreezeEndpoints(FreezeStore store, UpstreamStore upstreams) {
        this.store = store;
        this.upstreams = upstreams;
    }

    /** Says whether the instance is frozen: {@code GET /api/freeze}. */
    public Response show(Call call) {
        return shown(store.find());
    }

    /** Freezes the instance, or gives its freeze another reason: {@code POST /api/freeze}. */
    public Response begin(Call call) {
        String reason = ApiBody.read(call).allowOnly("reason").text("reason", MAX_REASON);
        Freeze before = store.find();
        Freeze freeze = before == null
                ? new Freeze(call.startedAt(), call.principal().actor(), reason)
                : new Freeze(before.since(), before.by(), reason);
        store.begin(freeze, call.change(Action.FREEZE, "instance", "reason", reason));
        upstreams.forget();
        return shown(freeze);
    }

    /** Ends the freeze, if there is one: {@code DELETE /api/freeze}. */
    public Response end(Call call) {
        Freeze before = store.find();
        Long since = before == null ? null : (Long) before.since();
        store.end(call.change(Action.THAW, "instance", "since", since));
        upstreams.forget();
        return Response.noContent();
    }

    /**
     * Refuses a change of what is served or of where it comes from.
     *
     * @throws HttpError 409 while the instance is frozen
     */
    public void refuse() {
        Freeze freeze = store.find();
        if (freeze != null) {
            throw refusal(freeze);
        }
    }

    /** Returns the answer to such a change. */
    public static HttpError refusal(Freeze freeze) {
        return HttpError.conflict("frozen", "expected an instance that is not frozen: " + freeze.reason());
    }

    private static Response shown(@Nullable Freeze freeze) {
        Object frozen = freeze == null
                ? null
                : Json.object("since", freeze.since(), "by", freeze.by(), "reason", freeze.reason());
        return Response.json(200, Json.write(Json.object("frozen", frozen)));
    }
}
