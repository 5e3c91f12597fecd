package packagebroker.core.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Signatures;
import packagebroker.core.port.Urls;
import packagebroker.core.text.Utf8;

/** The first token and the base URL. Who knows the deployment's setup secret makes them, once; of many at a time one wins. */
public final class SetupEndpoints {
    private static final long FIRST_TOKEN_MILLIS = 90L * 86_400_000;

    private final TokenStore store;
    private final TokenEndpoints tokens;
    private final PrincipalCache cache;
    private final Digests digests;
    private final Signatures signatures;
    private final Urls urls;
    private final @Nullable String secret;

    /** Creates the endpoints; without a secret there is no setup. */
    public SetupEndpoints(
            TokenStore store,
            TokenEndpoints tokens,
            PrincipalCache cache,
            packagebroker.core.port.Ports ports,
            @Nullable String secret) {
        this.store = store;
        this.tokens = tokens;
        this.cache = cache;
        this.digests = ports.digests();
        this.signatures = ports.signatures();
        this.urls = ports.urls();
        this.secret = secret;
    }

    /** Sets the instance up: {@code POST /api/setup}. */
    public Response setUp(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("secret", "base_url");
        if (secret == null || !isSecret(body.text("secret", 200))) {
            throw HttpError.unauthorized("setup_secret", "expected the setup secret of this deployment");
        }
        String baseUrl = baseUrl(body);
        long now = call.startedAt();
        TokenStore.NewToken token =
                tokens.newToken("first admin token", TokenKind.ADMIN, List.of("*"), now, now + FIRST_TOKEN_MILLIS);
        AuditEvent event =
                call.change(Action.SETUP, token.id(), "base_url", baseUrl).by("setup");
        try {
            store.setUp(token, baseUrl, event);
        } catch (DatabaseException e) {
            String winner = store.findFirstToken();
            if (winner == null) {
                throw e;
            }
            // Where only the database's answer was lost, the token has been made, and nobody else will ever see it.
            if (!winner.equals(token.id())) {
                throw HttpError.conflict("already_set_up", "this instance has been set up before");
            }
        }
        return Response.json(201, Json.write(TokenEndpoints.shown(token)));
    }

    private boolean isSecret(String presented) {
        String expected = secret == null ? "" : secret;
        // Hashed first, so that the comparison tells nothing about the length either.
        return signatures.sameBytes(digests.sha256(Utf8.encode(presented)), digests.sha256(Utf8.encode(expected)));
    }

    /** Shows the settings: {@code GET /api/settings}. */
    public Response show(Call call) {
        return Response.json(
                200, Json.write(Json.object("base_url", call.principal().baseUrl())));
    }

    /** Changes the settings: {@code PATCH /api/settings}. */
    public Response change(Call call) {
        String baseUrl = baseUrl(ApiBody.read(call).allowOnly("base_url"));
        AuditEvent event = call.change(
                Action.CHANGE_SETTINGS, "base_url", "old", call.principal().baseUrl(), "new", baseUrl);
        store.changeBaseUrl(baseUrl, call.startedAt(), event);
        cache.clear();
        return Response.json(200, Json.write(Json.object("base_url", baseUrl)));
    }

    private String baseUrl(JsonObject body) {
        String text = body.text("base_url", 500);
        Urls.Url url = urls.parse(text, null);
        boolean usable = url != null
                && (url.scheme().equals("https") || url.scheme().equals("http"))
                && url.user().isEmpty()
                && url.query().isEmpty()
                && url.fragment().isEmpty();
        if (url == null || !usable) {
            throw HttpError.unprocessable(
                    "expected an http or https URL without user, query and fragment at $.base_url");
        }
        String href = url.origin() + url.path();
        return href.endsWith("/") ? href.substring(0, href.length() - 1) : href;
    }
}
