package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

/** A plain object with named values. */
@JSClass(transparent = true)
public abstract class Plain implements JSObject {
    @JSBody(script = "return {};")
    public static native Plain create();

    @JSBody(
            params = {"name", "value"},
            script = "this[name] = value;")
    public native void set(String name, @Nullable String value);

    @JSBody(params = "name", script = "return name in this;")
    public native boolean has(String name);

    @JSBody(params = "name", script = "var v = this[name]; return v === undefined ? null : v;")
    public native @Nullable JSObject find(String name);

    /** Returns this object as one line of JSON. */
    @JSBody(script = "return JSON.stringify(this);")
    public native String json();
}
