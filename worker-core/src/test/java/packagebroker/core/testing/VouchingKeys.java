package packagebroker.core.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import packagebroker.core.json.Json;

/** A key pair of somebody who vouches for others, and what he signs with it. */
public final class VouchingKeys {
    private final String id;
    private final KeyPair pair;

    /** Makes a pair of 2,048 bits. */
    public VouchingKeys(String id) {
        this.id = id;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the public half as a JSON Web Key. */
    public String jwk() {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        return "{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + id + "\",\"n\":\""
                + number(key.getModulus()) + "\",\"e\":\"" + number(key.getPublicExponent()) + "\",\"x5t\":\"x\"}";
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        byte[] plain = new byte[bytes.length - from];
        System.arraycopy(bytes, from, plain, 0, plain.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
    }

    /** Returns a signed token of claims. */
    public String sign(Map<String, ?> claims) {
        return sign(Map.of("alg", "RS256", "typ", "JWT", "kid", id), claims);
    }

    /** Returns a signed token with a header of one's own. */
    public String sign(Map<String, ?> header, Map<String, ?> claims) {
        String signed = part(Json.write(header)) + "." + part(Json.write(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a text in base64url. */
    public static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
