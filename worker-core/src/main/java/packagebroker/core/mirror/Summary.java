package packagebroker.core.mirror;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Stability;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;

/**
 * What search and lists say of a package: the words of its newest stable version, or of its newest one where none is stable.
 * Null stands for what is not known: then what was known before stays.
 *
 * @param description one line, shortened
 * @param abandoned empty, {@code true}, or the package to use instead
 * @param provides the names that it provides or replaces, separated by spaces
 */
record Summary(
        @Nullable String description,
        @Nullable String type,
        @Nullable String abandoned,
        @Nullable String provides) {
    /** Says nothing. */
    static final Summary UNKNOWN = new Summary(null, null, null, null);

    private static final List<String> KEYS = List.of("description", "type", "abandoned", "provide", "replace");
    private static final int MAX_DESCRIPTION = 250;
    private static final int MAX_NAME = 200;
    private static final int MAX_PROVIDES = 8_000;

    /**
     * Returns the summary of some versions, newest first.
     *
     * @param versions their keys by the normalised version: all of them, or those that differ from the version before
     * @param asDifferences which of the two
     */
    static Summary of(Map<String, Map<String, JsonSlice>> versions, boolean asDifferences) {
        Map<String, JsonSlice> newest = Map.of();
        Map<String, JsonSlice> current = new HashMap<>();
        for (Map.Entry<String, Map<String, JsonSlice>> version : versions.entrySet()) {
            if (!asDifferences) {
                current.clear();
            }
            for (String key : KEYS) {
                JsonSlice value = version.getValue().get(key);
                if (value != null && value.is("\"__unset\"")) {
                    current.remove(key);
                } else if (value != null) {
                    current.put(key, value);
                }
            }
            if (Stability.of(version.getKey()) == Stability.STABLE) {
                return of(current);
            }
            newest = newest.isEmpty() ? new HashMap<>(current) : newest;
        }
        return of(newest);
    }

    private static Summary of(Map<String, JsonSlice> fields) {
        String type = text(fields.get("type"), MAX_NAME);
        StringBuilder provides = new StringBuilder();
        addNames(provides, fields.get("provide"));
        addNames(provides, fields.get("replace"));
        return new Summary(
                text(fields.get("description"), MAX_DESCRIPTION),
                type.isEmpty() ? "library" : type,
                abandoned(fields.get("abandoned")),
                provides.toString());
    }

    private static String abandoned(@Nullable JsonSlice value) {
        return value != null && value.is("true") ? "true" : text(value, MAX_NAME);
    }

    /** Returns a text as one line that ends where it gets too long; empty for anything but a text. */
    private static String text(@Nullable JsonSlice value, int max) {
        String text = value == null ? null : value.findText();
        if (text == null) {
            return "";
        }
        int end = Math.min(text.length(), max);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        StringBuilder line = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            line.append(c < ' ' || (c >= 0x7F && c < 0xA0) ? ' ' : c);
        }
        return line.toString();
    }

    private static void addNames(StringBuilder names, @Nullable JsonSlice links) {
        if (links == null || !links.isObject()) {
            return;
        }
        JsonCursor cursor = links.cursor();
        cursor.enter();
        for (String key = cursor.nextKey(); key != null; key = cursor.nextKey()) {
            PackageName name = PackageName.find(key);
            if (name != null && names.length() + key.length() < MAX_PROVIDES) {
                names.append(names.length() == 0 ? "" : " ").append(name);
            }
            cursor.skip();
        }
    }
}
