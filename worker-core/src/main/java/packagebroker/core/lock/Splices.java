package packagebroker.core.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.text.Utf8;

/** Changes to a few values of a JSON text that leave every other byte as it is. */
final class Splices {
    private final byte[] json;
    private final List<Splice> splices = new ArrayList<>();

    Splices(byte[] json) {
        this.json = json;
    }

    /** The bytes from {@code start} to {@code end} give way to others. */
    private record Splice(int start, int end, byte[] bytes) {}

    /** Puts another value in the place of one. */
    void replace(JsonSlice value, String other) {
        splices.add(new Splice(value.start(), value.end(), Utf8.encode(other)));
    }

    /** Takes keys out of an object, each with its comma and the white space before it. */
    void remove(JsonSlice object, Map<String, JsonSlice> fields, Set<String> keys) {
        int from = object.start() + 1;
        boolean first = true;
        for (Map.Entry<String, JsonSlice> field : fields.entrySet()) {
            int to = field.getValue().end();
            if (!keys.contains(field.getKey())) {
                first = false;
            } else {
                int end = first ? behindComma(to, object.end() - 1) : to;
                splices.add(new Splice(from, end, new byte[0]));
                to = end;
            }
            from = to;
        }
    }

    /** Returns the index behind the comma that follows, or, behind the last value, where the object ends. */
    private int behindComma(int from, int objectEnd) {
        for (int i = from; i < objectEnd; i++) {
            if (json[i] == ',') {
                return i + 1;
            }
        }
        return objectEnd;
    }

    /** Returns the text with all changes made. */
    byte[] applied() {
        splices.sort((left, right) -> Integer.compare(left.start(), right.start()));
        ByteSink sink = new ByteSink(json.length);
        int copied = 0;
        for (Splice splice : splices) {
            sink.append(json, copied, splice.start()).append(splice.bytes(), 0, splice.bytes().length);
            copied = splice.end();
        }
        return sink.append(json, copied, json.length).toBytes();
    }
}
