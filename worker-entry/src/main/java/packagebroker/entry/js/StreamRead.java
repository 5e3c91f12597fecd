package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.typedarrays.Uint8Array;

/** The outcome of one read. */
@JSClass(transparent = true)
public abstract class StreamRead implements JSObject {
    @JSProperty
    public abstract boolean isDone();

    @JSBody(script = "return this.value || null;")
    public native @Nullable Uint8Array value();
}
