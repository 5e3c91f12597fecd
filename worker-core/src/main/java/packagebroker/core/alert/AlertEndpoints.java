package packagebroker.core.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.access.Place;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.port.Row;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamStore;

/** Alerts over HTTP: listed, accepted, dismissed. */
public final class AlertEndpoints {
    private static final int PAGE = 100;
    private static final List<String> ACCEPTABLE = List.of(Alert.Kind.RETAG.word(), Alert.Kind.BYTES.word());
    private static final List<String> STATES = List.of("open", "accepted", "dismissed", "cleared");

    private final AlertStore store;
    private final UpstreamStore upstreams;

    /** Creates the endpoints. */
    public AlertEndpoints(AlertStore store, UpstreamStore upstreams) {
        this.store = store;
        this.upstreams = upstreams;
    }

    /** Lists alerts, newest first: {@code GET /api/alerts?state=&after=}. */
    public Response list(Call call) {
        String state = call.request().findQuery("state");
        if (state != null && !STATES.contains(state)) {
            throw HttpError.badRequest("expected open, accepted, dismissed or cleared in the query's state");
        }
        Place after = ApiQuery.place(call);
        List<Row> rows = store.list(state == null ? "" : state, new AlertStore.Place(after.at(), after.id()), PAGE);
        List<Object> alerts = new ArrayList<>();
        for (Row row : rows) {
            alerts.add(shown(row));
        }
        Row last = rows.size() < PAGE ? null : rows.get(PAGE - 1);
        String next = last == null ? null : last.number("raised_at") + "-" + last.text("id");
        return Response.json(200, Json.write(Json.object("alerts", alerts, "next", next)));
    }

    /** Accepts what was refused: {@code POST /api/alerts/{id}/accept}. */
    public Response accept(Call call) {
        return decide(call, "accepted", Action.ACCEPT_ALERT);
    }

    /** Leaves things as they are, and says so: {@code POST /api/alerts/{id}/dismiss}. */
    public Response dismiss(Call call) {
        return decide(call, "dismissed", Action.DISMISS_ALERT);
    }

    private Response decide(Call call, String state, String action) {
        String reason = reason(call);
        Row alert = require(call);
        if (state.equals("accepted") && !ACCEPTABLE.contains(alert.text("kind"))) {
            throw HttpError.conflict(
                    "not_acceptable",
                    "expected an alert about a reference or stated bytes: there is nothing to be served here");
        }
        if (state.equals("accepted") && key(alert).indexOf('v') >= 0 && hasMirrors()) {
            throw HttpError.conflict(
                    "not_acceptable",
                    "expected no upstream of mode mirror: clients would look for these bytes where the first ones are");
        }
        call.about(alert.text("package") + " " + alert.text("version"));
        Map<String, @Nullable Object> shown = shown(alert);
        if (!alert.text("state").equals(state)) {
            AuditEvent event = call.change(
                    action,
                    alert.text("package") + " " + alert.text("version"),
                    "alert",
                    alert.text("id"),
                    "reason",
                    reason,
                    "before",
                    Json.object("state", alert.text("state"), "path", alert.text("served")),
                    "after",
                    Json.object("state", state, "path", alert.text("path"), "reference", alert.text("reference")));
            if (!store.decide(alert, state, event)) {
                throw HttpError.conflict("conflict", "somebody else decided about the same alert: look again");
            }
            upstreams.forget();
            shown.put("state", state);
            shown.put("decided_at", event.at());
        }
        return Response.json(200, Json.write(shown));
    }

    /** Returns the key that an alert's archive would have. */
    private static String key(Row alert) {
        String path = alert.text("path");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns whether clients fill in the URLs of archives themselves, by the reference alone. */
    private boolean hasMirrors() {
        for (Source source : upstreams.sources()) {
            if (source.mode() == Source.Mode.MIRROR) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Call call) {
        try {
            String reason = ApiBody.read(call).allowOnly("reason").findText("reason", 500);
            return reason == null ? "" : reason;
        } catch (JsonException e) {
            throw ApiBody.refusal(e);
        }
    }

    private Row require(Call call) {
        Row alert = store.find(call.parameter(0));
        if (alert == null || !isSeen(call, alert)) {
            throw HttpError.notFound();
        }
        return alert;
    }

    private static boolean isSeen(Call call, Row alert) {
        PackageName name = PackageName.find(alert.text("package"));
        return name == null ? call.principal().maySeeAll() : call.principal().maySee(name);
    }

    private static Map<String, @Nullable Object> shown(Row row) {
        return Json.object(
                "id",
                row.text("id"),
                "kind",
                row.text("kind"),
                "state",
                row.text("state"),
                "package",
                row.text("package"),
                "version",
                row.text("version"),
                "reference",
                row.text("reference"),
                "shasum",
                row.text("shasum"),
                "path",
                row.text("path"),
                "served",
                row.text("served"),
                "detail",
                row.text("detail"),
                "raised_at",
                row.number("raised_at"),
                "decided_at",
                row.number("decided_at"));
    }
}
