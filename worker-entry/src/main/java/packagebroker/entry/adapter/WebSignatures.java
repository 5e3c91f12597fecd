package packagebroker.entry.adapter;

import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.port.Signatures;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.SubtleCrypto;

/** Signing by WebCrypto. */
public final class WebSignatures implements Signatures {
    /** Creates one. */
    public WebSignatures() {}

    @Override
    public byte[] hmacSha256(byte[] key, byte[] data) {
        if (key.length == 0) {
            throw new IllegalArgumentException("expected a key but found none");
        }
        JSObject imported = Promises.await(SubtleCrypto.importHmacKey(Int8Array.fromJavaArray(key)));
        return Bytes.signed(Promises.await(SubtleCrypto.hmac(imported, Int8Array.fromJavaArray(data))))
                .toJavaArray();
    }
}
