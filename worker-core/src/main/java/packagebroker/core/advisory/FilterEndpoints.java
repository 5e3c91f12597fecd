package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonObject;
import packagebroker.core.mirror.Views;
import packagebroker.core.text.HttpDate;
import packagebroker.core.upstream.UpstreamStore;

/** Filter lists as Composer 2.10 asks for them. */
public final class FilterEndpoints {
    private static final String CACHING = "private, no-cache";
    private static final int MAX_URL = 400;
    private static final int MAX_LIST_NAME = 100;

    private final FilterLists lists;
    private final Views views;

    /** Creates the endpoints. */
    public FilterEndpoints(Relay relay, Summaries summaries, UpstreamStore upstreams, Views views) {
        this.views = views;
        this.lists = new FilterLists(relay, summaries, upstreams);
    }

    /**
     * Answers {@code GET /filter/summary.json}. It has a date only for who may see all: two tokens of one user share a cache, and a
     * 304 for what the narrower one was shown would hide the rest from the other.
     */
    public Response summary(Call call) {
        Predicate<PackageName> sight = views.sight(call.principal().limits(), call.startedAt());
        FilterLists.InForce inForce = lists.inForce(name -> call.principal().maySee(name) && sight.test(name));
        if (!call.principal().maySeeAll()) {
            return new Response(
                    200, Headers.of("content-type", Response.JSON, "cache-control", CACHING), Body.of(json(inForce)));
        }
        String date = HttpDate.of(inForce.modified());
        if (date.equals(call.request().findHeader("if-modified-since"))) {
            return new Response(304, Headers.of("last-modified", date, "cache-control", CACHING), Body.empty());
        }
        return new Response(
                200,
                Headers.of("content-type", Response.JSON, "last-modified", date, "cache-control", CACHING),
                Body.of(json(inForce)));
    }

    private static byte[] json(FilterLists.InForce inForce) {
        ByteSink json = new ByteSink(10_000).ascii("{\"filter\":{");
        String comma = "";
        for (Map.Entry<String, Map<String, String>> list : inForce.byList().entrySet()) {
            json.ascii(comma).quoted(list.getKey()).ascii(":{");
            comma = "";
            for (Map.Entry<String, String> entry : list.getValue().entrySet()) {
                json.ascii(comma).quoted(entry.getKey()).ascii(":").quoted(entry.getValue());
                comma = ",";
            }
            json.ascii("}");
            comma = ",";
        }
        return json.ascii("}}").toBytes();
    }

    /** Answers {@code POST /filter/entries}. */
    public Response entries(Call call) {
        JsonObject body = ApiBody.read(call);
        List<String> packages = body.findTexts("packages", MAX_URL);
        if (packages == null) {
            throw HttpError.unprocessable("expected package URLs such as pkg:composer/acme/tool at $.packages");
        }
        List<String> wanted = body.findTexts("lists", MAX_LIST_NAME);
        List<PackageName> names = AdvisoryEndpoints.visible(
                call, views, AskedNames.ofPackageUrls(packages).list());
        FilterEntries entries = lists.entries(names, wanted == null ? null : new ArrayList<>(wanted));
        ByteSink lists = entries.json();
        ByteSink json = new ByteSink(lists.length() + 20).ascii("{\"filter\":");
        return AdvisoryEndpoints.json(
                json.append(lists.toBytes(), 0, lists.length()).ascii("}"));
    }
}
