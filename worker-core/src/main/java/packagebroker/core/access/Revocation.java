package packagebroker.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.PackagePattern;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Row;

/**
 * Which tokens and sessions are to be revoked at once: those that every filter names. There is at least one, so that nothing is
 * revoked by an empty body; {@code all} names all.
 */
final class Revocation {
    private static final String[] TEXTS = {
        "owner", "person", "created_by", "kind", "customer", "name", "package", "pattern"
    };
    private static final String[] TIMES = {"created_before", "last_used_before"};
    private static final String[] FIELDS = {
        "all",
        "owner",
        "person",
        "created_by",
        "kind",
        "customer",
        "name",
        "package",
        "pattern",
        "created_before",
        "last_used_before",
        "own",
        "dry_run",
        "reason"
    };

    private final Map<String, @Nullable Object> filters = Json.object();
    private final @Nullable PackageName packageName;
    private final @Nullable PackagePattern pattern;
    private final boolean own;
    private final boolean dry;
    private final String reason;

    private Revocation(JsonObject body) {
        if (body.flag("all", false)) {
            filters.put("all", true);
        }
        for (String field : TEXTS) {
            String text = body.findText(field, 255);
            if (text != null) {
                filters.put(field, text);
            }
        }
        for (String field : TIMES) {
            if (body.has(field)) {
                filters.put(field, body.number(field, 0, 1L << 52, 0));
            }
        }
        this.packageName = text("package").isEmpty() ? null : PackageName.find(text("package"));
        this.pattern = text("pattern").isEmpty() ? null : PackagePattern.find(text("pattern"));
        this.own = body.flag("own", false);
        this.dry = body.flag("dry_run", false);
        String why = body.findText("reason", 500);
        this.reason = why == null ? "" : why;
    }

    /** Returns what a body asks for. */
    static Revocation of(JsonObject body) {
        Revocation revocation = new Revocation(body.allowOnly(FIELDS));
        if (revocation.filters.isEmpty()) {
            throw JsonException.unexpected(
                    "expected $.all, or what names the tokens: owner, person, created_by, kind, customer, name,"
                            + " package, pattern, created_before or last_used_before");
        }
        for (String field : TEXTS) {
            if (revocation.filters.containsKey(field) && revocation.text(field).isEmpty()) {
                throw JsonException.unexpected("expected a text at $." + field);
            }
        }
        if (!revocation.text("kind").isEmpty() && TokenKind.find(revocation.text("kind")) == null) {
            throw JsonException.unexpected(
                    "expected read, publish, admin, customer, ci, break_glass or session at $.kind");
        }
        if (!revocation.text("package").isEmpty() && revocation.packageName == null) {
            throw JsonException.unexpected("expected vendor/name at $.package");
        }
        if (!revocation.text("pattern").isEmpty() && revocation.pattern == null) {
            throw JsonException.unexpected("expected *, vendor/*, vendor/prefix-* or vendor/name at $.pattern");
        }
        return revocation;
    }

    /** Returns the filters as they were given. */
    Map<String, @Nullable Object> filters() {
        return filters;
    }

    /** Returns the text of a filter, or an empty one. */
    String text(String field) {
        return filters.get(field) instanceof String text ? text : "";
    }

    /** Returns the time of a filter, or one that all times lie before. */
    long before(String field) {
        return filters.get(field) instanceof Long time ? time : 1L << 53;
    }

    /** Returns whether the caller's own credential is meant as well. */
    boolean own() {
        return own;
    }

    /** Returns whether it is only to be told what would be revoked. */
    boolean dry() {
        return dry;
    }

    /** Returns why, or an empty text. */
    String reason() {
        return reason;
    }

    /** Returns whether tokens are meant at all. */
    boolean meansTokens() {
        return !text("kind").equals(TokenKind.SESSION.wireName());
    }

    /**
     * Returns whether sessions of people are meant, which have a person and times but neither an owner nor patterns. Those that
     * tokens opened end with the tokens.
     */
    boolean meansSessions() {
        List<String> others = new ArrayList<>(filters.keySet());
        others.removeAll(List.of("all", "person", "created_before", "last_used_before"));
        return others.isEmpty() || (others.equals(List.of("kind")) && !meansTokens());
    }

    /**
     * Returns whether a token is meant, as far as SQL cannot say it: by the packages that it opens, and because one that lies in
     * the safe for such a day is meant only where its kind is named.
     */
    boolean means(Row token) {
        boolean safe = token.text("kind").equals(TokenKind.BREAK_GLASS.wireName());
        if (safe && !text("kind").equals(TokenKind.BREAK_GLASS.wireName())) {
            return false;
        }
        if (packageName == null && pattern == null) {
            return true;
        }
        boolean opens = packageName == null;
        boolean within = pattern == null;
        for (PackagePattern each : PackagePattern.parseAll(token.text("patterns"))) {
            opens |= packageName != null && each.matches(packageName);
            within |= pattern != null && pattern.covers(each);
        }
        return opens && within;
    }
}
