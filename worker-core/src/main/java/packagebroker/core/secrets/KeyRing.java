package packagebroker.core.secrets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.text.Base64Text;
import packagebroker.core.text.Utf8;

/** The keys that seal records, each known by a short id. A key is exactly 32 bytes: nothing is padded or cut. */
public final class KeyRing {
    private static final int KEY_BYTES = 32;
    private static final String NO_RING = "expected a JSON object of ids and base64 keys in ENCRYPTION_KEYS";

    private final Map<String, byte[]> keys;
    private final String active;
    private final String problem;

    private KeyRing(Map<String, byte[]> keys, String active, String problem) {
        this.keys = keys;
        this.active = active;
        this.problem = problem;
    }

    /**
     * Returns the ring of two deployment secrets; a ring with a {@link #problem} seals nothing and opens nothing.
     *
     * @param encryptionKeys a JSON object of ids and base64 keys
     * @param activeKey the id of the key that seals at first
     */
    public static KeyRing of(@Nullable String encryptionKeys, @Nullable String activeKey) {
        if (encryptionKeys == null || activeKey == null) {
            return broken("expected the secrets ENCRYPTION_KEYS and ACTIVE_KEY to be set");
        }
        Map<String, byte[]> keys = new LinkedHashMap<>();
        try {
            JsonObject ring = Json.read(Utf8.encode(encryptionKeys));
            for (String id : ring.names()) {
                byte[] key = Base64Text.bytes(ring.text(id, 100));
                if (key == null) {
                    return broken(NO_RING);
                }
                if (key.length != KEY_BYTES || !isId(id)) {
                    return broken("expected 32 bytes in each key of ENCRYPTION_KEYS but found " + key.length);
                }
                keys.put(id, key);
            }
        } catch (JsonException e) {
            return broken(NO_RING);
        }
        return keys.containsKey(activeKey)
                ? new KeyRing(keys, activeKey, "")
                : broken("expected ACTIVE_KEY to name a key of ENCRYPTION_KEYS");
    }

    private static KeyRing broken(String problem) {
        return new KeyRing(Map.of(), "", problem);
    }

    private static boolean isId(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !id.isEmpty() && id.length() <= 32;
    }

    /** Returns what is wrong with the ring, or an empty text; names no key. */
    public String problem() {
        return problem;
    }

    /** Returns the id of the key that seals until another one is activated. */
    public String active() {
        return active;
    }

    /** Returns the ids of its keys, in the order of the secret. */
    public List<String> ids() {
        return List.copyOf(keys.keySet());
    }

    /** Returns whether it has a key of that id. */
    public boolean has(String id) {
        return keys.containsKey(id);
    }

    /** Returns a key, or null if the ring has none of that id. */
    byte @Nullable [] find(String id) {
        return keys.get(id);
    }
}
