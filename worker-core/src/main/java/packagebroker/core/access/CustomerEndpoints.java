package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.composer.Limit;
import packagebroker.core.composer.Limits;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;
import packagebroker.core.text.Percent;

/** Tokens that were given to customers: found by the shop's own reference, extended, narrowed, revoked. */
public final class CustomerEndpoints {
    private static final int PAGE = 200;
    private static final int MAX_ID = 100;

    private final CustomerStore store;
    private final TokenEndpoints tokens;
    private final PrincipalCache cache;

    /** Creates the endpoints. */
    public CustomerEndpoints(CustomerStore store, TokenEndpoints tokens, PrincipalCache cache) {
        this.store = store;
        this.tokens = tokens;
        this.cache = cache;
    }

    /** Lists the tokens of all customers by reference: {@code GET /api/customers?after=}. */
    public Response list(Call call) {
        List<Row> rows = store.list(ApiQuery.text(call, "after", MAX_ID), PAGE);
        String next = rows.size() < PAGE ? null : rows.get(PAGE - 1).text("id");
        return Response.json(200, Json.write(Json.object("tokens", listed(call, rows), "next", next)));
    }

    /** Lists the tokens of one customer, revoked ones too: {@code GET /api/customers/{id}}. */
    public Response show(Call call) {
        List<Object> listed = listed(call, store.of(reference(call)));
        if (listed.isEmpty()) {
            throw HttpError.notFound();
        }
        return Response.json(200, Json.write(Json.object("tokens", listed)));
    }

    private static List<Object> listed(Call call, List<Row> rows) {
        List<Object> listed = new ArrayList<>();
        for (Row row : rows) {
            if (isWithin(call, row)) {
                listed.add(TokenEndpoints.listed(row));
            }
        }
        return listed;
    }

    private static boolean isWithin(Call call, Row row) {
        Grant grant = TokenEndpoints.grant(row);
        return grant.isWithinPatternsOf(call.principal())
                && call.principal().rights().cover(grant.toRights());
    }

    private static String reference(Call call) {
        String reference = Percent.decode(call.parameter(0));
        if (reference == null) {
            throw HttpError.notFound();
        }
        call.about(reference);
        return reference;
    }

    /** Revokes all tokens of a customer that are within the caller's packages: {@code DELETE /api/customers/{id}}. */
    public Response revoke(Call call) {
        String reference = reference(call);
        List<String> ids = new ArrayList<>();
        for (Row row : store.of(reference)) {
            if (row.isNull("revoked_at") && isWithin(call, row)) {
                ids.add(row.text("id"));
            }
        }
        boolean revoked = !ids.isEmpty()
                && store.revoke(ids, call.startedAt(), call.change(Action.REVOKE_CUSTOMER, reference, "tokens", ids));
        cache.clear();
        if (!revoked) {
            throw HttpError.notFound();
        }
        return Response.noContent();
    }

    /** Gives a customer's token other limits, or another end: {@code PATCH /api/tokens/{id}}. */
    public Response change(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("limits", "until", "expires_in_days", "expires_at");
        Row row = tokens.require(call, call.parameter(0));
        if (!row.text("kind").equals(TokenKind.CUSTOMER.wireName())) {
            throw HttpError.unprocessable("expected a token of the kind customer: others are made anew");
        }
        boolean ends = body.has("expires_in_days") || body.has("expires_at");
        if (!ends && !body.has("limits") && !body.has("until")) {
            throw HttpError.unprocessable("expected $.limits, $.until, $.expires_in_days or $.expires_at");
        }
        Grant before = TokenEndpoints.grant(row);
        Limits limits = limits(body, before.limits(), call.startedAt());
        if (!new Grant(before.rights(), limits.patterns(), before.addresses(), limits).isWithin(call.principal())) {
            throw HttpError.forbidden("expected limits no wider than your own token: in patterns and addresses");
        }
        long expiresAt = ends ? new TokenForm(body).expiresAt(call.startedAt(), true) : row.number("expires_at");
        boolean changed = store.change(
                row.text("id"),
                limits,
                expiresAt,
                call.change(Action.CHANGE_TOKEN, row.text("id"), "limits", limits.shown(), "expires_at", expiresAt));
        cache.clear();
        if (!changed) {
            throw HttpError.notFound();
        }
        return Response.json(
                200,
                Json.write(Json.object(
                        "id",
                        row.text("id"),
                        "customer",
                        row.text("customer"),
                        "limits",
                        limits.shown(),
                        "expires_at",
                        expiresAt)));
    }

    /** Returns the limits that a body asks for: new ones, the same until another date, or those from before. */
    private static Limits limits(JsonObject body, Limits before, long now) {
        if (body.has("limits") && body.has("until")) {
            throw HttpError.unprocessable("expected $.until alone: beside $.limits each limit has its own");
        }
        @Nullable
        List<Limit> wanted = body.has("limits") ? LimitForm.limits(body).all() : null;
        if (body.has("until")) {
            wanted = new ArrayList<>();
            for (Limit limit : before.all()) {
                wanted.add(limit.until(LimitForm.until(body)));
            }
        }
        return wanted == null
                ? before
                : new Limits(wanted, before.upstreams(), Math.max(now / 1000 * 1000, before.changedAt()));
    }
}
