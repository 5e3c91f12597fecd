package packagebroker.entry.adapter;

import java.util.Base64;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.port.Signatures;
import packagebroker.core.text.Hex;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.SubtleCrypto;

/** Signing by WebCrypto. */
public final class WebSignatures implements Signatures {
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;

    /** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
    private static final String PKCS8 = "302e020100300506032b657004220420";

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

    @Override
    public boolean isRs256(String modulus, String exponent, byte[] data, byte[] signature) {
        JSObject key;
        try {
            key = Promises.await(SubtleCrypto.importRsaKey(modulus, exponent));
        } catch (JsException e) {
            return false; // What is no key has signed nothing.
        }
        return Promises.await(
                        SubtleCrypto.verifyRsa(key, Int8Array.fromJavaArray(signature), Int8Array.fromJavaArray(data)))
                .booleanValue();
    }

    @Override
    public byte[] ed25519PublicKey(byte[] privateKey) {
        String x = Promises.await(SubtleCrypto.publicPart(imported(privateKey, true)))
                .stringValue();
        return Base64.getUrlDecoder().decode(x);
    }

    @Override
    public byte[] ed25519(byte[] privateKey, byte[] data) {
        JSObject key = imported(privateKey, false);
        return Bytes.signed(Promises.await(SubtleCrypto.ed25519(key, Int8Array.fromJavaArray(data))))
                .toJavaArray();
    }

    @Override
    public boolean isEd25519(byte[] publicKey, byte[] data, byte[] signature) {
        requireSize(publicKey);
        if (signature.length != SIGNATURE_BYTES) {
            return false; // The runtime would throw.
        }
        JSObject key = Promises.await(SubtleCrypto.importEd25519PublicKey(Int8Array.fromJavaArray(publicKey)));
        return Promises.await(SubtleCrypto.verifyEd25519(
                        key, Int8Array.fromJavaArray(signature), Int8Array.fromJavaArray(data)))
                .booleanValue();
    }

    private static JSObject imported(byte[] privateKey, boolean extractable) {
        requireSize(privateKey);
        byte[] prefix = Hex.bytes(PKCS8);
        byte[] whole = new byte[prefix.length + KEY_BYTES];
        System.arraycopy(prefix, 0, whole, 0, prefix.length);
        System.arraycopy(privateKey, 0, whole, prefix.length, KEY_BYTES);
        return Promises.await(SubtleCrypto.importEd25519PrivateKey(Int8Array.fromJavaArray(whole), extractable));
    }

    private static void requireSize(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("expected a key of 32 bytes but found " + key.length);
        }
    }
}
