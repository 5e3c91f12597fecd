package packagebroker.core.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.ApiQuery;
import packagebroker.core.access.Call;
import packagebroker.core.access.Grant;
import packagebroker.core.access.Place;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Words;
import packagebroker.core.upstream.UrlGuard;

/** The rules that say which CI jobs get a token, over HTTP. */
public final class RuleEndpoints {
    private final RuleStore store;
    private final UrlGuard guard;
    private final Random random;

    /** Creates the endpoints. */
    public RuleEndpoints(RuleStore store, UrlGuard guard, Random random) {
        this.store = store;
        this.guard = guard;
        this.random = random;
    }

    /** Makes a rule, no wider than its maker: {@code POST /api/oidc-rules}. */
    public Response create(Call call) {
        JsonObject body = ApiBody.read(call)
                .allowOnly(
                        "name",
                        "provider",
                        "issuer",
                        "repository_id",
                        "owner_id",
                        "ref",
                        "environment",
                        "kind",
                        "patterns");
        RuleStore.NewRule rule = RuleForm.rule(body, Hex.of(random.bytes(8)), guard);
        if (!new Grant(rule.rights(), rule.patterns(), List.of()).isWithin(call.principal())) {
            throw HttpError.forbidden("expected a rule no wider than your own rights, patterns and addresses");
        }
        if (!store.create(rule, call.principal(), event(call, rule))) {
            if (store.isFull()) {
                throw HttpError.conflict("too_many_rules", "expected fewer than 1,000 rules");
            }
            if (store.isForeign(rule)) {
                throw HttpError.conflict("issuer_taken", "expected the provider that other rules have for this issuer");
            }
            throw HttpError.unauthorized("token_revoked", "the token was revoked: ask for a new one");
        }
        return Response.json(201, Json.write(Json.object("id", rule.id(), "name", rule.name())));
    }

    private static AuditEvent event(Call call, RuleStore.NewRule rule) {
        return call.change(
                Action.CREATE_RULE,
                rule.id(),
                "issuer",
                rule.issuer(),
                "repository",
                rule.job().repository(),
                "owner",
                rule.job().namespace(),
                "ref",
                rule.job().ref(),
                "environment",
                rule.job().environment(),
                "rights",
                rule.rights(),
                "patterns",
                rule.patterns());
    }

    /** Lists the rules whose packages are open to the caller: {@code GET /api/oidc-rules?after=&limit=}. */
    public Response list(Call call) {
        int limit = ApiQuery.limit(call);
        List<Object> rules = new ArrayList<>();
        List<Row> rows = store.list(ApiQuery.place(call), limit);
        for (Row row : rows) {
            if (isSeen(call, row)) {
                rules.add(described(row));
            }
        }
        return Response.json(200, Json.write(Json.object("rules", rules, "next", Place.next(rows, limit))));
    }

    private static boolean isSeen(Call call, Row row) {
        return new Grant("", Words.of(row.text("patterns")), List.of()).isWithinPatternsOf(call.principal());
    }

    /** Returns a rule as the API shows it. */
    public static Map<String, @Nullable Object> described(Row row) {
        return Json.object(
                "id",
                row.text("id"),
                "name",
                row.text("name"),
                "provider",
                row.text("provider"),
                "issuer",
                row.text("issuer"),
                "repository_id",
                row.text("repository"),
                "owner_id",
                row.text("namespace"),
                "ref",
                row.text("ref"),
                "environment",
                row.text("environment"),
                "rights",
                Words.of(row.text("rights")),
                "patterns",
                Words.of(row.text("patterns")),
                "created_at",
                row.number("created_at"),
                "created_by",
                row.text("created_by"));
    }

    /** Deletes a rule: {@code DELETE /api/oidc-rules/{id}}. Tokens that it gave end within fifteen minutes. */
    public Response delete(Call call) {
        String id = call.parameter(0);
        Row row = store.find(id);
        if (row == null || !isSeen(call, row) || !store.delete(id, call.change(Action.DELETE_RULE, id))) {
            throw HttpError.notFound();
        }
        return Response.noContent();
    }
}
