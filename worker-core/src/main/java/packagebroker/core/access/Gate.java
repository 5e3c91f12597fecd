package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.http.HttpError;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Row;
import packagebroker.core.text.Ascii;
import packagebroker.core.text.Base64Text;

/**
 * The door every request passes. A token that was seen lately is known without asking; otherwise its row, that of the person
 * behind it and the rows that the route will want are read in one round trip, and the latter are shown only after the door has
 * opened.
 */
public final class Gate {
    /** How the cookie of a session begins. */
    static final String COOKIE = "__Host-session=";

    private static final int MAX_AUTHORIZATION = 1_000;

    @SuppressWarnings("StaticAssignmentOfThrowable") // an HttpError has no stack trace that could be a wrong one
    private static final HttpError UNKNOWN =
            HttpError.unauthorized("token_unknown", "the token is unknown: check that it was pasted whole");

    private final TokenStore tokens;
    private final SessionStore sessions;
    private final PrincipalCache cache;
    private final SetupSecret setupSecret;
    private final Clock clock;

    /** Creates the gate. */
    public Gate(TokenStore tokens, SessionStore sessions, PrincipalCache cache, SetupSecret setupSecret, Clock clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.cache = cache;
        this.setupSecret = setupSecret;
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
     * @throws HttpError 401 without a good token, 403 if its rights do not suffice
     */
    public void guard(Call call, Permission permission, Lookup lookup) {
        if (permission == Permission.PUBLIC) {
            call.place(); // It answers under any name, since it comes before there is one.
            return;
        }
        String presented = presented(call);
        if (permission == Permission.SETUP) {
            requireSetupSecret(presented);
            call.place();
            return;
        }
        Principal remembered = cache.find(presented, call.startedAt());
        if (remembered != null) {
            call.allow(remembered, null);
        }
        Principal known = remembered == null ? admit(call, presented, lookup) : remembered;
        check(call, known.conditions());
        refuseForeignPages(call, known);
        // An instance that has moved is told so at its new address.
        if (!call.path().equals("/api/settings")) {
            refuseForeignPlace(call, known);
        }
        call.place();
        if (!known.rights().allow(permission)) {
            throw HttpError.forbidden(
                    permission == Permission.ADMIN
                            ? "expected an admin token"
                            : "expected the right " + permission.wireName());
        }
        if (!known.conditions().mayBeRemembered()) {
            use(call, known);
        }
        if (remembered == null) {
            note(call, known);
        }
    }

    private void requireSetupSecret(String presented) {
        String secret = tokenOf(presented);
        if (secret == null || !setupSecret.is(secret)) {
            throw HttpError.unauthorized("setup_secret", "expected the setup secret of this deployment as bearer");
        }
    }

    private static void check(Call call, Conditions conditions) {
        if (conditions.expiresAt() <= call.startedAt()) {
            throw HttpError.unauthorized("token_expired", "the token has expired: ask for a new one");
        }
        if (conditions.notBefore() > call.startedAt()) {
            throw HttpError.unauthorized("token_not_yet", "the token is not to be used yet");
        }
        if (!conditions.admit(call.address())) {
            throw HttpError.forbidden("expected one of the addresses that the token is bound to");
        }
    }

    /** Records now and then that something is in use; what was refused was none. */
    private void note(Call call, Principal principal) {
        if (principal.sessionHash().isEmpty()) {
            tokens.noteUse(principal, call.startedAt());
        } else {
            sessions.noteUse(principal, call.startedAt());
        }
    }

    /** Counts or records a use, before anything is answered. */
    private void use(Call call, Principal principal) {
        if (principal.conditions().counted() && !tokens.takeUse(principal.tokenId())) {
            throw refused("token_used_up");
        }
        if (principal.conditions().watched()) {
            tokens.noteWatchedUse(
                    principal.tokenId(),
                    call.event(Action.USE_BREAK_GLASS, 200).as(Action.USE_BREAK_GLASS, call.path(), "{}"));
        }
    }

    /** Returns what the caller shows: the Authorization header or, where there is none, the cookie of a session. */
    private static String presented(Call call) {
        String authorization = call.request().findHeader("authorization");
        if (authorization != null && authorization.startsWith(COOKIE)) {
            throw UNKNOWN;
        }
        if (authorization == null) {
            authorization = cookie(call.request().findHeader("cookie"));
        }
        if (authorization == null || authorization.length() > MAX_AUTHORIZATION) {
            throw HttpError.unauthorized(
                    "token_missing", "expected a token: as the password of http-basic, or as bearer");
        }
        return authorization;
    }

    /** Returns the session's pair of a Cookie header, or null. Of two, one was planted, and nobody can tell which. */
    private static @Nullable String cookie(@Nullable String cookies) {
        String found = null;
        int from = 0;
        while (cookies != null && from < cookies.length()) {
            int semicolon = cookies.indexOf(';', from);
            int end = semicolon < 0 ? cookies.length() : semicolon;
            String pair = cookies.substring(from, end).strip();
            if (pair.startsWith(COOKIE)) {
                if (found != null) {
                    throw UNKNOWN;
                }
                found = pair;
            }
            from = end + 1;
        }
        return found;
    }

    private Principal admit(Call call, String presented, Lookup lookup) {
        boolean session = presented.startsWith(COOKIE);
        String text = session ? presented.substring(COOKIE.length()) : tokenOf(presented);
        // Neither opens anything in the other's place.
        if (text == null || !TokenText.isWellFormed(text) || TokenText.isOf(text, TokenKind.SESSION) != session) {
            throw UNKNOWN;
        }
        long epoch = cache.epoch();
        long readAt = clock.millis();
        if (TokenText.isOf(text, TokenKind.CUSTOMER)) {
            call.ofCustomer();
        }
        Joined other = lookup.of(call);
        List<Row> rows = session ? sessions.read(text, other) : tokens.read(text, other);
        if (rows.isEmpty()) {
            throw UNKNOWN;
        }
        Row row = rows.get(0);
        String refusal = session ? SessionStore.refusal(row, call.startedAt()) : TokenRow.refusal(row);
        if (refusal != null) {
            throw refused(refusal);
        }
        Principal principal = session ? SessionStore.principal(row) : TokenRow.principal(row);
        if (principal.conditions().mayBeRemembered()) {
            cache.keep(presented, principal, epoch, readAt);
        }
        call.allow(principal, other == null ? null : rows);
        return principal;
    }

    /**
     * A change that a browser sends must come from a page of ours. Over a session it has to show that, since a browser sends the
     * cookie along whoever asks it to; a client with a token of its own need not be a browser.
     */
    private static void refuseForeignPages(Call call, Principal principal) {
        String method = call.request().method();
        if (method.equals("GET") || method.equals("HEAD")) {
            return;
        }
        boolean session = !principal.sessionHash().isEmpty();
        String origin = call.request().findHeader("origin");
        String site = call.request().findHeader("sec-fetch-site");
        String type = call.request().findHeader("content-type");
        boolean ours = (origin == null ? !session : origin.equals(call.request().origin()))
                && (site == null || site.equals("same-origin"))
                && (!session || (type != null && type.startsWith("application/json")));
        if (!ours) {
            throw HttpError.forbidden("expected a request of JSON from a page of this instance");
        }
    }

    private static HttpError refused(String code) {
        return HttpError.unauthorized(
                code,
                switch (code) {
                    case "token_revoked" -> "the token was revoked: ask for a new one";
                    case "session_ended" -> "the session has ended: sign in again";
                    case "restoring" -> "a backup is being restored here";
                    case "token_used_up" -> "the token was used as often as it may be";
                    default -> "the person behind the token was suspended";
                });
    }

    /** Returns the token of an Authorization header: bearer, or the password of basic with any user name. */
    private static @Nullable String tokenOf(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String scheme = authorization.substring(0, space);
        String rest = authorization.substring(space + 1).strip();
        if (Ascii.isSame(scheme, "bearer")) {
            return rest;
        }
        if (!Ascii.isSame(scheme, "basic")) {
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
