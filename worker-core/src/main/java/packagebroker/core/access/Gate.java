package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.HttpError;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.text.Base64Text;

/**
 * The door every request passes. A token that was seen lately is known without asking; otherwise its row and the rows that
 * the route will want are read in one round trip, and the latter are shown only after the door has opened.
 */
public final class Gate {
    private static final int MAX_AUTHORIZATION = 1_000;

    @SuppressWarnings("StaticAssignmentOfThrowable") // an HttpError has no stack trace that could be a wrong one
    private static final HttpError UNKNOWN =
            HttpError.unauthorized("token_unknown", "the token is unknown: check that it was pasted whole");

    private final TokenStore tokens;
    private final PrincipalCache cache;
    private final Clock clock;

    /** Creates the gate. */
    public Gate(TokenStore tokens, PrincipalCache cache, Clock clock) {
        this.tokens = tokens;
        this.cache = cache;
        this.clock = clock;
    }

    /** The read that a route wants to share the token's round trip. */
    public interface Lookup {
        /** Returns the read, or null if what it would answer is known already. */
        @Nullable
        Joined of(Call call);
    }

    /**
     * Lets a call through or throws.
     *
     * @throws HttpError 401 without a good token, 403 if its kind does not suffice
     */
    public void guard(Call call, Permission permission, Lookup lookup) {
        if (permission == Permission.PUBLIC) {
            call.place(); // It answers under any name, since it comes before there is one.
            return;
        }
        String authorization = call.request().findHeader("authorization");
        if (authorization == null || authorization.length() > MAX_AUTHORIZATION) {
            throw HttpError.unauthorized(
                    "token_missing", "expected a token: as the password of http-basic, or as bearer");
        }
        long now = call.startedAt();
        Principal known = cache.find(authorization, now);
        if (known == null) {
            known = admit(call, authorization, lookup);
        } else {
            call.allow(known, null);
        }
        if (known.expiresAt() <= now) {
            throw HttpError.unauthorized("token_expired", "the token has expired: ask for a new one");
        }
        if (permission == Permission.ADMIN && known.kind() != TokenKind.ADMIN) {
            throw HttpError.forbidden("expected an admin token");
        }
        // An instance that has moved is told so at its new address.
        if (!call.path().equals("/api/settings")) {
            refuseForeignPlace(call, known);
        }
        call.place();
    }

    private Principal admit(Call call, String authorization, Lookup lookup) {
        String token = tokenOf(authorization);
        if (token == null || !TokenText.isWellFormed(token)) {
            throw UNKNOWN;
        }
        long epoch = cache.epoch();
        long readAt = clock.millis();
        Joined other = lookup.of(call);
        List<Row> rows = tokens.read(token, other);
        if (rows.isEmpty()) {
            throw UNKNOWN;
        }
        Row row = rows.get(0);
        if (!row.isNull("token_revoked_at")) {
            throw HttpError.unauthorized("token_revoked", "the token was revoked: ask for a new one");
        }
        Principal principal = TokenStore.principal(row);
        cache.keep(authorization, principal, epoch, readAt);
        call.allow(principal, other == null ? null : rows);
        tokens.noteUse(principal, call.startedAt());
        return principal;
    }

    /** Returns the token of an Authorization header: bearer, or the password of basic with any user name. */
    private static @Nullable String tokenOf(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String scheme = authorization.substring(0, space);
        String rest = authorization.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("bearer")) {
            return rest;
        }
        if (!scheme.equalsIgnoreCase("basic")) {
            return null;
        }
        String pair = Base64Text.decode(rest);
        int colon = pair == null ? -1 : pair.indexOf(':');
        return pair == null || colon < 0 ? null : pair.substring(colon + 1);
    }

    /**
     * A request for another host, or for another path than that of the base URL, is for nobody here; no byte of any answer
     * comes from the Host header.
     */
    private static void refuseForeignPlace(Call call, Principal principal) {
        String base = principal.baseUrl();
        String asked = call.request().origin() + call.prefix();
        // The scheme may differ: what stands in front may have taken the encryption off.
        if (!asked.substring(asked.indexOf("://")).equals(base.substring(base.indexOf("://")))) {
            throw HttpError.notFound();
        }
    }
}
