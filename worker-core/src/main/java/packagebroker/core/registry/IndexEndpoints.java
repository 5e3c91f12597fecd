package packagebroker.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.composer.Ascii;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Views;
import packagebroker.core.port.Row;
import packagebroker.core.text.Words;

/**
 * Finding packages: what of our own index a token may see. No upstream is asked, so that what somebody looks for never leaves
 * the house.
 */
public final class IndexEndpoints {
    private static final String JSON = ".json";
    private static final int NAMES_PER_QUERY = 5_000;
    private static final int MAX_QUERIES = 10;
    private static final int MAX_FILTER = 200;
    private static final int MAX_GLOB_BYTES = 50;
    private static final int MAX_QUERY = 200;
    private static final int MAX_WORDS = 8;
    private static final int ALIKE = 2;
    private static final int PER_PAGE = 15;
    private static final int MAX_PER_PAGE = 100;
    private static final int MAX_PAGE = 10_000;
    private static final int MAX_PROVIDERS = 100;

    private final IndexStore store;
    private final Views views;

    /** Creates the endpoints. */
    public IndexEndpoints(IndexStore store, Views views) {
        this.store = store;
        this.views = views;
    }

    private IndexStore.Known known(Call call, Scope scope) {
        Limits limits = call.principal().limits();
        views.catchUp(limits, call.startedAt());
        return new IndexStore.Known(scope, limits, Mirror.goneSince(call.startedAt()));
    }

    private static Scope scope(Call call) {
        return Scope.of(call.principal().patterns());
    }

    /** Lists names: {@code GET /list.json?vendor=&filter=}, the filter with any number of asterisks (P70). */
    public Response list(Call call) {
        String vendor = Ascii.lowerCase(ApiQuery.text(call, "vendor", MAX_FILTER));
        String filter = Ascii.lowerCase(ApiQuery.text(call, "filter", MAX_FILTER));
        call.about(filter.isEmpty() ? vendor : filter);
        Scope scope = scope(call);
        if (!vendor.isEmpty()) {
            scope = scope.startingWith(vendor + "/");
        }
        int star = filter.indexOf('*');
        if (star >= 0) {
            scope = scope.startingWith(filter.substring(0, star));
        } else if (!filter.isEmpty()) {
            scope = scope.only(filter);
        }
        if (scope.isEmpty() || !isOfNames(filter)) {
            return Response.json(200, "{\"packageNames\":[]}");
        }
        // What begins as the filter does is found by the key already.
        boolean simple = star < 0 || star == filter.length() - 1;
        if (!simple && filter.length() > MAX_GLOB_BYTES) {
            throw HttpError.badRequest("expected at most " + MAX_GLOB_BYTES
                    + " characters in the query's filter if an asterisk is not at its end");
        }
        return names(known(call, scope), simple ? "" : filter);
    }

    private Response names(IndexStore.Known known, String glob) {
        StringBuilder json = new StringBuilder("{\"packageNames\":[");
        String after = "";
        for (int i = 0; i < MAX_QUERIES; i++) {
            Row row = store.list(known, after, glob, NAMES_PER_QUERY);
            if (row.number("found") > 0) {
                String names = row.text("names");
                json.append(i == 0 ? "" : ",").append(names, 1, names.length() - 1);
                after = row.text("last");
            }
            if (row.number("found") < NAMES_PER_QUERY) {
                return Response.json(200, json.append("]}").toString());
            }
        }
        json.append("],\"warning\":\"There are more than ").append(MAX_QUERIES * NAMES_PER_QUERY);
        return Response.json(
                200,
                json.append(" packages: the list ends here. Ask with a filter.\"}")
                        .toString());
    }

