package packagebroker.core.lock;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.mirror.Survey;
import packagebroker.core.text.Hex;

/**
 * A package as a lock names it.
 *
 * @param section {@code packages} or {@code packages-dev}
 * @param entry the whole object
 * @param fields its keys
 */
record LockedPackage(String section, JsonSlice entry, Map<String, JsonSlice> fields) {
    private static final int MAX_TYPE = 10;

    /** Returns a text of the package, or an empty one. */
    String text(String key) {
        return text(fields, key);
    }

    /** Returns the keys of its dist, or none. */
    Map<String, JsonSlice> dist() {
        return inner("dist");
    }

    /** Returns the keys of its source, or none. */
    Map<String, JsonSlice> source() {
        return inner("source");
    }

    private Map<String, JsonSlice> inner(String key) {
        JsonSlice value = fields.get(key);
        Map<String, JsonSlice> found = value == null ? null : value.findFields();
        return found == null ? Map.of() : found;
    }

    static String text(Map<String, JsonSlice> fields, String key) {
        JsonSlice value = fields.get(key);
        String text = value == null ? null : value.findText();
        return text == null ? "" : text;
    }

    /** Returns what we may know of its archive, or null if its name or version is none. */
    Survey.@Nullable Subject subject() {
        PackageName name = PackageName.find(text("name"));
        String normalized = Version.normalize(text("version"));
        if (name == null || normalized == null) {
            return null;
        }
        Map<String, JsonSlice> dist = dist();
        String sha1 = text(dist, "shasum");
        return new Survey.Subject(
                name,
                normalized,
                text(dist, "reference"),
                text(dist, "type"),
                sha1.length() == 40 && Hex.isHex(sha1) ? sha1 : "",
                text(dist, "url"),
                text("notification-url"));
    }

    /** Returns whether its archive is somewhere on the network at all. */
    boolean isRemote() {
        String type = text(dist(), "type");
        return !type.isEmpty() && type.length() <= MAX_TYPE && !type.equals("path");
    }
}
