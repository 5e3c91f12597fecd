package packagebroker.core.dist;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Row;
import packagebroker.core.text.Words;

/** The ledger over HTTP: which bytes stand for which version since when. */
public final class LedgerEndpoints {
    private static final int PAGE = 1_000;
    private static final int KEY_PARTS = 4; // vendor, name, version, reference

    private final LedgerStore store;

    /** Creates the endpoints. */
    public LedgerEndpoints(LedgerStore store) {
        this.store = store;
    }

    /** Lists the ledger by its key, 1,000 rows a page: {@code GET /api/evidence/ledger?after=}. */
    public Response list(Call call) {
        String after = ApiQuery.text(call, "after", 1_000);
        List<String> key = Words.separated(after, '/');
        if (!key.isEmpty() && key.size() != KEY_PARTS) {
            throw HttpError.badRequest("expected the next of a page before in the query's after");
        }
        List<Row> rows = key.isEmpty()
                ? store.after("", "", "", PAGE)
                : store.after(key.get(0) + "/" + key.get(1), key.get(2), key.get(3), PAGE);
        List<Object> versions = new ArrayList<>();
        for (Row row : rows) {
            versions.add(shown(row));
        }
        return Response.json(
                200,
                Json.write(Json.object(
                        "versions", versions, "next", rows.size() < PAGE ? null : next(rows.get(PAGE - 1)))));
    }

    private static String next(Row row) {
        return row.text("package") + "/" + row.text("version") + "/" + row.text("reference");
    }

    private static @Nullable Object shown(Row row) {
        return Json.object(
                "package",
                row.text("package"),
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
                "upstream",
                row.text("upstream"),
                "first_seen",
                row.number("first_seen"),
                "state",
                row.text("state"));
    }
}
