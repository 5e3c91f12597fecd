package packagebroker.core.testing;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Vault;

/** Encryption of the JDK. */
public final class JcaVault implements Vault {
    private static final int TAG_BYTES = 16;
    private static final int HASH_BYTES = 32;

    @Override
    public byte[] derive(byte[] key, byte[] salt, byte[] info, int length) {
        byte[] secret = mac(salt.length == 0 ? new byte[HASH_BYTES] : salt, key);
        byte[] derived = new byte[length];
        byte[] block = new byte[0];
        for (int at = 0, number = 1; at < length; at += HASH_BYTES, number++) {
            byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) number;
            block = mac(secret, input);
            System.arraycopy(block, 0, derived, at, Math.min(HASH_BYTES, length - at));
        }
        return derived;
    }

    private static byte[] mac(byte[] key, byte[] data) {
        return new JcaSignatures().hmacSha256(key, data);
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, nonce, associated).doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte @Nullable [] open(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, associated);
            return sealed.length < TAG_BYTES ? null : cipher.doFinal(sealed);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] associated)
            throws GeneralSecurityException {
        if (key.length != 32 || nonce.length != 12) {
            throw new IllegalArgumentException("expected a key of 32 and a nonce of 12 bytes");
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }
}
