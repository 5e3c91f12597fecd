package packagebroker.core.proof;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Signatures;
import packagebroker.core.text.Base64Text;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;
import packagebroker.core.text.Utf8;

/**
 * The Ed25519 key of the deployment that signs the log. It lies outside the database, so that who can write there cannot
 * make a chain of his own. What it signs has the form of C2SP's signed notes.
 */
public final class SigningKey {
    /** The name under which it signs. */
    static final String NAME = "package.broker/audit";

    private static final int KEY_BYTES = 32;
    private static final byte ED25519 = 1;

    private final byte[] key;
    private final String problem;
    private final Signatures signatures;
    private byte[] open = new byte[0];

    private SigningKey(byte[] key, String problem, Signatures signatures) {
        this.key = key;
        this.problem = problem;
        this.signatures = signatures;
    }

    /** Returns the key of a deployment secret; one with a {@link #problem} signs nothing. */
    public static SigningKey of(@Nullable String secret, Signatures signatures) {
        if (secret == null) {
            return broken("expected the secret AUDIT_SIGNING_KEY to be set", signatures);
        }
        byte[] key = decoded(secret);
        return key.length == KEY_BYTES
                ? new SigningKey(key, "", signatures)
                : broken("expected 32 bytes in base64 in AUDIT_SIGNING_KEY", signatures);
    }

    private static SigningKey broken(String problem, Signatures signatures) {
        return new SigningKey(new byte[0], problem, signatures);
    }

    /** Returns what is wrong with the key, or an empty text. */
    public String problem() {
        return problem;
    }

    /** Returns a text, which ends with a line break, with its signature: a signed note. */
    public String sign(String text) {
        byte[] signature = signatures.ed25519(key, Utf8.encode(text));
        return text + "\n\u2014 " + NAME + " " + base64(joined(id(), signature)) + "\n";
    }

    private static byte[] decoded(String base64) {
        byte[] bytes = Base64Text.bytes(base64);
        return bytes == null ? new byte[0] : bytes;
    }

    /** Returns the public key as C2SP writes a verifier key: name, id and key. */
    String verifierKey() {
        return NAME + "+" + Hex.of(id()) + "+" + base64(joined(new byte[] {ED25519}, publicKey()));
    }

    /** Returns the public key in base64. */
    String publicKeyText() {
        return base64(publicKey());
    }

    private byte[] publicKey() {
        if (open.length == 0) {
            open = signatures.ed25519PublicKey(key);
        }
        return open;
    }

    /** Returns the first four bytes of SHA-256 over name, line break, algorithm and public key. */
    private byte[] id() {
        byte[] digest = Sha256.of(joined(Utf8.encode(NAME + "\n\u0001"), publicKey()));
        return Bytes.part(digest, 0, 4);
    }

    private static byte[] joined(byte[] left, byte[] right) {
        byte[] both = Bytes.grown(left, 0, left.length, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
