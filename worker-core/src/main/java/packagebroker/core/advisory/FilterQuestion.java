package packagebroker.core.advisory;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Source;

/**
 * What filter lists say, as Composer 2.10 asks: package URLs and lists, answered by {@code {"filter":{"malware":[{"package":…}]}}}. An
 * upstream is asked for all its lists, so that its answers stand for whichever of them is wanted.
 */
final class FilterQuestion implements Question {
    private static final int MAX_BYTES = 500_000;

    @Override
    public String kind() {
        return "filter";
    }

    @Override
    public @Nullable String findUrl(Features features) {
        return features.filter().isOffered() ? features.filter().apiUrl() : null;
    }

    @Override
    public boolean endsWithAnAnswer() {
        return false;
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] put(Features features, List<String> names) {
        ByteSink json = new ByteSink(names.size() * 50).ascii("{\"packages\":[");
        for (int i = 0; i < names.size(); i++) {
            json.ascii(i == 0 ? "\"pkg://composer/" : ",\"pkg://composer/")
                    .ascii(names.get(i))
                    .ascii("\"");
        }
        return json.ascii("],\"lists\":")
                .text(Json.write(features.filter().lists()))
                .ascii("}")
                .toBytes();
    }

    /** Returns for each package an object of its lists, with the entries of each as they were written. */
    @Override
    public Map<String, String> read(byte[] json, Source source, List<String> names) {
        JsonSlice filter = JsonSlice.fieldsOf(json).get("filter");
        if (filter == null || !(filter.isObject() || filter.is("[]"))) {
            throw JsonException.unexpected("expected an object at $.filter");
        }
        Set<String> asked = new HashSet<>(names);
        Map<String, FilterEntries> found = new LinkedHashMap<>();
        Map<String, JsonSlice> lists = filter.isObject() ? filter.findFields() : Map.of();
        if (lists == null) {
            throw JsonException.unexpected("expected each list once");
        }
        for (Map.Entry<String, JsonSlice> list : lists.entrySet()) {
            if (Features.isListName(list.getKey())) {
                read(list.getKey(), list.getValue(), asked, found);
            }
        }
        Map<String, String> answers = new LinkedHashMap<>();
        for (Map.Entry<String, FilterEntries> entries : found.entrySet()) {
            String text = Utf8.decode(entries.getValue().json().toBytes());
            if (text.length() > MAX_BYTES) {
                throw JsonException.unexpected("expected at most " + MAX_BYTES + " bytes of entries for a package");
            }
            answers.put(entries.getKey(), text);
        }
        return answers;
    }

    private static void read(String list, JsonSlice entries, Set<String> asked, Map<String, FilterEntries> found) {
        if (!entries.isArray() && !entries.isObject()) {
            throw JsonException.unexpected("expected a list of entries");
        }
        JsonCursor cursor = entries.cursor();
        boolean keyed = cursor.atObject();
        cursor.enter();
        while (keyed ? cursor.nextKey() != null : cursor.nextElement()) {
            JsonSlice entry = cursor.slice();
            Map<String, JsonSlice> fields = FilterEntries.requireEntry(entry);
            JsonSlice text = fields.get("package");
            String written = text == null ? null : text.findText();
            PackageName name = written == null ? null : PackageName.find(written);
            if (name == null) {
                throw JsonException.unexpected("expected the package of each entry");
            }
            if (asked.contains(name.toString())) {
                found.computeIfAbsent(name.toString(), unknown -> new FilterEntries())
                        .add(list, name.toString(), fields);
            }
        }
    }
}
