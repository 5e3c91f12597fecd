package packagebroker.entry.js;

import org.teavm.jso.JSObject;

/** The writing end of a stream of ours. */
public interface StreamController extends JSObject {
    void enqueue(JSObject bytes);

    void close();
}
