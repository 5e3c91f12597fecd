package packagebroker.core.catalog;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;

/** Packages over HTTP, for people and tools. */
public final class PackageEndpoints {
    private static final int MAX_AFTER = 1_000;

    private final PackageStore store;

    /** Creates the endpoints. */
    public PackageEndpoints(PackageStore store) {
        this.store = store;
    }

    /** Lists the packages: {@code GET /api/packages?after=&limit=}. */
    public Response list(Call call) {
        int limit = ApiQuery.limit(call);
        String after = ApiQuery.text(call, "after", MAX_AFTER);
        List<Object> packages = new ArrayList<>();
        String last = null;
        for (Row row : store.list(after, limit, call.principal().patternTexts())) {
            last = row.text("name");
            packages.add(Json.object(
                    "name",
                    last,
                    "upstream",
                    row.text("upstream"),
                    "owned_at",
                    row.number("owned_at"),
                    "versions",
                    row.number("versions"),
                    "last_modified",
                    row.isNull("last_modified") ? null : row.number("last_modified")));
        }
        String next = packages.size() == limit ? last : null;
        return Response.json(200, Json.write(Json.object("packages", packages, "next", next)));
    }

    /** Shows a package with its stored archives: {@code GET /api/packages/{vendor}/{name}}. */
    public Response show(Call call) {
        PackageName name = PackageName.findInPath(call.parameter(0), call.parameter(1));
        if (name == null) {
            throw HttpError.notFound();
        }
        call.about(name.toString());
        if (!call.principal().maySee(name)) {
            throw HttpError.notFound();
        }
        List<List<Row>> rows = store.show(name);
        if (rows.get(0).isEmpty()) {
            throw HttpError.notFound();
        }
        Row row = rows.get(0).get(0);
        return Response.json(
                200,
                Json.write(Json.object(
                        "name",
                        row.text("name"),
                        "upstream",
                        row.text("upstream"),
                        "upstream_name",
                        row.findText("upstream_name"),
                        "owned_at",
                        row.number("owned_at"),
                        "documents",
                        documents(rows.get(1)),
                        "dists",
                        dists(rows.get(2)))));
    }

    private static List<Object> documents(List<Row> rows) {
        List<Object> documents = new ArrayList<>();
        for (Row row : rows) {
            documents.add(Json.object(
                    "dev",
                    row.number("dev") == 1,
                    "size",
                    row.number("size"),
                    "versions",
                    row.number("versions"),
                    "last_modified",
                    row.number("last_modified"),
                    "fresh_until",
                    row.number("fresh_until"),
                    "missing_since",
                    row.number("missing_since")));
        }
        return documents;
    }

    private static List<Object> dists(List<Row> rows) {
        List<Object> dists = new ArrayList<>();
        for (Row row : rows) {
            dists.add(Json.object(
                    "version",
                    row.text("version"),
                    "reference",
                    row.text("reference"),
                    "type",
                    row.text("type"),
                    "sha256",
                    row.text("sha256"),
                    "sha1",
                    row.text("sha1"),
                    "size",
                    row.number("size"),
                    "first_seen",
                    row.number("first_seen"),
                    "state",
                    row.text("state")));
        }
        return dists;
    }
}
