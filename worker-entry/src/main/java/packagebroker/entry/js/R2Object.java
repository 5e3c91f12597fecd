package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** An object of a bucket, with its body where it was got. */
@JSClass(transparent = true)
public abstract class R2Object implements JSObject {
    @JSProperty
    public abstract String getKey();

    @JSProperty
    public abstract double getSize();

    /** Returns when it was stored, in ms since 1970. */
    @JSBody(script = "return +this.uploaded;")
    public native double storedAt();

    @JSBody(script = "return this.body || null;")
    public native @Nullable ReadableStream body();
}
