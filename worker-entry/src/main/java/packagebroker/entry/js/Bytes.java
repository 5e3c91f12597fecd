package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int8Array;
import org.teavm.jso.typedarrays.Uint8Array;

/** Views of bytes: what is a Java array here is an {@link Int8Array} there, so nothing is copied unless it says so. */
public final class Bytes {
    private Bytes() {}

    /** Returns a Java array over the same memory. */
    @JSBody(params = "bytes", script = "return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);")
    public static native Int8Array signed(Uint8Array bytes);

    @JSBody(params = "buffer", script = "return new Int8Array(buffer);")
    public static native Int8Array signed(ArrayBuffer buffer);

    /** Returns the whole buffer of which these bytes are a part. */
    @JSBody(params = "bytes", script = "return new Uint8Array(bytes.buffer);")
    public static native Uint8Array whole(Uint8Array bytes);

    /** Returns whether these bytes are a whole buffer. */
    @JSBody(params = "bytes", script = "return bytes.byteLength === bytes.buffer.byteLength;")
    public static native boolean isWhole(Uint8Array bytes);

    @JSBody(
            params = {"bytes", "start", "end"},
            script = "return bytes.subarray(start, end);")
    public static native Uint8Array part(Uint8Array bytes, int start, int end);

    @JSBody(
            params = {"bytes", "start", "end"},
            script = "return bytes.slice(start, end);")
    public static native Uint8Array copy(Uint8Array bytes, int start, int end);
}
