package packagebroker.core.backup;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.BaseUrls;
import packagebroker.core.access.Call;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;

/** Makes an instance that was not set up out of a backup. Until that is done, and every row is there, nothing else is answered. */
public final class RestoreEndpoints {
    private static final int MAX_ROWS_BYTES = 1_900_000;
    private static final int SHA256_DIGITS = 64;
    private static final long MAX_NUMBER = 1L << 52;

    private final BackupEndpoints contents;
    private final RowStore rows;
    private final RestoreStore store;
    private final Restoring restoring;
    private final ObjectIntake intake;
    private final BaseUrls baseUrls;
    private final Random random;

    RestoreEndpoints(Ports ports, BackupEndpoints contents, RowStore rows, RestoreStore store, Restoring restoring) {
        this.contents = contents;
        this.rows = rows;
        this.store = store;
        this.restoring = restoring;
        this.intake = new ObjectIntake(ports, store);
        this.baseUrls = new BaseUrls(ports.urls());
        this.random = ports.random();
    }

    /** Begins, or begins anew: {@code POST /api/restore}. */
    public Response begin(Call call) {
        ApiBody.read(call).allowOnly();
        String id = Hex.of(random.bytes(16));
        List<Table> tables = rows.tables();
        if (!store.begin(id, call.startedAt(), tables)) {
            throw HttpError.conflict("already_set_up", "expected an instance that was not set up: this one was");
        }
        restoring.begun();
        return Response.json(201, contents.description(tables, "id", id));
    }

    /** Gives up: {@code DELETE /api/restore}; the instance is as it was before. */
    public Response abandon(Call call) {
        String id = requireUnderWay(call);
        if (!store.abandon(id, rows.tables())) {
            throw notUnderWay();
        }
        return Response.noContent();
    }

    /** Takes rows of a table, a JSON array of arrays: {@code POST /api/restore/rows}. */
    public Response takeRows(Call call) {
        String id = requireUnderWay(call);
        Table table = contents.table(call);
        String sent = Utf8.decode(ApiBody.bytes(call, MAX_ROWS_BYTES));
        try {
            if (!rows.write(table, sent, id)) {
                throw notUnderWay();
            }
        } catch (DatabaseException e) {
            throw BackupEndpoints.refusal(
                    e, "expected rows of this table, a JSON array of arrays with a value a column");
        }
        return Response.noContent();
    }

    /** Takes an object: {@code PUT /api/restore/objects/{room}/{object}}. */
    public Response takeObject(Call call) {
        // Not asked for each of many thousands: what comes a moment too late is an object that no row names.
        if (!restoring.isKnown(ApiQuery.text(call, "id", 32), call.startedAt())) {
            restoring.know(requireUnderWay(call), call.startedAt());
        }
        String sha256 = ApiQuery.text(call, "sha256", SHA256_DIGITS);
        if (sha256.length() != SHA256_DIGITS) {
            throw HttpError.badRequest("expected the SHA-256 of the object in the query's sha256");
        }
        try {
            if (!intake.receive(contents.key(call), call.request().body(), sha256, call.startedAt())) {
                throw HttpError.unprocessable("expected bytes with this SHA-256 but found others");
            }
        } catch (TransferException e) {
            throw HttpError.badRequest("expected the whole object but it broke off");
        }
        return Response.noContent();
    }

    /** Returns what rows have come in: {@code GET /api/restore/rows}. */
    public Response page(Call call) {
        requireUnderWay(call);
        return contents.page(call);
    }

    /** Returns an object that has come in: {@code GET /api/restore/objects/{room}/{object}}. */
    public Response object(Call call) {
        requireUnderWay(call);
        return contents.object(call);
    }

    /** Opens the instance if it is complete: {@code POST /api/restore/finish}. */
    public Response finish(Call call) {
        String id = requireUnderWay(call);
        JsonObject body = ApiBody.read(call).allowOnly("snapshot", "digest", "base_url", "tables");
        String baseUrl = baseUrls.require(body);
        String snapshot = body.text("snapshot", 100);
        JsonObject expected = body.findObject("tables");
        if (expected == null) {
            throw HttpError.unprocessable("expected the number of rows of each table at $.tables");
        }
        List<RestoreStore.Count> counts = new ArrayList<>();
        for (Table table : rows.tables()) {
            counts.add(new RestoreStore.Count(table, expected.number(table.name(), 0, MAX_NUMBER, 0)));
        }
        AuditEvent event = call.event(Action.RESTORE_BACKUP, 200)
                .by("setup")
                .as(
                        Action.RESTORE_BACKUP,
                        snapshot,
                        Json.write(Json.object("digest", body.text("digest", SHA256_DIGITS), "base_url", baseUrl)));
        if (!store.finish(id, counts, baseUrl, event)) {
            throw HttpError.conflict(
                    "incomplete", "expected every table to have the rows it has to have: restore again");
        }
        return Response.json(200, Json.write(Json.object("base_url", baseUrl)));
    }

    /** Who knows the setup secret may read what he brings, and nothing of an instance that is open. */
    private String requireUnderWay(Call call) {
        String id = ApiQuery.text(call, "id", 32);
        if (id.isEmpty() || !id.equals(store.state().restore())) {
            throw notUnderWay();
        }
        return id;
    }

    private static HttpError notUnderWay() {
        return HttpError.conflict("not_restoring", "expected a restore under way, with its id in the query's id");
    }
}