    /** Returns whether a name could match: what no name holds could mean something to the database. */
    private static boolean isOfNames(String filter) {
        for (int i = 0; i < filter.length(); i++) {
            char c = filter.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && "*/-_.".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Searches names and descriptions: {@code GET /search.json?q=&type=&per_page=&page=} (P71). */
    public Response search(Call call) {
        String query = ApiQuery.text(call, "q", MAX_QUERY);
        String type = ApiQuery.text(call, "type", MAX_QUERY);
        int perPage = ApiQuery.number(call, "per_page", MAX_PER_PAGE, PER_PAGE);
        int page = ApiQuery.number(call, "page", MAX_PAGE, 1);
        call.about(query);
        List<String> words = words(query);
        if (words.size() > MAX_WORDS) {
            throw HttpError.badRequest("expected at most " + MAX_WORDS + " words in the query's q");
        }
        IndexStore.Known known = known(call, scope(call));
        Found found = find(known, new IndexStore.Wanted(words, type), perPage, (page - 1) * perPage);
        if (found.total() == 0 && words.size() == 1) {
            found = similar(known, words.get(0));
        }
        Map<String, @Nullable Object> answer = Json.object("results", found.results(), "total", found.total());
        if (found.total() > (long) page * perPage && page < MAX_PAGE) {
            answer.put("next", next(call, perPage, page + 1));
        }
        return Response.json(200, Json.write(answer));
    }

    private record Found(List<Object> results, long total) {}

    private Found find(IndexStore.Known known, IndexStore.Wanted wanted, int limit, int offset) {
        List<Object> results = new ArrayList<>();
        long total = 0;
        if (!known.scope().isEmpty()) {
            for (Row row : store.search(known, wanted, limit, offset)) {
                total = row.number("total");
                if (!row.isNull("name")) {
                    results.add(result(row));
                }
            }
        }
        return new Found(results, total);
    }

    /**
     * Returns what a misspelt name of a package may have meant: what begins alike at the same vendor, or is called the same at another.
     * A client that was asked to require it searches for it, and picks out of this what is nearest.
     */
    private Found similar(IndexStore.Known known, String word) {
        PackageName name = PackageName.findExact(word);
        if (name == null) {
            return new Found(List.of(), 0);
        }
        String start = name.name().substring(0, Math.min(ALIKE, name.name().length()));
        Found near = find(
                known.in(known.scope().startingWith(name.vendor() + "/" + start)),
                new IndexStore.Wanted(List.of(), ""),
                PER_PAGE * 2,
                0);
        Found found = near.total() > 0
                ? near
                : find(known, new IndexStore.Wanted(List.of("/" + name.name()), ""), PER_PAGE * 2, 0);
        return new Found(found.results(), found.results().size());
    }

    private static List<String> words(String query) {
        List<String> words = new ArrayList<>();
        for (String word : Words.of(Ascii.lowerCase(query))) {
            if (!word.isEmpty() && !words.contains(word)) {
                words.add(word);
            }
        }
        return words;
    }

    private static Map<String, @Nullable Object> result(Row row) {
        Map<String, @Nullable Object> result =
                Json.object("name", row.text("name"), "description", row.text("description"), "type", row.text("type"));
        String abandoned = row.text("abandoned");
        if (!abandoned.isEmpty()) {
            result.put("abandoned", abandoned.equals("true") ? true : abandoned);
        }
        return result;
    }

    /** Returns the address of another page, its query written as it came. */
    private static String next(Call call, int perPage, int page) {
        String query = call.request().findQuery("q");
        String type = call.request().findQuery("type");
        return call.principal().baseUrl() + "/search.json?q=" + (query == null ? "" : query)
                + (type == null ? "" : "&type=" + type) + "&per_page=" + perPage + "&page=" + page;
    }

    /** Names the packages that provide or replace another: {@code GET /providers/{vendor}/{name}.json} (P72). */
    public Response providers(Call call) {
        String file = call.parameter(1);
        String plain = file.endsWith(JSON) ? file.substring(0, file.length() - JSON.length()) : "";
        PackageName name = PackageName.findInPath(call.parameter(0), plain);
        Scope scope = scope(call);
        if (name == null || scope.isEmpty()) {
            throw HttpError.notFound();
        }
        call.about(name.toString());
        List<Object> providers = new ArrayList<>();
        for (Row row : store.providers(known(call, scope), name.toString(), MAX_PROVIDERS)) {
            providers.add(Json.object(
                    "name", row.text("name"), "description", row.text("description"), "type", row.text("type")));
        }
        if (providers.isEmpty()) {
            throw HttpError.notFound();
        }
        return Response.json(200, Json.write(Json.object("providers", providers)));
    }
}
