package packagebroker.core.access;

import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.port.Statement;

/** The first token and the base URL. Who knows the deployment's setup secret makes them, once; of many at a time one wins. */
public final class SetupEndpoints {
    private static final long FIRST_TOKEN_MILLIS = 90L * 86_400_000;
    private static final long BREAK_GLASS_MILLIS = 366L * 86_400_000;

    private final TokenStore store;
    private final BaseUrls baseUrls;
    private final Random random;
    private final LongFunction<List<Statement>> furniture;
    private final SetupSecret secret;

    /**
     * Creates the endpoints.
     *
     * @param furniture what a new instance has besides its first token, by the time of its setup
     */
    public SetupEndpoints(TokenStore store, Ports ports, SetupSecret secret, LongFunction<List<Statement>> furniture) {
        this.store = store;
        this.baseUrls = new BaseUrls(ports.urls());
        this.random = ports.random();
        this.furniture = furniture;
        this.secret = secret;
    }

    /** Sets the instance up: {@code POST /api/setup}. */
    public Response setUp(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("secret", "base_url");
        if (!secret.is(body.text("secret", 200))) {
            throw HttpError.unauthorized("setup_secret", "expected the setup secret of this deployment");
        }
        String baseUrl = baseUrls.require(body);
        long now = call.startedAt();
        Grant everything = Grant.of(Role.OWNER);
        NewToken token = NewToken.of(
                TokenKind.ADMIN,
                new NewToken.Label("first admin token", "", "setup"),
                everything,
                NewToken.Span.until(now, now + FIRST_TOKEN_MILLIS),
                random);
        NewToken breakGlass = NewToken.of(
                TokenKind.BREAK_GLASS,
                new NewToken.Label("break-glass token", "for the day when nothing else opens", "setup"),
                everything,
                NewToken.Span.until(now, now + BREAK_GLASS_MILLIS),
                random);
        AuditEvent event =
                call.change(Action.SETUP, token.id(), "base_url", baseUrl).by("setup");
        try {
            store.setUp(token, breakGlass, baseUrl, furniture.apply(now), event);
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
        Map<String, @Nullable Object> shown = token.shown();
        shown.put("break_glass", breakGlass.shown());
        return Response.json(201, Json.write(shown));
    }
}
