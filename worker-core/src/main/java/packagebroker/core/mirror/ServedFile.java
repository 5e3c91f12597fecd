package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.MetadataMinifier;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;

/** The file that our clients read, written and read back: always minified, with our dist URLs only. */
final class ServedFile {
    private static final JsonSlice UNSET = JsonSlice.of(Utf8.encode("\"__unset\""));

    private ServedFile() {}

    /** Returns the file of some whole versions, newest first, each with the dist that our clients shall see. */
    static ByteSink write(
            PackageName name, List<Map<String, JsonSlice>> versions, Map<String, JsonSlice> extras, int size) {
        List<Map<String, JsonSlice>> differences = new ArrayList<>(versions.size());
        Map<String, JsonSlice> previous = Map.of();
        for (Map<String, JsonSlice> version : versions) {
            differences.add(previous.isEmpty() ? version : MetadataMinifier.diff(previous, version, UNSET));
            previous = version;
        }
        return writeDifferences(name, differences, extras, size);
    }

    /** Returns the file of some versions, each given as what differs from the one before. */
    static ByteSink writeDifferences(
            PackageName name, List<Map<String, JsonSlice>> differences, Map<String, JsonSlice> extras, int size) {
        ByteSink sink = new ByteSink(size);
        sink.ascii("{\"packages\":{\"").ascii(name.toString()).ascii("\":[");
        boolean first = true;
        for (Map<String, JsonSlice> difference : differences) {
            sink.ascii(first ? "{" : ",{");
            sink.fields(difference, true);
            sink.ascii("}");
            first = false;
        }
        return end(sink.ascii("]}"), extras);
    }

    private static ByteSink end(ByteSink sink, Map<String, JsonSlice> extras) {
        return sink.ascii(",\"minified\":\"composer/2.0\"")
                .fields(extras, false)
                .ascii("}");
    }

    /** Returns a file that {@link #write} wrote with other keys beside its packages. */
    static byte[] withExtras(byte[] json, Map<String, JsonSlice> extras) {
        JsonCursor cursor = JsonSlice.of(json).cursor();
        cursor.enter();
        cursor.nextKey();
        ByteSink sink = new ByteSink(json.length + Extras.size(extras)).ascii("{\"packages\":");
        cursor.slice().appendTo(sink);
        return end(sink, extras).toBytes();
    }

    /** Returns the keys beside the packages of a file that {@link #write} wrote. */
    static Map<String, JsonSlice> extras(byte[] json) {
        Map<String, JsonSlice> fields = JsonSlice.of(json).findFields();
        Map<String, JsonSlice> extras = new LinkedHashMap<>(fields == null ? Map.of() : fields);
        extras.remove("packages");
        extras.remove("minified");
        return extras;
    }

    /** Returns the versions of a file that {@link #write} wrote, expanded, by normalised version, in their order. */
    static Map<String, Map<String, JsonSlice>> read(byte[] json) {
        Map<String, Map<String, JsonSlice>> versions = new LinkedHashMap<>();
        JsonCursor cursor = JsonSlice.of(json).cursor();
        cursor.enter();
        cursor.nextKey();
        cursor.enter();
        cursor.nextKey();
        cursor.enter();
        Map<String, JsonSlice> previous = Map.of();
        while (cursor.nextElement()) {
            Map<String, JsonSlice> fields = cursor.fields();
            previous = MetadataMinifier.apply(previous, fields == null ? Map.of() : fields, UNSET::equals);
            String normalized = normalized(previous);
            if (normalized != null) {
                versions.put(normalized, previous);
            }
        }
        return versions;
    }

    private static @Nullable String normalized(Map<String, JsonSlice> fields) {
        JsonSlice value = fields.get("version_normalized");
        return value == null ? null : value.findText();
    }
}
