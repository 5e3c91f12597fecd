package packagebroker.core.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;

/** Decides whether to believe a token in which somebody vouches for somebody else. */
final class Vouching {
    private static final long LEEWAY_MILLIS = 30_000;
    private static final long MAX_SECONDS = 1L << 40;

    private final SigningKeys keys;

    Vouching(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * Somebody who vouches.
     *
     * @param name what the token must call its issuer, to the letter
     * @param keysUrl where its keys are
     * @param longestMillis how long a token of it may be good at most
     */
    record Issuer(String name, String keysUrl, long longestMillis) {}

    /** Returns why a token is not believed, in a word; null if it is. */
    @Nullable
    String problem(Jwt token, Issuer issuer, String audience, long now) {
        try {
            JsonObject claims = token.claims();
            if (!issuer.name().equals(claims.findText("iss", 500))) {
                return "issuer";
            }
            // One audience, ours: what is meant for somebody else as well can be used by them here.
            if (!List.of(audience).equals(claims.oneOrMoreTexts("aud", 500))) {
                return "audience";
            }
            if (!isInTime(claims, issuer, now)) {
                return "time";
            }
            return keys.signed(token, issuer.keysUrl(), now) ? null : "signature";
        } catch (JsonException e) {
            return "form";
        }
    }

    private static boolean isInTime(JsonObject claims, Issuer issuer, long now) {
        long issuedAt = millis(claims, "iat", -1);
        long notBefore = millis(claims, "nbf", issuedAt);
        long expiresAt = expiresAt(claims);
        return issuedAt >= 0
                && issuedAt <= now + LEEWAY_MILLIS
                && notBefore <= now + LEEWAY_MILLIS
                && expiresAt > now - LEEWAY_MILLIS
                && expiresAt - issuedAt <= issuer.longestMillis();
    }

    /** Returns when a token ends, ms since 1970. */
    static long expiresAt(JsonObject claims) {
        return millis(claims, "exp", -1);
    }

    private static long millis(JsonObject claims, String name, long otherwise) {
        long seconds = claims.number(name, 0, MAX_SECONDS, -1);
        return seconds < 0 ? otherwise : seconds * 1000;
    }
}
