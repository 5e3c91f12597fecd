package packagebroker.core.upstream;

import java.util.Base64;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.rotation.KeyStore;
import packagebroker.core.secrets.Safe;
import packagebroker.core.text.Utf8;

/**
 * Credentials of upstreams: sealed as the header field they become, one name and one value, and opened only on the way to
 * the origin they are bound to.
 */
public final class Credentials {
    private static final int MAX_SECRET = 4_000;

    private final Safe safe;
    private final KeyStore keys;

    /** Creates them over a safe and the keys it seals with. */
    public Credentials(Safe safe, KeyStore keys) {
        this.safe = safe;
        this.keys = keys;
    }

    /** A header field that authenticates. */
    public record Field(String name, String value) {}

    static Safe.Place place(String upstreamId) {
        return new Safe.Place("credential", "sealed", upstreamId);
    }

    /** Returns a credential sealed for an upstream, with the key that seals now. */
    String seal(String upstreamId, Field field) {
        return safe.seal(keys.active(), place(upstreamId), field.name() + ":" + field.value());
    }

    /** Returns the header field of a source's credential. */
    Field open(String upstreamId, String sealed) {
        String text = safe.open(place(upstreamId), sealed);
        int colon = text.indexOf(':');
        return new Field(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * Returns the header field that an API body's {@code auth} object describes.
     *
     * @throws JsonException if it describes none
     */
    static Field field(JsonObject auth, String kind) {
        return switch (kind) {
            case "basic" -> basic(auth.allowOnly("type", "username", "password"));
            case "bearer" ->
                new Field(
                        "authorization",
                        "Bearer " + ascii(auth.allowOnly("type", "token").text("token", MAX_SECRET)));
            case "header" ->
                new Field(
                        headerName(auth.allowOnly("type", "name", "value").text("name", 100)),
                        ascii(auth.text("value", MAX_SECRET)));
            default -> throw JsonException.unexpected("expected none, basic, bearer or header at $.auth.type");
        };
    }

    private static Field basic(JsonObject auth) {
        String pair = auth.text("username", 255) + ":" + auth.text("password", MAX_SECRET);
        return new Field("authorization", "Basic " + Base64.getEncoder().encodeToString(Utf8.encode(pair)));
    }

    private static String ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '~') {
                throw JsonException.unexpected("expected ASCII in the secret of $.auth");
            }
        }
        return text;
    }

    private static String headerName(String text) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean upper = c >= 'A' && c <= 'Z';
            if (!upper && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
                throw JsonException.unexpected("expected the name of a header field at $.auth.name");
            }
            name.append(upper ? (char) (c + 32) : c);
        }
        String lower = name.toString();
        if (lower.equals("host") || lower.equals("content-length") || lower.startsWith("cf-")) {
            throw JsonException.unexpected("expected another header field than this one at $.auth.name");
        }
        return lower;
    }
}
