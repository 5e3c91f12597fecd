package packagebroker.entry.js;

import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** What a handler is given besides its request. */
public interface ExecutionContext extends JSObject {
    void waitUntil(JSPromise<?> promise);
}
