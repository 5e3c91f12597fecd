package packagebroker.entry.js;

import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** A writer to a stream. */
public interface StreamWriter extends JSObject {
    JSPromise<JSObject> write(JSObject bytes);

    JSPromise<JSObject> close();
}
