package packagebroker.core.secrets;

import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Random;
import packagebroker.core.port.Signatures;
import packagebroker.core.port.Vault;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;
import packagebroker.core.text.Utf8;

/** Holds the runtime's cryptography, and our own, to known answers: what seals and signs must be what it is taken for. */
public final class SelfTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-4
    private static final String HMAC =
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"; // RFC 4231, 2
    private static final String HKDF =
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"; // RFC 5869, 1
    private static final String GCM =
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"; // test case 14

    // RFC 8032, of "abc" by the key 00 01 … 1f; made with OpenSSL.
    private static final String PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
    private static final String ED25519 = "cc46d62d3754f41754b27b6ea2cb2c272bafa7a5a1f6062bd060f414e50caaea"
            + "c2da66ad39cef4424a90236ea907b7d8057e3443dc5abfc9986967ee7213a407";

    private final Digests digests;
    private final Signatures signatures;
    private final Vault vault;
    private final Random random;
    private String found = "";
    private boolean done;

    /** Creates the test; it runs when first asked. */
    public SelfTest(Digests digests, Signatures signatures, Vault vault, Random random) {
        this.digests = digests;
        this.signatures = signatures;
        this.vault = vault;
        this.random = random;
    }

    /** Returns what does not give its known answer, or an empty text. */
    public String problem() {
        if (!done) {
            found = failure();
            done = true;
        }
        return found.isEmpty() ? "" : "expected " + found;
    }

    private String failure() {
        byte[] abc = Utf8.encode("abc");
        Digests.Running pieces = digests.sha256();
        pieces.update(Body.of(abc));
        boolean same = Hex.of(pieces.finish()).equals(ABC)
                && Hex.of(digests.sha256(abc)).equals(ABC);
        if (!same || !Hex.of(Sha256.of("abc")).equals(ABC)) {
            return "the known answer of SHA-256";
        }
        byte[] question = Utf8.encode("what do ya want for nothing?");
        if (!Hex.of(signatures.hmacSha256(Utf8.encode("Jefe"), question)).equals(HMAC)) {
            return "the known answer of HMAC-SHA-256";
        }
        byte[] derived = vault.derive(filled(22, 0x0b), counting(13, 0), counting(10, 0xf0), 32);
        if (!Hex.of(derived).equals(HKDF)) {
            return "the known answer of HKDF-SHA-256";
        }
        if (!isEd25519()) {
            return "the known answer of Ed25519";
        }
        return isGcm() ? isRandom() ? "" : "two random numbers that differ" : "the known answer of AES-256-GCM";
    }

    private boolean isEd25519() {
        byte[] key = counting(32, 0);
        byte[] data = Utf8.encode("abc");
        byte[] open = signatures.ed25519PublicKey(key);
        byte[] signature = signatures.ed25519(key, data);
        boolean known = Hex.of(open).equals(PUBLIC) && Hex.of(signature).equals(ED25519);
        boolean isGood = signatures.isEd25519(open, data, signature);
        signature[0] ^= 1;
        return known && isGood && !signatures.isEd25519(open, data, signature);
    }

    private boolean isGcm() {
        byte[] key = new byte[32];
        byte[] nonce = new byte[12];
        byte[] none = new byte[0];
        byte[] sealed = vault.seal(key, nonce, none, new byte[16]);
        byte[] opened = vault.open(key, nonce, none, sealed);
        if (!Hex.of(sealed).equals(GCM) || opened == null || !Hex.of(opened).equals(Hex.of(new byte[16]))) {
            return false;
        }
        boolean isBound = vault.open(key, nonce, key, sealed) == null;
        sealed[sealed.length - 1] ^= 1;
        return isBound && vault.open(key, nonce, none, sealed) == null;
    }

    /** Two draws are the same once in 2¹²⁸ times. */
    private boolean isRandom() {
        return !Hex.of(random.bytes(16)).equals(Hex.of(random.bytes(16)));
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte[] counting(int count, int from) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }
}
