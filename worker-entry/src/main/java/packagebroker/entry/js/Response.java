package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;

/** An answer: ours, or one to a {@link Fetch}. */
@JSClass(transparent = true)
public abstract class Response implements Message {
    @JSProperty
    public abstract int getStatus();

    @JSProperty
    public abstract @Nullable ReadableStream getBody();

    public abstract JSPromise<ArrayBuffer> arrayBuffer();

    /** Returns an answer; the body is null, a typed array or a stream, the headers a plain object or {@link Headers}. */
    @JSBody(
            params = {"body", "status", "headers"},
            script = "return new Response(body, { status: status, headers: headers });")
    public static native Response create(@Nullable JSObject body, int status, JSObject headers);
}
