package packagebroker.core.advisory;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonCursor;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.upstream.Features;
import packagebroker.core.upstream.Source;

/** Which advisories there are, as Composer itself asks: a form, answered by {@code {"advisories":{"acme/tool":[…]}}}. */
final class AdvisoryQuestion implements Question {
    @Override
    public String kind() {
        return "advisories";
    }

    @Override
    public @Nullable String findUrl(Features features) {
        return features.advisories().apiUrl();
    }

    @Override
    public boolean endsWithAnAnswer() {
        return true;
    }

    @Override
    public String contentType() {
        return "application/x-www-form-urlencoded";
    }

    @Override
    public byte[] put(Features features, List<String> names) {
        ByteSink form = new ByteSink(names.size() * 50);
        for (int i = 0; i < names.size(); i++) {
            // A name holds no character that needs encoding but its slash.
            form.ascii(i == 0 ? "packages%5B" : "&packages%5B").ascii("" + i).ascii("%5D=");
            form.ascii(names.get(i).replace("/", "%2F"));
        }
        return form.toBytes();
    }

    @Override
    public Map<String, String> read(byte[] json, Source source, List<String> names) {
        JsonSlice listed = JsonSlice.fieldsOf(json).get("advisories");
        if (listed == null || !(listed.isObject() || listed.is("[]"))) {
            throw JsonException.unexpected("expected an object at $.advisories");
        }
        Map<String, String> answers = new LinkedHashMap<>();
        if (listed.isObject()) {
            Set<String> asked = new HashSet<>(names);
            JsonCursor cursor = listed.cursor();
            cursor.enter();
            for (String key = cursor.nextKey(); key != null; key = cursor.nextKey()) {
                PackageName name = PackageName.find(key);
                JsonSlice list = cursor.slice();
                if (name != null && asked.contains(name.toString())) {
                    answers.put(name.toString(), AdvisoryList.of(list, source));
                }
            }
        }
        return answers;
    }
}
