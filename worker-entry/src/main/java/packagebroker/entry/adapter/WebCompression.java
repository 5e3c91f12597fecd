package packagebroker.entry.adapter;

import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.http.TransferException;
import packagebroker.core.port.Compression;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.CompressionStream;
import packagebroker.entry.js.ReadableStream;

/** Gzip and deflate by the runtime's streams. */
public final class WebCompression implements Compression {
    /** Creates one. */
    public WebCompression() {}

    @Override
    public byte[] gzip(byte[] plain) {
        JSPromise<ArrayBuffer> packed = CompressionStream.gzip(Int8Array.fromJavaArray(plain));
        return Bytes.signed(Promises.await(packed)).toJavaArray();
    }

    @Override
    public byte[] gunzip(byte[] packed, int limit) {
        return unpack(packed, "gzip", limit);
    }

    @Override
    public byte[] inflate(byte[] packed, int limit) {
        return unpack(packed, "deflate-raw", limit);
    }

    private static byte[] unpack(byte[] packed, String format, int limit) {
        ReadableStream plain = CompressionStream.unpack(Int8Array.fromJavaArray(packed), format);
        try {
            return new StreamBody(plain, -1).bytes(limit);
        } catch (TransferException e) {
            throw new IllegalArgumentException("expected " + format + " of at most " + limit + " bytes", e);
        }
    }
}
