package packagebroker.core.access;

import java.util.List;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;

/** Reads what is asked for when a token is made, field by field; what may not be is a {@link JsonException}. */
public final class TokenForm {
    private static final long DAY_MILLIS = 86_400_000;
    private static final int MAX_DAYS = 366;

    /** What was released in time stays installable: a customer's token outlives the dates of its limits by far. */
    private static final int MAX_CUSTOMER_DAYS = 3_660;

    private static final int MAX_CUSTOMER = 200;
    private static final int MAX_PATTERNS = 100;
    private static final int MAX_RANGES = 50;
    private static final int MAX_UPSTREAMS = 50;
    private static final int MAX_USES = 1_000_000;

    private static final String[] FIELDS = {
        "name",
        "kind",
        "role",
        "rights",
        "patterns",
        "expires_in_days",
        "expires_at",
        "not_before",
        "ip_allow",
        "max_uses",
        "purpose",
        "owner",
        "customer",
        "limits",
        "upstreams"
    };

    private final JsonObject body;

    /** Creates the form over a body. */
    public TokenForm(JsonObject body) {
        this.body = body;
    }

    /** Returns the form of a body that holds nothing but a token's fields. */
    static TokenForm of(JsonObject body) {
        return new TokenForm(body.allowOnly(FIELDS));
    }

    /** Returns the label; who makes a token without naming somebody else answers for it. */
    NewToken.Label label(String maker) {
        String purpose = body.findText("purpose", 300);
        String owner = body.findText("owner", 100);
        return new NewToken.Label(
                body.text("name", 100),
                purpose == null ? "" : purpose,
                owner == null ? maker : owner,
                isForCustomer() ? body.text("customer", MAX_CUSTOMER) : "");
    }

    /** Returns whether it is to be given to a customer. */
    boolean isForCustomer() {
        return TokenKind.CUSTOMER.wireName().equals(body.findText("kind", 20));
    }

    /** Returns what the token shall open. */
    Grant grant() {
        String rights = rights();
        if (!isForCustomer()) {
            if (body.has("customer") || body.has("limits")) {
                throw refusal("$.customer and $.limits with the kind customer only");
            }
            return new Grant(rights, patterns(), addresses(), Limits.NONE.of(upstreams(rights)));
        }
        if (body.has("patterns")) {
            throw refusal("no $.patterns beside $.limits, which have them");
        }
        Limits limits = LimitForm.limits(body);
        return new Grant(rights, limits.patterns(), addresses(), limits.of(upstreams(rights)));
    }

    private String rights() {
        String kind = body.findText("kind", 20);
        String role = body.findText("role", 20);
        List<String> rights = body.findTexts("rights", 30);
        if ((kind == null ? 0 : 1) + (role == null ? 0 : 1) + (rights == null ? 0 : 1) != 1) {
            throw JsonException.unexpected("expected one of $.kind, $.role and $.rights");
        }
        if (role != null) {
            if (Role.find(role) == null) {
                throw refusal("owner, admin, publisher, auditor or viewer at $.role");
            }
            return role;
        }
        if (kind != null) {
            return switch (kind) {
                case "read", "admin" -> kind;
                case "publish" -> "read publish";
                case "customer" -> "read";
                default -> throw refusal("read, publish, customer or admin at $.kind");
            };
        }
        for (String right : rights == null ? List.<String>of() : rights) {
            if (Permission.find(right) == null) {
                throw refusal("known rights at $.rights");
            }
        }
        if (rights == null || rights.isEmpty()) {
            throw refusal("at least one right at $.rights");
        }
        return String.join(" ", rights);
    }

    /** Returns the patterns. */
    public List<String> patterns() {
        List<String> texts = body.findTexts("patterns", 255);
        if (texts == null || texts.isEmpty() || texts.size() > MAX_PATTERNS) {
            throw JsonException.unexpected("expected 1 to " + MAX_PATTERNS + " package patterns at $.patterns");
        }
        for (String text : texts) {
            if (PackagePattern.find(text) == null) {
                throw refusal("*, vendor/*, vendor/prefix-* or vendor/name at $.patterns");
            }
        }
        return texts;
    }

    /** Returns the upstreams whose packages the token opens; it does nothing but read them. */
    private List<String> upstreams(String rights) {
        List<String> ids = body.findTexts("upstreams", 50);
        if (ids == null) {
            return List.of();
        }
        if (!rights.equals(Permission.READ.wireName())) {
            throw refusal("the right read alone beside $.upstreams");
        }
        if (ids.isEmpty() || ids.size() > MAX_UPSTREAMS) {
            throw refusal("1 to " + MAX_UPSTREAMS + " ids of upstreams at $.upstreams");
        }
        return ids;
    }

    private List<String> addresses() {
        List<String> texts = body.findTexts("ip_allow", 50);
        if (texts != null && texts.size() > MAX_RANGES) {
            throw refusal("at most " + MAX_RANGES + " ranges at $.ip_allow");
        }
        for (String text : texts == null ? List.<String>of() : texts) {
            if (AddressRange.find(text) == null) {
                throw refusal("IPv4 or IPv6 ranges such as 192.0.2.0/24 at $.ip_allow");
            }
        }
        return texts == null ? List.of() : texts;
    }

    /** Returns when the token shall open that. */
    NewToken.Span span(long now) {
        long notBefore = body.number("not_before", now, now + MAX_DAYS * DAY_MILLIS, 0);
        return new NewToken.Span(
                now, notBefore, expiresAt(now, isForCustomer()), body.number("max_uses", 1, MAX_USES, 0));
    }

    /** Returns when the token shall end; that of a customer may be told to last for years, and does unless told. */
    long expiresAt(long now, boolean forCustomer) {
        int most = forCustomer ? MAX_CUSTOMER_DAYS : MAX_DAYS;
        long days = body.number("expires_in_days", 1, most, forCustomer ? most : 90);
        return body.number("expires_at", now + 1, now + most * DAY_MILLIS, now + days * DAY_MILLIS);
    }

    private static JsonException refusal(String expected) {
        return JsonException.unexpected("expected " + expected);
    }
}
