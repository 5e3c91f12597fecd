package packagebroker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.BaseUrls;
import packagebroker.core.access.Call;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.audit.Action;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Statement;
import packagebroker.core.upstream.Freeze;
import packagebroker.core.upstream.FreezeEndpoints;
import packagebroker.core.upstream.Packagist;
import packagebroker.core.upstream.UpstreamStore;

/** What administrators decide about the whole instance. */
final class SettingsEndpoints {
    private final SettingStore store;
    private final UpstreamStore upstreams;
    private final PrincipalCache principals;
    private final BaseUrls baseUrls;
    private final Packagist packagist;

    SettingsEndpoints(
            SettingStore store,
            UpstreamStore upstreams,
            PrincipalCache principals,
            BaseUrls baseUrls,
            Packagist packagist) {
        this.store = store;
        this.upstreams = upstreams;
        this.principals = principals;
        this.baseUrls = baseUrls;
        this.packagist = packagist;
    }

    /** Shows the settings: {@code GET /api/settings}. */
    Response show(Call call) {
        return shown(call.principal().baseUrl(), upstreams.hasPackagist());
    }

    /** Changes the settings that are given, all at once: {@code PATCH /api/settings}. */
    Response change(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("base_url", "packagist");
        if (!body.has("base_url") && !body.has("packagist")) {
            throw HttpError.unprocessable("expected base_url or packagist");
        }
        List<Statement> changes = new ArrayList<>(UpstreamStore.rootChanged(call.startedAt()));
        Map<String, @Nullable Object> detail = Json.object();
        String baseUrl = call.principal().baseUrl();
        if (body.has("base_url")) {
            detail.put("old", baseUrl);
            baseUrl = baseUrls.require(body);
            detail.put("new", baseUrl);
            changes.add(SettingStore.baseUrl(baseUrl));
        }
        // Read before the change: what is done is not answered with an error.
        boolean on = body.has("packagist") ? body.flag("packagist", true) : upstreams.hasPackagist();
        if (body.has("packagist")) {
            detail.put("packagist", on);
            changes.addAll(packagistSwitch(on, call.startedAt()));
        }
        store.change(
                changes,
                call.change(Action.CHANGE_SETTINGS, "settings")
                        .as(Action.CHANGE_SETTINGS, "settings", Json.write(detail)));
        principals.clear();
        upstreams.forget();
        return shown(baseUrl, on);
    }

    private List<Statement> packagistSwitch(boolean on, long at) {
        Freeze freeze = store.findFreeze();
        if (freeze != null) {
            throw FreezeEndpoints.refusal(freeze);
        }
        List<Statement> statements = upstreams.packagist(packagist, on, at);
        if (statements.isEmpty()) {
            throw HttpError.unprocessable(
                    "expected false at $.packagist, since PACKAGIST_URL is off in this deployment");
        }
        return statements;
    }

    private static Response shown(String baseUrl, boolean packagist) {
        return Response.json(200, Json.write(Json.object("base_url", baseUrl, "packagist", packagist)));
    }
}
