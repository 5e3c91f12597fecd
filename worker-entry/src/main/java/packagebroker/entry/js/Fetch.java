package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** {@code fetch} and the words for it. */
public final class Fetch {
    private Fetch() {}

    /** Returns what {@link #send} wants to know. */
    @JSBody(
            params = {"method", "headers", "body", "signal"},
            script = "return { method: method, headers: headers, body: body, signal: signal, redirect: 'manual' };")
    public static native JSObject init(String method, JSObject headers, @Nullable JSObject body, JSObject signal);

    /** Sends a request; what {@code fetch} throws at once becomes a rejection too. */
    @JSBody(
            params = {"url", "init"},
            script = "return new Promise(function(done) { done(fetch(url, init)); });")
    public static native JSPromise<Response> send(String url, JSObject init);
}
