package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** The cache of this data centre. What it throws at once, or its absence, becomes a rejection. */
public final class Cache {
    private Cache() {}

    @JSBody(params = "url", script = "return new Promise(function(done) { done(caches.default.match(url)); });")
    public static native JSPromise<Response> match(String url);

    @JSBody(
            params = {"url", "response"},
            script = "return new Promise(function(done) { done(caches.default.put(url, response)); });")
    public static native JSPromise<JSObject> put(String url, Response response);
}
