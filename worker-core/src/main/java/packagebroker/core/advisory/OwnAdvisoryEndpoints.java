package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.text.IsoTime;
import packagebroker.core.text.Utf8;

/** Advisories of our own over HTTP: published, listed, changed, withdrawn. Also for packages that nobody has yet. */
public final class OwnAdvisoryEndpoints {
    private final AdvisoryStore store;
    private final Mirror mirror;
    private final Random random;

    /** Creates the endpoints. */
    public OwnAdvisoryEndpoints(Ports ports, Mirror mirror) {
        this.store = new AdvisoryStore(ports.database());
        this.mirror = mirror;
        this.random = ports.random();
    }

    /** Publishes an advisory: {@code POST /api/advisories}. */
    public Response publish(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly(OwnAdvisory.fields());
        PackageName name = PackageName.findExact(body.text("packageName", 255));
        if (name == null) {
            throw HttpError.unprocessable("expected a package name in lower case at $.packageName");
        }
        if (!call.principal().maySee(name)) {
            throw HttpError.forbidden("expected a package that your own patterns select");
        }
        if (!body.has("affectedVersions") || !body.has("title")) {
            throw HttpError.unprocessable("expected packageName, affectedVersions and title");
        }
        String id = OwnAdvisory.PREFIX + Hex.of(random.bytes(8));
        OwnAdvisory advisory =
                new OwnAdvisory(id, name, "", "", null, null, null, IsoTime.of(call.startedAt())).with(body);
        store.publish(advisory, event(call, Action.PUBLISH_ADVISORY, advisory));
        mirror.forget(name);
        return Response.json(201, Json.write(shown(advisory, call.startedAt(), null)));
    }

    /** Lists the advisories, newest first: {@code GET /api/advisories}. */
    public Response list(Call call) {
        List<Object> advisories = new ArrayList<>();
        for (Row row : store.list()) {
            if (call.principal().maySee(of(row).packageName())) {
                advisories.add(shown(row));
            }
        }
        return Response.json(200, Json.write(Json.object("advisories", advisories)));
    }

    /** Shows an advisory: {@code GET /api/advisories/{id}}. */
    public Response show(Call call) {
        return Response.json(200, Json.write(shown(require(call))));
    }

    /** Changes the fields that are given: {@code PATCH /api/advisories/{id}}. */
    public Response change(Call call) {
        Row row = requireStanding(call);
        JsonObject body = ApiBody.read(call).allowOnly(OwnAdvisory.fields());
        if (body.has("packageName")) {
            throw HttpError.unprocessable("expected no packageName: publish another advisory and withdraw this one");
        }
        OwnAdvisory advisory = of(row).with(body);
        if (!store.change(advisory, event(call, Action.CHANGE_ADVISORY, advisory))) {
            throw HttpError.notFound();
        }
        mirror.forget(advisory.packageName());
        return Response.json(200, Json.write(shown(advisory, row.number("created_at"), null)));
    }

    /** Withdraws an advisory: {@code DELETE /api/advisories/{id}}. It stays in the list. */
    public Response withdraw(Call call) {
        OwnAdvisory advisory = of(requireStanding(call));
        if (!store.withdraw(advisory, event(call, Action.WITHDRAW_ADVISORY, advisory))) {
            throw HttpError.notFound();
        }
        mirror.forget(advisory.packageName());
        return Response.noContent();
    }

    private Row require(Call call) {
        Row row = store.find(call.parameter(0));
        if (row == null || !call.principal().maySee(of(row).packageName())) {
            throw HttpError.notFound();
        }
        return row;
    }

    private Row requireStanding(Call call) {
        Row row = require(call);
        if (!row.isNull("withdrawn_at")) {
            throw HttpError.notFound();
        }
        return row;
    }

    private static OwnAdvisory of(Row row) {
        return OwnAdvisory.of(Json.read(Utf8.encode(row.text("body"))));
    }

    private static AuditEvent event(Call call, String action, OwnAdvisory advisory) {
        return call.change(
                action,
                advisory.id(),
                "package",
                advisory.packageName().toString(),
                "affected",
                advisory.affectedVersions(),
                "title",
                advisory.title());
    }

    private static Object shown(Row row) {
        return shown(of(row), row.number("created_at"), row.isNull("withdrawn_at") ? null : row.number("withdrawn_at"));
    }

    private static Object shown(OwnAdvisory advisory, long createdAt, @Nullable Long withdrawnAt) {
        Map<String, @Nullable Object> shown = Json.object("id", advisory.id());
        shown.putAll(advisory.composer());
        shown.remove("advisoryId");
        shown.remove("sources");
        shown.put("created_at", createdAt);
        shown.put("withdrawn_at", withdrawnAt);
        return shown;
    }
}
