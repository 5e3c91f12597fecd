package packagebroker.core.mirror;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;

/** The keys beside the packages of a file: as its upstream wrote them, and as our clients read them, with our own advisories. */
final class Extras {
    /** The most that is kept of them, in bytes. */
    static final int MAX_BYTES = 1_000_000;

    private static final String ADVISORIES = "security-advisories";

    private Extras() {}

    /** Returns the number of bytes. */
    static int size(Map<String, JsonSlice> extras) {
        int size = 0;
        for (JsonSlice value : extras.values()) {
            size += value.length();
        }
        return size;
    }

    /** Returns the keys as the JSON object that a row holds. */
    static String text(Map<String, JsonSlice> extras) {
        return Utf8.decode(new ByteSink(size(extras) + 100)
                .ascii("{")
                .fields(extras, true)
                .ascii("}")
                .toBytes());
    }

    /** Returns the keys that a row holds, or null if it holds none yet. */
    static @Nullable Map<String, JsonSlice> find(String text) {
        return text.isEmpty() ? null : JsonSlice.of(Utf8.encode(text)).findFields();
    }

    /**
     * Returns the keys as our clients read them.
     *
     * @param own advisories of ours, as JSON
     * @param alone whether these may be the only ones. A client that finds advisories in a file looks for no others, so where
     *     the upstream has its own elsewhere they must not be hidden
     */
    static Map<String, JsonSlice> served(Map<String, JsonSlice> extras, List<String> own, boolean alone) {
        JsonSlice listed = extras.get(ADVISORIES);
        boolean isList = listed != null && (listed.isArray() || listed.isObject());
        if (own.isEmpty() || !(isList || alone)) {
            return extras;
        }
        ByteSink sink = new ByteSink((listed == null ? 0 : listed.length()) + 1_000).ascii("[");
        int start = sink.length();
        if (listed != null && isList) {
            JsonCursor cursor = listed.cursor();
            boolean keyed = cursor.atObject(); // PHP writes a list with gaps as an object.
            cursor.enter();
            while (keyed ? cursor.nextKey() != null : cursor.nextElement()) {
                sink.ascii(sink.length() == start ? "" : ",");
                cursor.slice().appendTo(sink);
            }
        }
        for (String advisory : own) {
            sink.ascii(sink.length() == start ? "" : ",").text(advisory);
        }
        Map<String, JsonSlice> served = new LinkedHashMap<>(extras);
        served.put(ADVISORIES, JsonSlice.of(sink.ascii("]").toBytes()));
        return served;
    }
}
