package packagebroker.core.proof;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.PulledBody;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Digests;
import packagebroker.core.text.Percent;

/** The audit log over HTTP: searched, taken along, checked. */
public final class AuditEndpoints {
    private static final long MAX_NUMBER = 1L << 52;
    private static final int MAX_PAGE = 200;

    private final Trail trail;
    private final Sealer sealer;
    private final SigningKey key;
    private final Digests digests;

    /** Creates the endpoints. */
    public AuditEndpoints(Trail trail, Sealer sealer, SigningKey key, Digests digests) {
        this.trail = trail;
        this.sealer = sealer;
        this.key = key;
        this.digests = digests;
    }

    /** Finds events, newest first: {@code GET /api/audit}. */
    public Response search(Call call) {
        ApiQuery.allowOnly(
                call, "actor", "action", "target", "outcome", "request", "address", "from", "to", "limit", "after");
        Filter filter = new Filter(
                text(call, "actor"),
                text(call, "action"),
                text(call, "target"),
                text(call, "outcome"),
                text(call, "request"),
                text(call, "address"),
                number(call, "from", 0),
                number(call, "to", MAX_NUMBER));
        String after = text(call, "after");
        Search.Mark mark = after.isEmpty() ? null : Search.Mark.find(after);
        if (mark == null && !after.isEmpty()) {
            throw HttpError.badRequest("expected the next of an earlier page in the query's after");
        }
        long limit = number(call, "limit", MAX_PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw HttpError.badRequest("expected a number from 1 to " + MAX_PAGE + " in the query's limit");
        }
        Search.Page page = trail.search().page(filter, mark, (int) limit);
        List<Object> events = new ArrayList<>();
        for (LogEvent event : page.events()) {
            events.add(event.shown());
        }
        Search.Mark next = page.next();
        return Response.json(200, Json.write(Json.object("events", events, "next", next == null ? null : next.text())));
    }

    /** Hands out a part of the log: {@code GET /api/audit/export}. What is not sealed yet is sealed first. */
    public Response export(Call call) {
        ApiQuery.allowOnly(call, "format", "from", "to", "after");
        String format = text(call, "format");
        boolean csv = format.equals("csv");
        if (!csv && !format.isEmpty() && !format.equals("ndjson")) {
            throw HttpError.badRequest("expected ndjson or csv in the query's format");
        }
        boolean all = sealer.seal();
        Walk walk = walk(call);
        if (!all) {
            walk.expectMore();
        }
        call.about(format + " after seal " + walk.last().number());
        PulledBody.Source source = csv ? new CsvExport(walk) : new Export(walk, key, digests, call.startedAt());
        String type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        String file = csv ? "audit.csv" : "audit.ndjson";
        Headers headers = Headers.of(
                "content-type",
                type,
                "cache-control",
                "private, no-store",
                "content-disposition",
                "attachment; filename=\"" + file + "\"");
        return new Response(200, headers, new PulledBody(source));
    }

    private Walk walk(Call call) {
        Long to = text(call, "to").isEmpty() ? null : (Long) number(call, "to", 0);
        String after = text(call, "after");
        return after.isEmpty() ? trail.from(number(call, "from", 0), to) : trail.after(number(call, "after", 0), to);
    }

    /** Lists the newest checkpoints: {@code GET /api/audit/checkpoints}. */
    public Response checkpoints(Call call) {
        ApiQuery.allowOnly(call, "after");
        List<Object> checkpoints = new ArrayList<>();
        Long next = null;
        for (Seal seal : trail.seals().sealsAfter(number(call, "after", 0), MAX_PAGE)) {
            checkpoints.add(seal.shown());
            next = checkpoints.size() == MAX_PAGE ? (Long) seal.number() : null;
        }
        return Response.json(200, Json.write(Json.object("checkpoints", checkpoints, "next", next)));
    }

    /** Checks a part of the log: {@code GET /api/audit/verify}. */
    public Response verify(Call call) {
        ApiQuery.allowOnly(call, "from", "to", "after");
        Verification verification = new Verification(walk(call), key);
        verification.run();
        return Response.json(200, Json.write(verification.shown()));
    }

    /** Shows the public key: {@code GET /api/audit/key}. */
    public Response key(Call call) {
        return Response.json(
                200,
                Json.write(Json.object(
                        "name",
                        SigningKey.NAME,
                        "algorithm",
                        "Ed25519",
                        "public_key",
                        key.publicKeyText(),
                        "key",
                        key.verifierKey())));
    }

    private static String text(Call call, String name) {
        String sent = call.request().findQuery(name);
        String text = Percent.decode(sent == null ? "" : sent);
        if (text == null || text.length() > 256) {
            throw HttpError.badRequest("expected at most 256 plain characters in the query's " + name);
        }
        return text;
    }

    private static long number(Call call, String name, long otherwise) {
        String text = text(call, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= MAX_NUMBER) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw HttpError.badRequest("expected a whole number in the query's " + name);
        }
        throw HttpError.badRequest("expected a whole number in the query's " + name);
    }
}
