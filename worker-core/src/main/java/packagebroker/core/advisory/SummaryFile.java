package packagebroker.core.advisory;

import java.util.Map;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Features;

/** An upstream's summary of its filter lists: {@code {"filter":{"malware":{"acme/tool":"1.0.0"}}}}. */
final class SummaryFile {
    // It becomes one value of a statement, of which D1 takes 2 MB.
    static final int MAX_BYTES = 1_800_000;

    private static final int MAX_VERSIONS = 10_000;

    private SummaryFile() {}

    /**
     * Returns the entries as JSON: a list of [list, package, versions].
     *
     * @throws JsonException if it is no summary: what cannot be read must not pass for harmless
     */
    static String entries(byte[] json) {
        JsonSlice filter = JsonSlice.fieldsOf(json).get("filter");
        if (filter == null || !(filter.isObject() || filter.is("[]"))) {
            throw JsonException.unexpected("expected an object at $.filter");
        }
        ByteSink sink = new ByteSink(json.length + 100).ascii("[");
        Map<String, JsonSlice> lists = filter.isObject() ? filter.findFields() : Map.of();
        if (lists == null) {
            throw JsonException.unexpected("expected each list once");
        }
        for (Map.Entry<String, JsonSlice> list : lists.entrySet()) {
            if (Features.isListName(list.getKey())) {
                append(sink, list.getKey(), list.getValue());
            }
        }
        return Utf8.decode(sink.ascii("]").toBytes());
    }

    private static void append(ByteSink sink, String list, JsonSlice packages) {
        if (packages.is("[]")) {
            return; // PHP writes no packages as an empty list.
        }
        if (!packages.isObject()) {
            throw JsonException.unexpected("expected an object of packages for each list");
        }
        JsonCursor cursor = packages.cursor();
        cursor.enter();
        for (String key = cursor.nextKey(); key != null; key = cursor.nextKey()) {
            String versions = cursor.text();
            PackageName name = PackageName.find(key);
            if (versions == null || versions.length() > MAX_VERSIONS) {
                throw JsonException.unexpected("expected a constraint for each package");
            }
            if (name != null) {
                sink.ascii(sink.length() == 1 ? "[" : ",[").quoted(list).ascii(",");
                sink.quoted(name.toString()).ascii(",").quoted(versions).ascii("]");
            }
        }
    }
}
