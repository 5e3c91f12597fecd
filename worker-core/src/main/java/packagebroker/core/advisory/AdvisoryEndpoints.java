package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.ByteSink;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Views;
import packagebroker.core.port.Ports;
import packagebroker.core.text.Utf8;

/** Security advisories as Composer asks for them. */
public final class AdvisoryEndpoints {
    private static final int MAX_BYTES = 512 * 1024;
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Advisories advisories;
    private final Views views;

    /** Creates the endpoints. */
    public AdvisoryEndpoints(Ports ports, Relay relay, Mirror mirror, Views views) {
        this.views = views;
        this.advisories = new Advisories(relay, mirror, ports.clock());
    }

    /** Answers {@code POST /security-advisories}. */
    public Response advisories(Call call) {
        List<PackageName> names =
                visible(call, views, AskedNames.ofForm(form(call)).list());
        Map<String, String> lists = advisories.of(
                names,
                name -> new Mirror.Ask(name, false, call.principal().baseUrl(), call.event(Action.READ_METADATA, 200)),
                call.startedAt());
        ByteSink json = new ByteSink(1_000).ascii("{\"advisories\":{");
        boolean first = true;
        for (Map.Entry<String, String> list : lists.entrySet()) {
            json.ascii(first ? "" : ",").quoted(list.getKey()).ascii(":").text(list.getValue());
            first = false;
        }
        return json(json.ascii("}}"));
    }

    static Response json(ByteSink json) {
        return new Response(
                200,
                Headers.of("content-type", Response.JSON, "cache-control", "private, no-store"),
                Body.of(json.toBytes()));
    }

    /** Returns the names that the token may see; of the others nothing is known to it (P69). */
    static List<PackageName> visible(Call call, Views views, List<PackageName> names) {
        if (names.size() > AskedNames.MAX) {
            throw HttpError.unprocessable("expected at most " + AskedNames.MAX + " packages");
        }
        call.about(names.size() + " packages");
        Predicate<PackageName> sight = views.sight(call.principal().limits(), call.startedAt());
        List<PackageName> visible = new ArrayList<>();
        for (PackageName name : names) {
            if (call.principal().maySee(name) && sight.test(name)) {
                visible.add(name);
            }
        }
        return visible;
    }

    private static String form(Call call) {
        String type = call.request().findHeader("content-type");
        if (type == null || !(type.equals(FORM) || type.startsWith(FORM + ";"))) {
            throw HttpError.unsupportedMediaType(FORM);
        }
        try {
            return Utf8.decode(call.request().body().bytes(MAX_BYTES));
        } catch (TransferException e) {
            throw HttpError.tooLarge(MAX_BYTES);
        }
    }
}
