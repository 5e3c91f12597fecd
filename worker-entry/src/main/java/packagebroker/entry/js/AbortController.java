package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** Ends a fetch from outside. */
@JSClass(transparent = true)
public abstract class AbortController implements JSObject {
    @JSProperty
    public abstract JSObject getSignal();

    public abstract void abort();

    @JSBody(script = "return new AbortController();")
    public static native AbortController create();
}
