package packagebroker.entry.js;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What has header fields: a {@link Request} or a {@link Response}. */
public interface Message extends JSObject {
    @JSProperty
    Headers getHeaders();
}
