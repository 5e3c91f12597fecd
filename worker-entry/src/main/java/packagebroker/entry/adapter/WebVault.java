package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.port.Vault;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.SubtleCrypto;

/** HKDF-SHA-256 and AES-256-GCM by WebCrypto. */
public final class WebVault implements Vault {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    /** Creates one. */
    public WebVault() {}

    @Override
    public byte[] derive(byte[] key, byte[] salt, byte[] info, int length) {
        JSObject imported = Promises.await(SubtleCrypto.importKey(view(key), "HKDF", "deriveBits"));
        return await(SubtleCrypto.hkdf(imported, view(salt), view(info), length * 8));
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
        requireSizes(key, nonce);
        JSObject imported = Promises.await(SubtleCrypto.importKey(view(key), "AES-GCM", "encrypt"));
        return await(SubtleCrypto.encrypt(imported, view(nonce), view(associated), view(plain)));
    }

    @Override
    public byte @Nullable [] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
        requireSizes(key, nonce);
        JSObject imported = Promises.await(SubtleCrypto.importKey(view(key), "AES-GCM", "decrypt"));
        try {
            return await(SubtleCrypto.decrypt(imported, view(nonce), view(associated), view(sealed)));
        } catch (JsException e) {
            if (e.name().equals("OperationError")) {
                return null;
            }
            throw e;
        }
    }

    private static void requireSizes(byte[] key, byte[] nonce) {
        if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException(
                    "expected 32 and 12 bytes but found " + key.length + " and " + nonce.length);
        }
    }

    private static Int8Array view(byte[] bytes) {
        return Int8Array.fromJavaArray(bytes);
    }

    private static byte[] await(JSPromise<ArrayBuffer> promise) {
        return Bytes.signed(Promises.await(promise)).toJavaArray();
    }
}
