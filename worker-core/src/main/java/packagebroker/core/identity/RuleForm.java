package packagebroker.core.identity;

import java.util.List;
import packagebroker.core.access.Grant;
import packagebroker.core.access.NewToken;
import packagebroker.core.access.TokenForm;
import packagebroker.core.access.TokenKind;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Words;
import packagebroker.core.upstream.UrlGuard;

/** Reads what is asked for when a rule is made; what may not be is a {@link JsonException}. And makes a token of a rule. */
final class RuleForm {
    /** The one ref that stands for several. */
    static final String ANY_TAG = "refs/tags/*";

    private RuleForm() {}

    /** Returns the rule of a body. */
    static RuleStore.NewRule rule(JsonObject body, String id, UrlGuard guard) {
        Provider provider = Provider.find(body.text("provider", 20));
        if (provider == null) {
            throw JsonException.unexpected("expected github or gitlab at $.provider");
        }
        String issuer = body.findText("issuer", 300);
        if (issuer != null && (guard.findUpstream(issuer) == null || issuer.endsWith("/"))) {
            throw JsonException.unexpected("expected an HTTPS URL without a slash at its end at $.issuer");
        }
        for (Provider other : Provider.values()) {
            if (other != provider && other.usualIssuer().equals(issuer)) {
                throw JsonException.unexpected("expected an issuer of this very provider at $.issuer");
            }
        }
        String ref = optional(body, "ref");
        String environment = optional(body, "environment");
        boolean named = ref.startsWith("refs/heads/") || ref.startsWith("refs/tags/");
        if ((!ref.isEmpty() && !named) || (ref.indexOf('*') >= 0 && !ref.equals(ANY_TAG))) {
            throw JsonException.unexpected("expected refs/heads/…, refs/tags/… or " + ANY_TAG + " at $.ref");
        }
        if (ref.isEmpty() && environment.isEmpty()) {
            throw JsonException.unexpected("expected $.ref, $.environment or both");
        }
        Provider.Job job =
                new Provider.Job(digits(body, "repository_id"), digits(body, "owner_id"), ref, environment, "", false);
        String rights = rights(body);
        List<String> patterns = new TokenForm(body).patterns();
        return new RuleStore.NewRule(
                id,
                body.text("name", 100),
                provider,
                issuer == null ? provider.usualIssuer() : issuer,
                job,
                rights,
                patterns);
    }

    private static String optional(JsonObject body, String name) {
        String text = body.findText(name, 255);
        return text == null ? "" : text;
    }

    private static String rights(JsonObject body) {
        return switch (body.text("kind", 20)) {
            case "read" -> "read";
            case "publish" -> "read publish";
            default -> throw JsonException.unexpected("expected read or publish at $.kind");
        };
    }

    /** Returns an id, which is a number that nobody else will ever have: a name may be taken over. */
    private static String digits(JsonObject body, String name) {
        String text = body.text(name, 20);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw JsonException.unexpected("expected the number, not the name, as a text at $." + name);
            }
        }
        return text;
    }

    /** Returns the token of a rule for a job. */
    static NewToken token(Row rule, Provider.Job job, NewToken.Span span, Random random) {
        Grant grant = new Grant(rule.text("rights"), Words.of(rule.text("patterns")), List.of());
        NewToken.Label label = new NewToken.Label(rule.text("name"), excerpt(job), "rule:" + rule.text("id"));
        return NewToken.of(TokenKind.CI, label, grant, span, random);
    }

    private static String excerpt(Provider.Job job) {
        String text = job.label() + " " + job.ref() + " " + job.environment();
        return text.strip();
    }
}
