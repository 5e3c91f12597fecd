package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int8Array;

/** {@code CompressionStream} and {@code DecompressionStream} over bytes in memory. */
public final class CompressionStream {
    private CompressionStream() {}

    @JSBody(
            params = "bytes",
            script =
                    "return new Response(new Response(bytes).body.pipeThrough(new CompressionStream('gzip'))).arrayBuffer();")
    public static native JSPromise<ArrayBuffer> gzip(Int8Array bytes);

    @JSBody(
            params = {"bytes", "format"},
            script = "return new Response(bytes).body.pipeThrough(new DecompressionStream(format));")
    public static native ReadableStream unpack(Int8Array bytes, String format);
}
