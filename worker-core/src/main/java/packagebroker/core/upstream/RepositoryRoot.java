package packagebroker.core.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Ascii;

/**
 * A repository's {@code packages.json}, or a file it includes: whatever keys it has, of both protocol versions.
 *
 * @see <a href="https://getcomposer.org/doc/05-repositories.md#composer">Composer repositories</a>
 */
final class RepositoryRoot {
    private final Map<String, JsonSlice> fields;

    private RepositoryRoot(Map<String, JsonSlice> fields) {
        this.fields = fields;
    }

    /**
     * Returns the root that cleaned bytes hold.
     *
     * @throws JsonException if they hold no object
     */
    static RepositoryRoot parse(byte[] json) {
        return new RepositoryRoot(JsonSlice.fieldsOf(json));
    }

    /** Returns a URL template such as {@code metadata-url}, or null. */
    @Nullable
    String findUrl(String key) {
        JsonSlice value = fields.get(key);
        return value == null ? null : value.findText();
    }

    /** Returns the object under a key as slices; empty if there is none (PHP writes an empty object as a list). */
    Map<String, JsonSlice> object(String key) {
        JsonSlice value = fields.get(key);
        if (value == null || !value.isObject()) {
            return Map.of();
        }
        Map<String, JsonSlice> object = value.findFields();
        return object == null ? Map.of() : object;
    }

    /** Returns, for {@code includes}, {@code provider-includes} or {@code providers}, each name with its stated hash. */
    Map<String, String> hashes(String key, String algorithm) {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonSlice> entry : object(key).entrySet()) {
            JsonSlice hash = entry.getValue().isObject() ? findHash(entry.getValue(), algorithm) : null;
            String text = hash == null ? null : hash.findText();
            hashes.put(entry.getKey(), text == null ? "" : text);
        }
        return hashes;
    }

    private static @Nullable JsonSlice findHash(JsonSlice include, String algorithm) {
        Map<String, JsonSlice> fields = include.findFields();
        return fields == null ? null : fields.get(algorithm);
    }

    /** Returns whether {@code packages} holds this name; names are compared in lower case. */
    boolean hasPackage(String name) {
        for (String key : object("packages").keySet()) {
            if (Ascii.isSame(name, key)) {
                return true;
            }
        }
        return false;
    }
}
