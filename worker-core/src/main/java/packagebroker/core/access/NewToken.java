package packagebroker.core.access;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;

/**
 * A token about to be stored.
 *
 * @param id names it in lists and in the audit log
 * @param text the token itself, shown once
 * @param kind what its text shows at a glance
 * @param label what people are told about it
 * @param grant what it opens
 * @param span when it opens that
 */
public record NewToken(String id, String text, TokenKind kind, Label label, Grant grant, Span span) {
    /** Returns a new token. */
    public static NewToken of(TokenKind kind, Label label, Grant grant, Span span, Random random) {
        return new NewToken(Hex.of(random.bytes(8)), TokenText.of(kind, random.bytes(32)), kind, label, grant, span);
    }

    /** Returns what the maker of a token is told, once. */
    public Map<String, @Nullable Object> shown() {
        return Json.object(
                "id",
                id,
                "token",
                text,
                "name",
                label.name(),
                "kind",
                kind.wireName(),
                "rights",
                grant.toRights().names(),
                "patterns",
                grant.patterns(),
                "customer",
                label.customer(),
                "limits",
                grant.limits().shown(),
                "upstreams",
                grant.limits().upstreams(),
                "ip_allow",
                grant.addresses(),
                "not_before",
                span.notBefore(),
                "expires_at",
                span.expiresAt(),
                "uses_left",
                span.maxUses() == 0 ? null : span.maxUses(),
                "purpose",
                label.purpose(),
                "owner",
                label.owner());
    }

    /**
     * What people are told about a token.
     *
     * @param name which it is
     * @param purpose what it is for
     * @param owner who answers for it
     * @param customer whom it was given to, in the words of who sells; empty if it was given to nobody else
     */
    public record Label(String name, String purpose, String owner, String customer) {
        /** Creates the label of a token that is given to nobody else. */
        public Label(String name, String purpose, String owner) {
            this(name, purpose, owner, "");
        }
    }

    /**
     * When and how often a token opens something.
     *
     * @param createdAt when it is made, ms since 1970
     * @param notBefore from when on
     * @param expiresAt until when
     * @param maxUses how often; 0 for as often as one likes
     */
    public record Span(long createdAt, long notBefore, long expiresAt, long maxUses) {
        /** Returns the span from now until a time. */
        public static Span until(long now, long expiresAt) {
            return new Span(now, 0, expiresAt, 0);
        }
    }
}
