package packagebroker.core.review;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.access.PrincipalCache;
import packagebroker.core.access.RevocationStore;
import packagebroker.core.access.Role;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.proof.SigningKey;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** Access reviews over HTTP: begun, decided, closed. */
public final class ReviewEndpoints {
    private final ReviewStore store;
    private final RevocationStore revocations;
    private final SigningKey key;
    private final PrincipalCache cache;
    private final Random random;

    /** Creates the endpoints. */
    public ReviewEndpoints(
            ReviewStore store, RevocationStore revocations, SigningKey key, PrincipalCache cache, Random random) {
        this.store = store;
        this.revocations = revocations;
        this.key = key;
        this.cache = cache;
        this.random = random;
    }

    /** Freezes who may do what: {@code POST /api/reviews}. */
    public Response begin(Call call) {
        ApiBody.read(call).allowOnly();
        ReviewStore.Present present = store.present(call.startedAt());
        if (!present.isWhole()) {
            throw HttpError.conflict(
                    "too_many_items",
                    "expected at most " + ReviewStore.MOST + " tokens in use: revoke those that nobody uses");
        }
        String id = Hex.of(random.bytes(8));
        Map<String, @Nullable Object> head = Json.object(
                "review",
                id,
                "instance",
                call.principal().baseUrl(),
                "at",
                call.startedAt(),
                "by",
                call.principal().actor());
        Snapshot snapshot = Snapshot.of(head, present);
        String sha256 = Hex.of(Sha256.of(String.join("", snapshot.pages())));
        String note = key.sign("package.broker/review\n" + id + "\n" + call.startedAt() + "\n" + sha256 + "\n");
        int items = snapshot.itemLines().size();
        AuditEvent event = call.change(Action.START_REVIEW, id, "items", items, "sha256", sha256);
        store.create(id, snapshot, sha256, note, event);
        return Response.json(201, Json.write(begun(event, items, sha256, note)));
    }

    /** Lists the newest reviews: {@code GET /api/reviews}. */
    public Response list(Call call) {
        List<Object> reviews = new ArrayList<>();
        for (Row row : store.list()) {
            reviews.add(shown(row));
        }
        return Response.json(200, Json.write(Json.object("reviews", reviews)));
    }

    /** Returns a review as it is shown when it has just begun. */
    private static Map<String, @Nullable Object> begun(AuditEvent event, int items, String sha256, String note) {
        return Json.object(
                "id",
                event.target(),
                "created_at",
                event.at(),
                "created_by",
                event.actor(),
                "items",
                items,
                "decided",
                0,
                "revoked",
                0,
                "closed_at",
                null,
                "closed_by",
                "",
                "sha256",
                sha256,
                "note",
                note);
    }

    private static Map<String, @Nullable Object> shown(Row row) {
        return Json.object(
                "id",
                row.text("id"),
                "created_at",
                row.number("created_at"),
                "created_by",
                row.text("created_by"),
                "items",
                row.number("items"),
                "decided",
                row.number("decided"),
                "revoked",
                row.number("revoked"),
                "closed_at",
                row.isNull("closed_at") ? null : row.number("closed_at"),
                "closed_by",
                row.text("closed_by"),
                "sha256",
                row.text("sha256"),
                "note",
                row.text("note"));
    }

    /** Shows a review, each item as it was with what was decided: {@code GET /api/reviews/{id}}. */
    public Response show(Call call) {
        Row row = require(call.parameter(0));
        Map<Snapshot.Item, Row> decisions = new HashMap<>();
        for (Row decision : store.decisions(row.text("id"))) {
            decisions.put(new Snapshot.Item(decision.text("kind"), decision.text("item")), decision);
        }
        String review = Json.write(shown(row));
        ByteSink json = new ByteSink(10_000)
                .text(review.substring(0, review.length() - 1))
                .ascii(",\"entries\":[");
        String separator = "{\"was\":";
        for (String line : store.snapshot(row.text("id")).itemLines()) {
            Row decision = decisions.get(Snapshot.itemOf(line));
            String decided = Json.write(decision == null ? Json.object("decision", null) : shownDecision(decision));
            json.ascii(separator).text(line).ascii(",").text(decided.substring(1));
            separator = ",{\"was\":";
        }
        json.ascii("]}");
        return new Response(
                200,
                Headers.of("content-type", Response.JSON, "cache-control", "private, no-store"),
                Body.of(json.toBytes()));
    }

