package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;

/** Entries of filter lists, by list, each with the name of its package. */
final class FilterEntries {
    private final Map<String, List<Map<String, JsonSlice>>> byList = new LinkedHashMap<>();

    /**
     * Returns the fields of an entry.
     *
     * @throws JsonException if it does not say which versions it is about: leaving it out would tell somebody that he is safe
     */
    static Map<String, JsonSlice> requireEntry(JsonSlice entry) {
        Map<String, JsonSlice> fields = entry.isObject() ? entry.findFields() : null;
        JsonSlice constraint = fields == null ? null : fields.get("constraint");
        if (fields == null || constraint == null || constraint.findText() == null) {
            throw JsonException.unexpected("expected the constraint of each entry");
        }
        return fields;
    }

    /** Adds an entry about a package; one that stands there already is not added twice. */
    void add(String list, String name, Map<String, JsonSlice> fields) {
        Map<String, JsonSlice> entry = new LinkedHashMap<>();
        entry.put("package", slice(name));
        entry.putAll(fields);
        entry.put("package", slice(name));
        List<Map<String, JsonSlice>> entries = byList.computeIfAbsent(list, unknown -> new ArrayList<>());
        if (!entries.contains(entry)) {
            entries.add(entry);
        }
    }

    /** Adds an entry of which only the versions are known, unless entries that are here already name all of these. */
    void addUnlessCovered(String list, String name, String versions) {
        Set<String> named = new HashSet<>();
        for (Map<String, JsonSlice> entry : byList.getOrDefault(list, List.of())) {
            if (slice(name).equals(entry.get("package"))) {
                named.add(text(entry.get("constraint")));
            }
        }
        if (!named.contains(versions) && !named.containsAll(alternatives(versions))) {
            add(list, name, Map.of("constraint", slice(versions)));
        }
    }

    private static List<String> alternatives(String versions) {
        List<String> alternatives = new ArrayList<>();
        int from = 0;
        while (from <= versions.length()) {
            int bar = versions.indexOf('|', from);
            int end = bar < 0 ? versions.length() : bar;
            alternatives.add(versions.substring(from, end).strip());
            from = end + (versions.startsWith("||", end) ? 2 : 1);
        }
        return alternatives;
    }

    private static String text(@Nullable JsonSlice value) {
        String text = value == null ? null : value.findText();
        return text == null ? "" : text;
    }

    /**
     * Adds what an object of lists says of a package, of some lists.
     *
     * @throws JsonException if that is unusable
     */
    void addAll(JsonSlice lists, String name, List<String> wanted) {
        Map<String, JsonSlice> fields = lists.isObject() ? lists.findFields() : Map.of();
        if (fields == null) {
            throw JsonException.unexpected("expected each list once");
        }
        for (String list : wanted) {
            JsonSlice entries = fields.get(list);
            if (entries != null && (entries.isArray() || entries.isObject())) {
                JsonCursor cursor = entries.cursor();
                boolean keyed = cursor.atObject();
                cursor.enter();
                while (keyed ? cursor.nextKey() != null : cursor.nextElement()) {
                    add(list, name, requireEntry(cursor.slice()));
                }
            }
        }
    }

    private static JsonSlice slice(String text) {
        return JsonSlice.of(Utf8.encode(Json.quote(text)));
    }

    /** Returns the lists as a JSON object. */
    ByteSink json() {
        ByteSink sink = new ByteSink(1_000).ascii("{");
        for (Map.Entry<String, List<Map<String, JsonSlice>>> list : byList.entrySet()) {
            sink.ascii(sink.length() == 1 ? "" : ",").quoted(list.getKey()).ascii(":[");
            String comma = "";
            for (Map<String, JsonSlice> entry : list.getValue()) {
                sink.ascii(comma).ascii("{").fields(entry, true).ascii("}");
                comma = ",";
            }
            sink.ascii("]");
        }
        return sink.ascii("}");
    }
}
