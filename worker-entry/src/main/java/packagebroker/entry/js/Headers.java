package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

/** Header fields. */
@JSClass(transparent = true)
public abstract class Headers implements JSObject {
    public abstract @Nullable String get(String name);

    public abstract void append(String name, String value);

    /** Returns names and values in turn. */
    @JSBody(script = "var pairs = []; this.forEach(function(v, k) { pairs.push(k, v); }); return pairs;")
    public native String[] pairs();

    @JSBody(script = "return new Headers();")
    public static native Headers create();
}
