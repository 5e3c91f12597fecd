package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
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
        NewToken token = NewToken.of(TokenKind.of(grant.toRights()), label, grant, span, random);
        Map<String, @Nullable Object> shown = token.shown();
        shown.remove("token");
        boolean made =
                store.create(token, call.principal(), call.change(Action.CREATE_TOKEN, token.id(), "token", shown));
        if (!made) {
            throw HttpError.unauthorized("token_revoked", "the token was revoked: ask for a new one");
        }
        return Response.json(201, Json.write(token.shown()));
    }

    /** Lists the tokens whose packages are open to the caller, without their texts: {@code GET /api/tokens}. */
    public Response list(Call call) {
        List<Object> tokens = new ArrayList<>();
        for (Row row : store.list(call.startedAt())) {
            if (grant(row).isWithinPatternsOf(call.principal())) {
                tokens.add(listed(row));
            }
        }
        return Response.json(200, Json.write(Json.object("tokens", tokens)));
    }

    /** Returns a token as the API shows it. */
    public static Map<String, @Nullable Object> listed(Row row) {
        return Json.object(
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
                "purpose",
                row.text("purpose"),
                "owner",
                row.text("owner"),
                "person",
                row.text("person"),
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

    private static Grant grant(Row row) {
        return Grant.stored(
                TokenRow.grantOf(row.text("rights"), row.text("kind")), row.text("patterns"), row.text("addresses"));
    }

    /**
     * Gives a token another text and another end, so that what was made with it lives on:
     * {@code POST /api/tokens/{id}/rotate}. The old text opens nothing any more.
     */
    public Response rotate(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("expires_in_days", "expires_at");
        Row row = require(call, call.parameter(0));
        if (!grant(row).isWithin(call.principal())) {
            throw HttpError.forbidden("expected a token no wider than your own");
        }
        TokenKind kind = TokenKind.find(row.text("kind"));
        NewToken.Label label = new NewToken.Label(row.text("name"), row.text("purpose"), row.text("owner"));
        NewToken.Span span = NewToken.Span.until(call.startedAt(), new TokenForm(body).expiresAt(call.startedAt()));
        NewToken made = NewToken.of(kind == null ? TokenKind.READ : kind, label, grant(row), span, random);
        NewToken token = new NewToken(row.text("id"), made.text(), made.kind(), label, made.grant(), span);
        boolean rotated =
                store.rotate(token, call.change(Action.ROTATE_TOKEN, token.id(), "expires_at", span.expiresAt()));
        cache.clear();
        if (!rotated) {
            throw HttpError.notFound();
        }
        return Response.json(201, Json.write(token.shown()));
    }

    /** Revokes a token: {@code DELETE /api/tokens/{id}}. Other isolates notice within the age of their caches. */
    public Response revoke(Call call) {
        String id = require(call, call.parameter(0)).text("id");
        boolean revoked = store.revoke(id, call.startedAt(), call.change(Action.REVOKE_TOKEN, id));
        cache.clear();
        if (!revoked) {
            throw HttpError.notFound();
        }
        return Response.noContent();
    }

    /** Returns a token that the caller may deal with: what it may not see is absent, what is wider than itself is refused. */
    private Row require(Call call, String id) {
        Row row = store.find(id);
        if (row == null || !grant(row).isWithinPatternsOf(call.principal())) {
            throw HttpError.notFound();
        }
        if (!call.principal().rights().cover(grant(row).toRights())) {
            throw HttpError.forbidden("expected a token no wider than your own");
        }
        return row;
    }
}
