package packagebroker.entry.adapter;

import java.util.List;
import org.teavm.jso.JSObject;
import packagebroker.entry.js.Headers;
import packagebroker.entry.js.Plain;

/** Header fields on their way to the runtime. */
final class Fields {
    private Fields() {}

    /** Returns names and values in turn as a plain object, which the runtime takes fastest; it cannot hold a name twice. */
    static JSObject of(List<String> pairs) {
        Plain plain = Plain.create();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            if (plain.has(pairs.get(i))) {
                return repeated(pairs);
            }
            plain.set(pairs.get(i), pairs.get(i + 1));
        }
        return plain;
    }

    private static JSObject repeated(List<String> pairs) {
        Headers headers = Headers.create();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            headers.append(pairs.get(i), pairs.get(i + 1));
        }
        return headers;
    }
}
