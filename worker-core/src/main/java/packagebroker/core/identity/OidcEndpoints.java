package packagebroker.core.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.access.NewToken;
import packagebroker.core.audit.Action;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/** CI jobs without stored secrets: what their provider vouches for is exchanged for a token of fifteen minutes, once. */
public final class OidcEndpoints {
    private static final long MINUTE_MILLIS = 60_000;
    private static final long GOOD_FOR_MILLIS = 15 * MINUTE_MILLIS;
    private static final int MAX_BODY_TEXT = 200_000;

    private final RuleStore rules;
    private final Vouching vouching;
    private final Random random;

    /** Creates the endpoints. */
    public OidcEndpoints(RuleStore rules, SigningKeys keys, Random random) {
        this.rules = rules;
        this.vouching = new Vouching(keys);
        this.random = random;
    }

    /** Exchanges an identity token: {@code POST /oidc/token}. */
    public Response exchange(Call call) {
        JsonObject body = ApiBody.read(call).allowOnly("token");
        Jwt token = Jwt.find(body.findText("token", MAX_BODY_TEXT));
        if (token == null) {
            throw refusal("form");
        }
        Row rule;
        Provider.Job job;
        try {
            List<Row> candidates = rules.ofIssuer(token.claims().text("iss", 500));
            Provider provider = believed(token, candidates, call.startedAt());
            job = provider.job(token.claims());
            rule = job == null ? null : matching(candidates, provider, job);
        } catch (JsonException e) {
            throw refusal("form");
        }
        if (job == null || rule == null) {
            throw refusal("no rule is for this job");
        }
        return minted(call, token, rule, job);
    }

    private Provider believed(Jwt token, List<Row> candidates, long now) {
        Provider provider =
                candidates.isEmpty() ? null : Provider.find(candidates.get(0).text("provider"));
        if (provider == null) {
            throw refusal("issuer");
        }
        Row first = candidates.get(0);
        String problem = vouching.problem(token, provider.issuer(first.text("issuer")), first.text("base_url"), now);
        if (problem != null) {
            throw refusal(problem);
        }
        return provider;
    }

    /** Returns the first rule for a job, which names all that the rule names. */
    private static @Nullable Row matching(List<Row> candidates, Provider provider, Provider.Job job) {
        for (Row rule : candidates) {
            String ref = rule.text("ref");
            String environment = rule.text("environment");
            boolean sameRef = ref.equals(RuleForm.ANY_TAG) ? job.ref().startsWith("refs/tags/") : ref.equals(job.ref());
            if (rule.text("provider").equals(provider.wireName())
                    && rule.text("repository").equals(job.repository())
                    && rule.text("namespace").equals(job.namespace())
                    && (ref.isEmpty() ? job.guarded() : sameRef)
                    && (environment.isEmpty() || environment.equals(job.environment()))) {
                return rule;
            }
        }
        return null;
    }

    private Response minted(Call call, Jwt identity, Row rule, Provider.Job job) {
        String once = identity.claims().findText("jti", 300);
        if (once == null || once.isEmpty()) {
            throw refusal("form");
        }
        long now = call.startedAt();
        NewToken token = RuleForm.token(rule, job, NewToken.Span.until(now, now + GOOD_FOR_MILLIS), random);
        // Both are length-prefixed by the JSON around them, so no two pairs make the same text.
        String id = Hex.of(Sha256.of(Json.write(List.of(rule.text("issuer"), once))));
        RuleStore.Used used = new RuleStore.Used(id, Vouching.expiresAt(identity.claims()) + 2 * MINUTE_MILLIS);
        AuditEvent event = call.change(
                        Action.MINT_TOKEN,
                        token.id(),
                        "rule",
                        rule.text("id"),
                        "repository",
                        job.label(),
                        "ref",
                        job.ref(),
                        "environment",
                        job.environment())
                .by("rule:" + rule.text("id"));
        String problem = rules.exchange(used, token, rule, event);
        if (problem != null) {
            throw refusal(problem);
        }
        return Response.json(201, Json.write(token.shown()));
    }

    private static HttpError refusal(String problem) {
        return HttpError.unauthorized("identity_refused", "expected an identity token that is taken here: " + problem);
    }
}