    private static Map<String, @Nullable Object> shownDecision(Row row) {
        return Json.object(
                "decision",
                row.text("decision"),
                "reason",
                row.text("reason"),
                "at",
                row.number("at"),
                "by",
                row.text("by"));
    }

    /** Hands out the snapshot as it was signed: {@code GET /api/reviews/{id}/snapshot}. */
    public Response snapshot(Call call) {
        Row row = require(call.parameter(0));
        ByteSink text = new ByteSink(10_000);
        for (String page : store.snapshot(row.text("id")).pages()) {
            text.text(page);
        }
        return new Response(
                200,
                Headers.of(
                        "content-type",
                        "application/x-ndjson",
                        "cache-control",
                        "private, no-store",
                        "content-disposition",
                        "attachment; filename=\"review.ndjson\""),
                Body.of(text.toBytes()));
    }

    /** Decides about items, and does what was decided: {@code POST /api/reviews/{id}/decisions}. */
    public Response decide(Call call) {
        Row row = require(call.parameter(0));
        List<Decision> decisions = Decision.of(ApiBody.read(call));
        String id = row.text("id");
        check(call, store.snapshot(id).items(), decisions);
        List<Object> detail = new ArrayList<>();
        for (Decision decision : decisions) {
            detail.add(decision.shown());
        }
        Map<String, @Nullable Object> shown = shown(row);
        Row counts = store.countsWith(id, Json.write(detail));
        shown.put("decided", counts.number("decided"));
        shown.put("revoked", counts.number("revoked"));
        boolean done = store.decide(id, decisions, call.change(Action.DECIDE_REVIEW, id, "decisions", detail));
        cache.clear();
        if (!done) {
            throw require(id).isNull("closed_at")
                    ? HttpError.conflict("last_owner", "expected another owner to remain")
                    : closed();
        }
        return Response.json(200, Json.write(shown));
    }

    private void check(Call call, Set<Snapshot.Item> items, List<Decision> decisions) {
        String person = call.principal().personId();
        String token = call.principal().tokenId();
        List<String> line = token.isEmpty() ? List.of() : revocations.findLine(token);
        for (Decision decision : decisions) {
            Snapshot.Item item = decision.item();
            if (!items.contains(item)) {
                throw HttpError.unprocessable("expected items of this review in $.decisions");
            }
            boolean own = item.kind().equals("token")
                    ? line.contains(item.id())
                    : item.id().equals(person);
            if (decision.revoke() && own) {
                throw HttpError.forbidden("expected somebody else to revoke what you came with");
            }
            // Whoever revokes must be as wide as anybody, so that nobody is undone by whom he outranks.
            if (decision.revoke() && !call.principal().rights().cover(Role.OWNER.rights())) {
                throw HttpError.forbidden("expected the rights of an owner to revoke something in a review");
            }
        }
    }

    /** Closes a review in which everything was decided: {@code POST /api/reviews/{id}/close}. */
    public Response close(Call call) {
        ApiBody.read(call).allowOnly();
        Row row = require(call.parameter(0));
        String id = row.text("id");
        AuditEvent event =
                call.change(Action.CLOSE_REVIEW, id, "items", row.number("items"), "revoked", row.number("revoked"));
        if (!store.close(id, event)) {
            throw row.isNull("closed_at")
                    ? HttpError.conflict("undecided", "expected a decision about each item of the review")
                    : closed();
        }
        Map<String, @Nullable Object> shown = shown(row);
        shown.put("decided", row.number("items"));
        shown.put("closed_at", event.at());
        shown.put("closed_by", event.actor());
        return Response.json(200, Json.write(shown));
    }

    private static HttpError closed() {
        return HttpError.conflict("review_closed", "expected a review that is not closed");
    }

    private Row require(String id) {
        Row row = store.find(id);
        if (row == null) {
            throw HttpError.notFound();
        }
        return row;
    }
}
