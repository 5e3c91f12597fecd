package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.Limits;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Words;

/** Tokens over HTTP: made, listed, rotated, revoked. The text of a token is shown once, when it is made. */
public final class TokenEndpoints {
    private final TokenStore store;
    private final PrincipalCache cache;
    private final Random random;

    /** Creates the endpoints. */
    public TokenEndpoints(TokenStore store, PrincipalCache cache, Random random) {
        this.store = store;
        this.cache = cache;
        this.random = random;
    }

    /** Makes a token, no wider than its maker: {@code POST /api/tokens}. */
    public Response create(Call call) {
        TokenForm form = TokenForm.of(ApiBody.read(call));
        Grant grant = form.grant();
        NewToken.Label label = form.label(call.principal().actor());
        NewToken.Span span = form.span(call.startedAt());
        if (span.maxUses() > 0 && grant.toRights().canManage()) {
            throw HttpError.unprocessable("expected no $.max_uses beside a right to manage something");
        }
        if (!grant.isWithin(call.principal())) {
            throw HttpError.forbidden("expected a token no wider than your own: in rights, patterns and addresses");
        }
        if (!store.knowsUpstreams(grant.limits().upstreams())) {
            throw HttpError.unprocessable("expected ids of upstreams that there are at $.upstreams");
        }
        TokenKind kind = form.isForCustomer() ? TokenKind.CUSTOMER : TokenKind.of(grant.toRights());
        NewToken token = NewToken.of(kind, label, grant, span, random);
        Map<String, @Nullable Object> shown = token.shown();
        shown.remove("token");
        boolean made =
                store.create(token, call.principal(), call.change(Action.CREATE_TOKEN, token.id(), "token", shown));
        if (!made) {
            throw revoked();
        }
        return Response.json(201, Json.write(token.shown()));
    }

    /** Lists the tokens whose packages are open to the caller, without their texts: {@code GET /api/tokens?after=&limit=}. */
    public Response list(Call call) {
        int limit = ApiQuery.limit(call);
        List<Object> tokens = new ArrayList<>();
        List<Row> rows = store.list(call.startedAt(), ApiQuery.place(call), limit);
        for (Row row : rows) {
            if (grant(row).isWithinPatternsOf(call.principal())) {
                tokens.add(listed(row));
            }
        }
        return Response.json(200, Json.write(Json.object("tokens", tokens, "next", Place.next(rows, limit))));
    }

    /** Returns a token as the API shows it. */
    public static Map<String, @Nullable Object> listed(Row row) {
        Map<String, @Nullable Object> shown = Json.object(
                "id",
                row.text("id"),
                "name",
                row.text("name"),
                "kind",
                row.text("kind"),
                "rights",
                grant(row).toRights().names(),
                "patterns",
                Words.of(row.text("patterns")),
                "ip_allow",
                Words.of(row.text("addresses")),
                "customer",
                row.text("customer"),
                "limits",
                grant(row).limits().shown(),
                "upstreams",
                Words.of(row.text("upstreams")),
                "purpose",
                row.text("purpose"),
                "owner",
                row.text("owner"),
                "person",
                row.text("person"));
        shown.putAll(life(row));
        return shown;
    }

    private static Map<String, @Nullable Object> life(Row row) {
        return Json.object(
                "created_at",
                row.number("created_at"),
                "created_by",
                row.text("created_by"),
                "not_before",
                row.number("not_before"),
                "expires_at",
                row.number("expires_at"),
                "uses_left",
                row.isNull("uses_left") ? null : row.number("uses_left"),
                "revoked_at",
                row.isNull("revoked_at") ? null : row.number("revoked_at"),
                "last_used",
                row.number("last_used"));
    }

    static Grant grant(Row row) {
        Grant stored = Grant.stored(
                TokenRow.grantOf(row.text("rights"), row.text("kind")), row.text("patterns"), row.text("addresses"));
        Limits limits = Limits.parse(row.text("limits"), row.text("upstreams"), row.number("limits_at"));
        return new Grant(stored.rights(), stored.patterns(), stored.addresses(), limits);
    }

    /**
     * Gives a token another text and another end, so that what was made with it lives on:
     * {@code POST /api/tokens/{id}/rotate}. The old text opens nothing any more, nor do sessions that were opened with it. Who
     * rotates a token learns its text, and would keep it beyond his own end, were it not his own or made with it.
     */
    public Response rotate(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("expires_in_days", "expires_at");
        Row row = require(call, call.parameter(0));
        TokenKind kind = TokenKind.find(row.text("kind"));
        if (row.number("own") == 0 || kind == null || kind == TokenKind.CI) {
            throw HttpError.forbidden("expected this very token, or one made with it, and not that of a CI job");
        }
        if (!grant(row).isWithin(call.principal())) {
            throw HttpError.forbidden("expected a token no wider than your own");
        }
        NewToken.Label label =
                new NewToken.Label(row.text("name"), row.text("purpose"), row.text("owner"), row.text("customer"));
        NewToken.Span span = new NewToken.Span(call.startedAt(), row.number("not_before"), end(call, row, body), 0);
        NewToken made = NewToken.of(kind, label, grant(row), span, random);
        NewToken token = new NewToken(row.text("id"), made.text(), kind, label, made.grant(), span);
        AuditEvent event = call.change(Action.ROTATE_TOKEN, token.id(), "expires_at", span.expiresAt());
        boolean rotated = store.rotate(token, call.principal(), event);
        cache.clear();
        if (!rotated) {
            throw lost(call);
        }
        Map<String, @Nullable Object> shown = token.shown();
        shown.put("uses_left", row.isNull("uses_left") ? null : row.number("uses_left"));
        return Response.json(201, Json.write(shown));
    }

    /** Returns when a rotated token ends: one that rotates itself is good for no longer than it was when its text was made. */
    private static long end(Call call, Row row, JsonObject body) {
        long now = call.startedAt();
        long asked = new TokenForm(body).expiresAt(now, row.text("kind").equals(TokenKind.CUSTOMER.wireName()));
        boolean itself = row.text("id").equals(call.principal().tokenId());
        return itself ? Math.min(asked, now + row.number("expires_at") - row.number("created_at")) : asked;
    }

    /** Returns why a change found nothing: its object is gone, or the caller. */
    private HttpError lost(Call call) {
        return store.isAlive(call.principal()) ? HttpError.notFound() : revoked();
    }

    private static HttpError revoked() {
        return HttpError.unauthorized("token_revoked", "the token was revoked: ask for a new one");
    }

    /** Revokes a token: {@code DELETE /api/tokens/{id}}. Other isolates notice within the age of their caches. */
    public Response revoke(Call call) {
        String id = require(call, call.parameter(0)).text("id");
        boolean revoked = store.revoke(id, call.principal(), call.change(Action.REVOKE_TOKEN, id));
        cache.clear();
        if (!revoked) {
            throw lost(call);
        }
        return Response.noContent();
    }

    /** Returns a token that the caller may deal with: what it may not see is absent, what is wider than itself is refused. */
    Row require(Call call, String id) {
        Row row = store.find(id, call.principal());
        if (row == null || !grant(row).isWithinPatternsOf(call.principal())) {
            throw HttpError.notFound();
        }
        if (!call.principal().rights().cover(grant(row).toRights())) {
            throw HttpError.forbidden("expected a token no wider than your own");
        }
        return row;
    }
}
