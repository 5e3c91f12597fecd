package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

/** One row: an object whose fields are the columns. */
@JSClass(transparent = true)
public abstract class D1Row implements JSObject {
    @JSBody(params = "column", script = "return column in this;")
    public native boolean has(String column);

    @JSBody(params = "column", script = "return this[column] === null;")
    public native boolean isNull(String column);

    @JSBody(params = "column", script = "return typeof this[column] === 'number';")
    public native boolean isNumber(String column);

    @JSBody(params = "column", script = "var v = this[column]; return v === null ? null : String(v);")
    public native @Nullable String text(String column);

    @JSBody(params = "column", script = "return Number(this[column]);")
    public native double number(String column);
}
