package packagebroker.core.testing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import packagebroker.core.port.Signatures;

/** Signatures of the JDK. */
public class JcaSignatures implements Signatures {
    private static final int KEY_BYTES = 32;

    @Override
    public byte[] hmacSha256(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256")); // Refuses an empty key, as WebCrypto does.
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isRs256(String modulus, String exponent, byte[] data, byte[] signature) {
        try {
            RSAPublicKeySpec key = new RSAPublicKeySpec(number(modulus), number(exponent));
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(KeyFactory.getInstance("RSA").generatePublic(key));
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static BigInteger number(String base64Url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64Url));
    }

    @Override
    public byte[] ed25519PublicKey(byte[] privateKey) {
        requireSize(privateKey);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new OneAnswer(privateKey));
            EdECPoint point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
            byte[] bytes = new byte[KEY_BYTES];
            byte[] y = point.getY().toByteArray();
            for (int i = 0; i < y.length && i < KEY_BYTES; i++) {
                bytes[i] = y[y.length - 1 - i];
            }
            bytes[KEY_BYTES - 1] |= (byte) (point.isXOdd() ? 0x80 : 0);
            return bytes;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] ed25519(byte[] privateKey, byte[] data) {
        requireSize(privateKey);
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, privateKey)));
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isEd25519(byte[] publicKey, byte[] data, byte[] signature) {
        requireSize(publicKey);
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key(publicKey));
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // Not even the form of a signature.
        }
    }

    private static PublicKey key(byte[] bytes) throws GeneralSecurityException {
        byte[] y = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            y[i] = bytes[KEY_BYTES - 1 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7F;
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, y));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    private static void requireSize(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("expected a key of 32 bytes but found " + key.length);
        }
    }

    /** The JDK makes a pair from random bytes, and has no other way from the private to the public key. */
    private static final class OneAnswer extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] answer;

        OneAnswer(byte[] answer) {
            this.answer = answer.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(answer, 0, bytes, 0, bytes.length);
        }
    }
}
