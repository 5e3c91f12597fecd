package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Words;

/** Tokens over HTTP: made, listed, revoked. The text of a token is shown once, when it is made. */
public final class TokenEndpoints {
    private static final long DAY_MILLIS = 86_400_000;
    private static final int MAX_DAYS = 366;
    private static final int MAX_PATTERNS = 100;

    private final TokenStore store;
    private final PrincipalCache cache;
    private final Random random;

    /** Creates the endpoints. */
    public TokenEndpoints(TokenStore store, PrincipalCache cache, Random random) {
        this.store = store;
        this.cache = cache;
        this.random = random;
    }

    /** Makes a token: {@code POST /api/tokens}. */
    public Response create(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("name", "kind", "patterns", "expires_in_days", "expires_at");
        TokenKind kind = TokenKind.find(body.text("kind", 20));
        if (kind == null) {
            throw HttpError.unprocessable("expected read or admin at $.kind");
        }
        List<String> patterns = patterns(body.findTexts("patterns", 255));
        long now = call.startedAt();
        long days = body.number("expires_in_days", 1, MAX_DAYS, 90);
        long expiresAt = body.number("expires_at", now + 1, now + MAX_DAYS * DAY_MILLIS, now + days * DAY_MILLIS);
        TokenStore.NewToken token = newToken(body.text("name", 100), kind, patterns, now, expiresAt);
        store.create(
                token,
                call.change(
                        Action.CREATE_TOKEN,
                        token.id(),
                        "name",
                        token.name(),
                        "kind",
                        kind.wireName(),
                        "patterns",
                        patterns,
                        "expires_at",
                        expiresAt));
        return Response.json(201, Json.write(shown(token)));
    }

    /** Returns a new token, not yet stored. */
    TokenStore.NewToken newToken(String name, TokenKind kind, List<String> patterns, long now, long expiresAt) {
        String text = TokenText.of(kind, random.bytes(32));
        return new TokenStore.NewToken(Hex.of(random.bytes(8)), text, name, kind, patterns, now, expiresAt);
    }

    /** Returns what the maker of a token is told, once. */
    static Object shown(TokenStore.NewToken token) {
        return Json.object(
                "id",
                token.id(),
                "token",
                token.text(),
                "name",
                token.name(),
                "kind",
                token.kind().wireName(),
                "patterns",
                token.patterns(),
                "expires_at",
                token.expiresAt());
    }

    private static List<String> patterns(@Nullable List<String> texts) {
        if (texts == null || texts.isEmpty() || texts.size() > MAX_PATTERNS) {
            throw HttpError.unprocessable("expected 1 to " + MAX_PATTERNS + " package patterns at $.patterns");
        }
        for (String text : texts) {
            try {
                PackagePattern.parse(text);
            } catch (IllegalArgumentException e) {
                throw HttpError.unprocessable("expected *, vendor/*, vendor/prefix-* or vendor/name at $.patterns");
            }
        }
        return texts;
    }

    /** Lists the tokens, without their texts: {@code GET /api/tokens}. */
    public Response list(Call call) {
        List<Object> tokens = new ArrayList<>();
        for (Row row : store.list()) {
            tokens.add(Json.object(
                    "id",
                    row.text("id"),
                    "name",
                    row.text("name"),
                    "kind",
                    row.text("kind"),
                    "patterns",
                    Words.of(row.text("patterns")),
                    "created_at",
                    row.number("created_at"),
                    "created_by",
                    row.text("created_by"),
                    "expires_at",
                    row.number("expires_at"),
                    "revoked_at",
                    row.isNull("revoked_at") ? null : row.number("revoked_at"),
                    "last_used",
                    row.number("last_used")));
        }
        return Response.json(200, Json.write(Json.object("tokens", tokens)));
    }

    /** Revokes a token: {@code DELETE /api/tokens/{id}}. Other isolates notice within the age of their caches. */
    public Response revoke(Call call) {
        String id = call.parameter(0);
        boolean revoked = store.revoke(id, call.startedAt(), call.change(Action.REVOKE_TOKEN, id));
        cache.clear();
        if (!revoked) {
            throw HttpError.notFound();
        }
        return Response.noContent();
    }
}
