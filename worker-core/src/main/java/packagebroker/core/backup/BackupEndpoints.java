package packagebroker.core.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.Ports;
import packagebroker.core.text.Utf8;
import packagebroker.core.work.Holdings;

/** What a backup reads: every table, row by row, and the objects that rows name. */
public final class BackupEndpoints {
    private static final Headers BYTES =
            Headers.of("content-type", "application/octet-stream", "cache-control", "private, no-store");
    private static final Headers LINES =
            Headers.of("content-type", "application/x-ndjson", "cache-control", "private, no-store");
    private static final int MAX_KEY = 4_000;
    private static final long MAX_NUMBER = 1L << 52;

    private final RowStore rows;
    private final ObjectStore objects;
    private final BackupLogStore log;
    private final List<Holdings> holdings;

    BackupEndpoints(Ports ports, RowStore rows, List<Holdings> holdings) {
        this.rows = rows;
        this.objects = ports.objects();
        this.log = new BackupLogStore(ports.database());
        this.holdings = holdings;
    }

    /** Says what there is to read, in which order, and which columns name objects: {@code GET /api/backup}. */
    public Response describe(Call call) {
        return Response.json(
                200, description(rows.tables(), "base_url", call.principal().baseUrl()));
    }

    /** Returns the description, with one field more. */
    String description(List<Table> tables, String name, String value) {
        List<Object> shown = new ArrayList<>();
        for (Table table : tables) {
            shown.add(table.shown());
        }
        List<Object> named = new ArrayList<>();
        for (Holdings each : holdings) {
            Holdings.Columns columns = each.columns();
            named.add(Json.object(
                    "prefix",
                    each.prefix(),
                    "table",
                    columns.table(),
                    "object",
                    columns.object(),
                    "sha256",
                    columns.sha256()));
        }
        return Json.write(Json.object("form", 1, name, value, "tables", shown, "objects", named));
    }

    /** Returns the next rows of a table, a JSON array a line; none at the end: {@code GET /api/backup/rows}. */
    public Response page(Call call) {
        Table table = table(call);
        String after = ApiQuery.text(call, "after", MAX_KEY);
        call.about(table.name());
        try {
            RowStore.Page page = rows.page(table, after);
            return new Response(200, LINES.with("backup-clock", "" + page.clock()), Body.of(Utf8.encode(page.lines())));
        } catch (DatabaseException e) {
            throw refusal(e, "expected the key of a row of this table, a JSON array, in the query's after");
        }
    }

    /** Returns the table that the query names. */
    Table table(Call call) {
        Table table = rows.find(ApiQuery.text(call, "table", 100));
        if (table == null) {
            throw HttpError.badRequest("expected a table of GET /api/backup in the query's table");
        }
        return table;
    }

    /** Returns what a refused statement means where only the caller can have caused it. */
    static RuntimeException refusal(DatabaseException e, String expected) {
        boolean passing =
                e.kind() == DatabaseException.Kind.UNAVAILABLE || e.kind() == DatabaseException.Kind.NOT_MIGRATED;
        return passing ? e : HttpError.unprocessable(expected);
    }

    /** Hands out an object: {@code GET /api/backup/objects/{room}/{object}}. */
    public Response object(Call call) {
        String key = key(call);
        call.about(key);
        ObjectStore.Stored stored = objects.get(key, null);
        if (stored == null) {
            throw HttpError.notFound();
        }
        return new Response(200, BYTES.with("content-length", "" + stored.size()), stored.body());
    }

    /** Returns the key of the object that the path names. */
    String key(Call call) {
        String room = call.parameter(0) + "/";
        String object = call.parameter(1);
        for (Holdings each : holdings) {
            if (each.prefix().equals(room) && isPlain(object)) {
                return room + object;
            }
        }
        throw HttpError.notFound();
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return name.length() <= 200;
    }

    /** Records that somebody has a backup: {@code POST /api/backup}. */
    public Response record(Call call) {
        return record(call, Action.CREATE_BACKUP);
    }

    /** Records how an exercise went: {@code POST /api/backup/drills}. */
    public Response recordDrill(Call call) {
        return record(call, Action.TEST_RESTORE);
    }

    private Response record(Call call, String action) {
        JsonObject body = ApiBody.read(call)
                .allowOnly("snapshot", "digest", "rows", "objects", "missing", "seconds", "rpo_seconds", "equal");
        Map<String, @Nullable Object> detail = Json.object();
        detail.put("digest", body.text("digest", 64));
        for (String name : List.of("rows", "objects", "missing", "seconds", "rpo_seconds")) {
            if (body.has(name)) {
                detail.put(name, body.number(name, 0, MAX_NUMBER, 0));
            }
        }
        if (body.has("equal")) {
            detail.put("equal", body.flag("equal", false));
        }
        String snapshot = body.text("snapshot", 100);
        call.about(snapshot);
        log.record(call.event(action, 200).as(action, snapshot, Json.write(detail)));
        return Response.noContent();
    }
}
