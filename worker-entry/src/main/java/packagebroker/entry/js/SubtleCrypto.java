package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSBoolean;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int8Array;

/** {@code crypto.subtle} for the algorithms in use. */
public final class SubtleCrypto {
    private SubtleCrypto() {}

    @JSBody(params = "data", script = "return crypto.subtle.digest('SHA-256', data);")
    public static native JSPromise<ArrayBuffer> sha256(JSObject data);

    /** Imports a key for {@code HKDF} or {@code AES-GCM}. */
    @JSBody(
            params = {"key", "algorithm", "usage"},
            script = "return crypto.subtle.importKey('raw', key, algorithm, false, [usage]);")
    public static native JSPromise<JSObject> importKey(Int8Array key, String algorithm, String usage);

    @JSBody(
            params = "key",
            script = "return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);")
    public static native JSPromise<JSObject> importHmacKey(Int8Array key);

    /** Imports the public half of an RSA key for RS256, as a JSON Web Key has it. */
    @JSBody(
            params = {"modulus", "exponent"},
            script = "return crypto.subtle.importKey('jwk', { kty: 'RSA', n: modulus, e: exponent },"
                    + "{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify']);")
    public static native JSPromise<JSObject> importRsaKey(String modulus, String exponent);

    @JSBody(
            params = {"key", "signature", "data"},
            script = "return crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, data);")
    public static native JSPromise<JSBoolean> verifyRsa(JSObject key, Int8Array signature, Int8Array data);

    @JSBody(
            params = {"key", "salt", "info", "bits"},
            script = "return crypto.subtle.deriveBits("
                    + "{ name: 'HKDF', hash: 'SHA-256', salt: salt, info: info }, key, bits);")
    public static native JSPromise<ArrayBuffer> hkdf(JSObject key, Int8Array salt, Int8Array info, int bits);

    @JSBody(
            params = {"key", "iv", "associated", "plain"},
            script = "return crypto.subtle.encrypt("
                    + "{ name: 'AES-GCM', iv: iv, additionalData: associated }, key, plain);")
    public static native JSPromise<ArrayBuffer> encrypt(
            JSObject key, Int8Array iv, Int8Array associated, Int8Array plain);

    @JSBody(
            params = {"key", "iv", "associated", "sealed"},
            script = "return crypto.subtle.decrypt("
                    + "{ name: 'AES-GCM', iv: iv, additionalData: associated }, key, sealed);")
    public static native JSPromise<ArrayBuffer> decrypt(
            JSObject key, Int8Array iv, Int8Array associated, Int8Array sealed);

    @JSBody(
            params = {"key", "data"},
            script = "return crypto.subtle.sign('HMAC', key, data);")
    public static native JSPromise<ArrayBuffer> hmac(JSObject key, Int8Array data);

    @JSBody(
            params = {"key", "extractable"},
            script = "return crypto.subtle.importKey('pkcs8', key, 'Ed25519', extractable, ['sign']);")
    public static native JSPromise<JSObject> importEd25519PrivateKey(Int8Array key, boolean extractable);

    /** Returns the public key that belongs to a private one, in base64url. */
    @JSBody(
            params = "key",
            script = "return crypto.subtle.exportKey('jwk', key).then(function(jwk) { return jwk.x; });")
    public static native JSPromise<JSString> publicPart(JSObject key);

    @JSBody(params = "key", script = "return crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);")
    public static native JSPromise<JSObject> importEd25519PublicKey(Int8Array key);

    @JSBody(
            params = {"key", "data"},
            script = "return crypto.subtle.sign('Ed25519', key, data);")
    public static native JSPromise<ArrayBuffer> ed25519(JSObject key, Int8Array data);

    @JSBody(
            params = {"key", "signature", "data"},
            script = "return crypto.subtle.verify('Ed25519', key, signature, data);")
    public static native JSPromise<JSBoolean> verifyEd25519(JSObject key, Int8Array signature, Int8Array data);

    /** Fills at most 65,536 bytes. */
    @JSBody(
            params = {"bytes", "start", "end"},
            script = "crypto.getRandomValues(bytes.subarray(start, end));")
    public static native void fillRandomly(Int8Array bytes, int start, int end);
}
