package packagebroker.core.identity;

import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.text.Base64Text;
import packagebroker.core.text.Utf8;

/**
 * A JSON Web Token of the one form that is taken here: signed with RS256, by a key that its header names and does not bring along.
 * Nothing in it is true before its signature was checked.
 *
 * @param keyId which key is said to have signed it
 * @param claims what it says
 * @param signed what the signature is over
 * @param signature the signature
 */
record Jwt(String keyId, JsonObject claims, byte[] signed, byte[] signature) {
    private static final int MAX_LENGTH = 16_000;
    private static final int MAX_TEXT = 300;

    /** Returns the token that a text spells, or null if it is of another form. */
    static @Nullable Jwt find(@Nullable String text) {
        if (text == null || text.length() > MAX_LENGTH) {
            return null;
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            return null;
        }
        try {
            JsonObject header = part(text.substring(0, first));
            String keyId = header.text("kid", MAX_TEXT);
            boolean foreign = false;
            // A key that the token brings along, or says where to fetch, proves nothing; what is critical is unknown
            // here.
            for (String name : new String[] {"jku", "jwk", "x5u", "x5c", "crit"}) {
                foreign |= header.has(name);
            }
            if (foreign || !header.text("alg", MAX_TEXT).equals("RS256")) {
                return null;
            }
            JsonObject claims = part(text.substring(first + 1, second));
            byte[] signature = Base64Text.urlBytes(text.substring(second + 1));
            byte[] signed = Utf8.encode(text.substring(0, second));
            return signature == null ? null : new Jwt(keyId, claims, signed, signature);
        } catch (JsonException e) {
            return null;
        }
    }

    private static JsonObject part(String base64Url) {
        byte[] json = Base64Text.urlBytes(base64Url);
        return Json.read(json == null ? new byte[0] : json);
    }
}
