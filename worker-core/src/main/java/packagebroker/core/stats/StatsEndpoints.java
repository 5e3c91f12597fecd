package packagebroker.core.stats;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;

/** Installs as clients report them, and what came of it for people to read. */
public final class StatsEndpoints {
    private static final long DAY_MILLIS = 86_400_000;
    private static final int MAX_TEXT = 1_000;
    private static final int DAYS = 30;
    private static final int MAX_DAYS = 366;
    private static final int MAX_VERSIONS = 100;

    private final TallyStore store;

    /** Creates the endpoints. */
    public StatsEndpoints(TallyStore store) {
        this.store = store;
    }

    /**
     * Counts what a client installed: {@code POST /downloads}, Composer's notify-batch (P73, P74). What the token may not see,
     * or is no version, is passed over in silence, as a client could do nothing about it.
     */
    public Response notifyInstalls(Call call) {
        List<JsonObject> downloads = ApiBody.read(call).objects("downloads");
        call.about(downloads.size() + " packages");
        Tally tally = new Tally();
        for (JsonObject download : downloads) {
            PackageName name = PackageName.find(download.text("name", MAX_TEXT));
            String version = Version.normalize(download.text("version", MAX_TEXT));
            if (name != null && version != null && isOpen(call, name, version)) {
                tally.addOnce(name.toString(), Version.pathSegment(version));
            }
        }
        if (tally.size() > 0) {
            store.addInstalls(call.startedAt(), tally);
        }
        return Response.json(200, "{\"status\":\"success\"}");
    }

    private static boolean isOpen(Call call, PackageName name, String version) {
        return call.principal().maySee(name)
                && call.principal().limits().of(name).admitsInTime(Version.pathSegment(version));
    }

    /** Shows the use of a package: {@code GET /api/packages/{vendor}/{name}/stats?days=}. */
    public Response show(Call call) {
        PackageName name = PackageName.findInPath(call.parameter(0), call.parameter(1));
        int days = ApiQuery.number(call, "days", MAX_DAYS, DAYS);
        if (name == null || !isSeen(call, name)) {
            throw HttpError.notFound();
        }
        long today = call.startedAt() - call.startedAt() % DAY_MILLIS;
        List<List<Row>> rows = store.show(name, today - (days - 1) * DAY_MILLIS, MAX_VERSIONS);
        if (rows.get(0).isEmpty()) {
            throw HttpError.notFound();
        }
        long installs = 0;
        long downloads = 0;
        List<Object> byDay = new ArrayList<>();
        for (Row row : rows.get(1)) {
            installs += row.number("installs");
            downloads += row.number("downloads");
            byDay.add(counts("day", row.number("day"), row));
        }
        List<Object> byVersion = new ArrayList<>();
        for (Row row : rows.get(2)) {
            byVersion.add(counts("version", row.text("version"), row));
        }
        return Response.json(
                200,
                Json.write(Json.object(
                        "name",
                        name.toString(),
                        "days",
                        days,
                        "installs",
                        installs,
                        "downloads",
                        downloads,
                        "by_day",
                        byDay,
                        "by_version",
                        byVersion)));
    }

    private static boolean isSeen(Call call, PackageName name) {
        call.about(name.toString());
        return call.principal().maySee(name);
    }

    private static Object counts(String key, Object value, Row row) {
        return Json.object(key, value, "installs", row.number("installs"), "downloads", row.number("downloads"));
    }
}
