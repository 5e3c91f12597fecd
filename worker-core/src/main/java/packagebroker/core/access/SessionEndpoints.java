package packagebroker.core.access;

import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.port.Random;

/**
 * Sessions of the dashboard: a token is exchanged for a cookie that no script can read. A session ends after twelve hours, after
 * half an hour without a request, and with what opened it.
 */
public final class SessionEndpoints {
    private static final long LONGEST_MILLIS = 12 * 3_600_000;
    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private final SessionStore store;
    private final PrincipalCache cache;
    private final Random random;

    /** Creates the endpoints. */
    public SessionEndpoints(SessionStore store, PrincipalCache cache, Random random) {
        this.store = store;
        this.cache = cache;
        this.random = random;
    }

    /** Opens a session for the token that is presented: {@code POST /api/session}. */
    public Response open(Call call) {
        ApiBody.read(call).allowOnly();
        if (!call.principal().sessionHash().isEmpty()) {
            throw HttpError.forbidden("expected a token: a session does not prolong itself");
        }
        return opened(call, call.principal());
    }

    /** Opens a session for somebody who has shown who he is. */
    public Response opened(Call call, Principal owner, @Nullable Object... detail) {
        String text = TokenText.of(TokenKind.SESSION, random.bytes(32));
        long now = call.startedAt();
        long end = Math.min(now + LONGEST_MILLIS, owner.conditions().expiresAt());
        AuditEvent event =
                call.change(Action.OPEN_SESSION, owner.actor(), detail).by(owner.actor());
        if (!store.open(text, owner, end, event)) {
            throw HttpError.unauthorized("token_revoked", "the token was revoked: ask for a new one");
        }
        String cookie = Gate.COOKIE + text + ATTRIBUTES + "; Max-Age=" + (end - now) / 1000;
        return Response.json(201, Json.write(described(owner, end))).with("set-cookie", cookie);
    }

    /** Says who the caller is and what it may do: {@code GET /api/session}. */
    public Response show(Call call) {
        Principal caller = call.principal();
        return Response.json(
                200, Json.write(described(caller, caller.conditions().expiresAt())));
    }

    private static Object described(Principal owner, long end) {
        return Json.object(
                "actor",
                owner.actor(),
                "person",
                owner.personId(),
                "rights",
                owner.rights().names(),
                "patterns",
                owner.patternTexts(),
                "expires_at",
                end);
    }

    /** Closes the caller's session: {@code DELETE /api/session}. */
    public Response close(Call call) {
        String hash = call.principal().sessionHash();
        if (hash.isEmpty()) {
            throw HttpError.notFound();
        }
        store.close(hash, call.change(Action.CLOSE_SESSION, call.principal().actor()));
        cache.clear();
        return Response.noContent().with("set-cookie", Gate.COOKIE + ATTRIBUTES + "; Max-Age=0");
    }
}
