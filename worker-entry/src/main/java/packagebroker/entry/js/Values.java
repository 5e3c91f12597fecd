package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

/** An array. TeaVM's own has a type parameter, and what passes through one is wrapped and unwrapped each time. */
@JSClass(transparent = true)
public abstract class Values implements JSObject {
    @JSBody(script = "return [];")
    public static native Values create();

    @JSBody(params = "value", script = "this.push(value);")
    public native void add(JSObject value);

    /** Adds a text; a lone surrogate in it, which no UTF-8 can hold, becomes U+FFFD. */
    @JSBody(params = "value", script = "this.push(value === null ? null : value.toWellFormed());")
    public native void addText(@Nullable String value);

    @JSBody(
            params = {"index", "value"},
            script = "this[index] = value;")
    public native void set(int index, JSObject value);

    @JSBody(params = "value", script = "this.push(value);")
    public native void addNumber(double value);

    @JSBody(params = "index", script = "return this[index];")
    public native JSObject at(int index);

    @JSBody(script = "return this.length;")
    public native int size();
}
