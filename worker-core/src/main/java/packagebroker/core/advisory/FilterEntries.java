package packagebroker.core.advisory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    private final Map<String, Set<String>> byList = new LinkedHashMap<>();
    private final Set<String> named = new HashSet<>();

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
        Map<String, JsonSlice> rest = new LinkedHashMap<>(fields);
        rest.remove("package");
        ByteSink entry = new ByteSink(200).ascii("{\"package\":").quoted(name);
        entry.fields(rest, false).ascii("}");
        byList.computeIfAbsent(list, unknown -> new LinkedHashSet<>()).add(Utf8.decode(entry.toBytes()));
        JsonSlice constraint = fields.get("constraint");
        named.add(identity(list, name, constraint == null ? null : constraint.findText()));
    }

    private static String identity(String list, String name, @Nullable String versions) {
        return list + " " + name + " " + versions;
    }

    /** Adds an entry of which only the versions are known, unless entries that are here already name all of these. */
    void addUnlessCovered(String list, String name, String versions) {
        boolean covered = true;
        for (String alternative : alternatives(versions)) {
            covered &= named.contains(identity(list, name, alternative));
        }
        if (!covered && !named.contains(identity(list, name, versions))) {
            Map<String, JsonSlice> fields = new LinkedHashMap<>();
            fields.put("constraint", JsonSlice.of(Utf8.encode(Json.quote(versions))));
            add(list, name, fields);
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

    /** Returns the lists as a JSON object. */
    ByteSink json() {
        ByteSink sink = new ByteSink(1_000).ascii("{");
        for (Map.Entry<String, Set<String>> list : byList.entrySet()) {
            sink.ascii(sink.length() == 1 ? "" : ",").quoted(list.getKey()).ascii(":[");
            String comma = "";
            for (String entry : list.getValue()) {
                sink.ascii(comma).text(entry);
                comma = ",";
            }
            sink.ascii("]");
        }
        return sink.ascii("}");
    }
}
