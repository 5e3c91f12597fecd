package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.Uint8Array;

/** A reader of a stream: into buffers of its own, or into ours (BYOB). */
@JSClass(transparent = true)
public abstract class StreamReader implements JSObject {
    public abstract JSPromise<StreamRead> read();

    /** Resolves when some bytes are in the buffer, which moves to the result. */
    public abstract JSPromise<StreamRead> read(Uint8Array buffer);

    /** Resolves when {@code bytes} bytes are in the buffer or the stream has ended. */
    public abstract JSPromise<StreamRead> readAtLeast(int bytes, Uint8Array buffer);

    /** Gives up the rest; what comes of it interests nobody. */
    @JSBody(script = "this.cancel().catch(function() {});")
    public native void discard();
}
