package packagebroker.entry.js;

import org.teavm.jso.JSClass;
import org.teavm.jso.JSModule;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSTopLevel;
import org.teavm.jso.core.JSPromise;

/** The runtime's own module. */
@JSClass(transparent = true)
public abstract class CloudflareWorkers implements JSObject {
    /** Keeps the current request alive until a promise is settled. */
    @JSTopLevel
    @JSModule("cloudflare:workers")
    public static native void waitUntil(JSPromise<?> promise);
}
