package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** Bytes that arrive over time. */
@JSClass(transparent = true)
public abstract class ReadableStream implements JSObject {
    @JSBody(script = "return this.getReader();")
    public native StreamReader reader();

    /** Returns a reader into buffers of ours, or null where the stream is not one of bytes. */
    @JSBody(script = "try { return this.getReader({ mode: 'byob' }); } catch (e) { return null; }")
    public native @Nullable StreamReader findByobReader();

    /** Gives up an unread stream; what comes of it interests nobody. */
    @JSBody(script = "this.cancel().catch(function() {});")
    public native void discard();

    /** Returns a stream of what {@code pull} enqueues. */
    @JSBody(
            params = {"pull", "cancel"},
            script = "return new ReadableStream({ pull: pull, cancel: cancel }, { highWaterMark: 0 });")
    public static native ReadableStream create(Pull pull, Timer.Task cancel);

    /** Returns this stream with its length, so that the client is told. */
    @JSBody(
            params = "length",
            script = "var fixed = new FixedLengthStream(length); this.pipeTo(fixed.writable).catch(function() {});"
                    + " return fixed.readable;")
    public native ReadableStream ofLength(double length);

    /** Asked for more. */
    @JSFunctor
    public interface Pull extends JSObject {
        JSPromise<JSObject> more(StreamController controller);
    }
}
