package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.port.Signatures;

/** What {@link Signatures} promises, by the known answers of RFC 4231 and RFC 8032. */
final class SignaturesContract {
    /** Tests 1 to 3 of RFC 8032 §7.1: private key, public key, data, signature. */
    private static final String[][] ED25519 = {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        }
    };

    /** A public key of 2,048 bits, and what its private half made of "header.payload". */
    private static final String MODULUS =
            "z_iUs0IWQ5709Rq8sFUKLHzrAtwoCIOD02A7xAkSdzdfcAzLuC_LizF2dFYCoNqM40otY9fL3VittZk9aqhuyMWG"
                    + "pV53_0-Odre3PAeLA-6aNYOV4swhp2TqvKkEAQm933oUyt02ZGkt5dNP7bNvkQQCm4XDCuAkz08mdtRxc-Tg8Kqx"
                    + "o1nTicqO9XnXaiQdXy7dSaGxZKMchT4BQEBm9GCU-1LEKw3OQhx2i7sNyRDVuBYgIOANO5ySQhbUG_xVSnIQKkum"
                    + "MZwH7jyvWUKti0vvcShOx9ef5XL4sJCex78T0Ih_xqB4O7iHayM_z5zVNYDoDPngCVDlyW0L5B72oQ";

    private static final String SIGNATURE =
            "a5213799d07a05c55ae87114a4fe693c86e6777af36485d4014480d4cd26b6e73ba437a500174b36ddb475b5"
                    + "0e014866de4c7044e5a7456b993a14b307ce61522f09b168a9be811d426381464788722c472567fe80bc3305"
                    + "fa0fac3596619120f375c266dc2d889f62f9fd2bd1f5ebbedb4095b4097f4e9afb99101462cb7af7bbd00c3c"
                    + "0cf5cca73510bc9f95f1c9d2000678833aa21d99fc364ed08d95b38d7bfe520012d0ea479a8235bbcc8d4852"
                    + "fb648af38e481d550460c5ae06f77301ab4a1e4b861708ccd25c0d71a09bae57484b28654c3c38b793e5aec2"
                    + "a5af71bc6e0515c10381f91746ad36a3cdedf233704eb1d3c260d6c920e7e20318fd2f49";

    private final Signatures signatures;

    SignaturesContract(Signatures signatures) {
        this.signatures = signatures;
    }

    List<Check> checks() {
        return List.of(
                check("HMAC-SHA-256 has the known answers of RFC 4231", this::knownAnswers),
                check("keys longer than a block have the known answers", this::longKeys),
                check("data may be empty, a key may not", this::emptyInputs),
                check("Ed25519 has the known answers of RFC 8032", this::ed25519KnownAnswers),
                check("Ed25519 refuses a signature of anything else", this::ed25519Refuses),
                check("an Ed25519 key has 32 bytes", this::ed25519Sizes),
                check("an RS256 signature is told from another", this::rs256),
                check("what is no RSA key signs nothing", this::noRsaKey),
                check("arrays are the same when all their bytes are", this::comparesBytes));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Signatures", name, proof);
    }

    private void knownAnswers() {
        Expect.hex(
                "test case 1",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                signatures.hmacSha256(Sample.repeated(0x0b, 20), Sample.text("Hi There")));
        Expect.hex(
                "test case 2",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                signatures.hmacSha256(Sample.text("Jefe"), Sample.text("what do ya want for nothing?")));
        Expect.hex(
                "test case 3",
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                signatures.hmacSha256(Sample.repeated(0xaa, 20), Sample.repeated(0xdd, 50)));
        Expect.hex(
                "test case 4",
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
                signatures.hmacSha256(
                        Sample.hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), Sample.repeated(0xcd, 50)));
    }

    private void longKeys() {
        byte[] key = Sample.repeated(0xaa, 131);
        Expect.hex(
                "test case 6",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                signatures.hmacSha256(key, Sample.text("Test Using Larger Than Block-Size Key - Hash Key First")));
        Expect.hex(
                "test case 7",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
                signatures.hmacSha256(
                        key,
                        Sample.text(
                                "This is a test using a larger than block-size key and a larger than block-size data. "
                                        + "The key needs to be hashed before being used by the HMAC algorithm.")));
    }

    private void emptyInputs() {
        Expect.number("length", 32, signatures.hmacSha256(Sample.text("k"), new byte[0]).length);
        Expect.forbidden("empty key", () -> signatures.hmacSha256(new byte[0], Sample.text("data")));
    }

    private void ed25519KnownAnswers() {
        for (String[] vector : ED25519) {
            byte[] key = Sample.hex(vector[0]);
            byte[] data = Sample.hex(vector[2]);
            Expect.hex("public key", vector[1], signatures.ed25519PublicKey(key));
            Expect.hex("signature", vector[3], signatures.ed25519(key, data));
            Expect.isTrue("verified", signatures.isEd25519(Sample.hex(vector[1]), data, Sample.hex(vector[3])));
        }
    }

    private void ed25519Refuses() {
        byte[] key = Sample.pattern(32);
        byte[] open = signatures.ed25519PublicKey(key);
        byte[] data = Sample.text("a checkpoint");
        byte[] signature = signatures.ed25519(key, data);
        Expect.isTrue("the signature itself", signatures.isEd25519(open, data, signature));
        for (int bit = 0; bit < 512; bit += 37) {
            byte[] other = signature.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            Expect.isTrue("bit " + bit + " flipped", !signatures.isEd25519(open, data, other));
        }
        Expect.isTrue("other data", !signatures.isEd25519(open, Sample.text("A checkpoint"), signature));
        byte[] stranger = signatures.ed25519PublicKey(Sample.repeated(7, 32));
        Expect.isTrue("another key", !signatures.isEd25519(stranger, data, signature));
        Expect.isTrue("a short signature", !signatures.isEd25519(open, data, Sample.pattern(63)));
    }

    private void ed25519Sizes() {
        Expect.forbidden("31 bytes", () -> signatures.ed25519(Sample.pattern(31), Sample.text("data")));
        Expect.forbidden("33 bytes", () -> signatures.ed25519PublicKey(Sample.pattern(33)));
    }

    private void rs256() {
        byte[] data = Sample.text("header.payload");
        byte[] signature = Sample.hex(SIGNATURE);
        Expect.isTrue("good", signatures.isRs256(MODULUS, "AQAB", data, signature));
        Expect.isTrue("other data", !signatures.isRs256(MODULUS, "AQAB", Sample.text("header.Payload"), signature));
        Expect.isTrue("other exponent", !signatures.isRs256(MODULUS, "Aw", data, signature));
        Expect.isTrue("empty", !signatures.isRs256(MODULUS, "AQAB", data, new byte[0]));
        for (int i = 0; i < signature.length; i += 51) {
            signature[i] ^= 1;
            Expect.isTrue("bit of byte " + i, !signatures.isRs256(MODULUS, "AQAB", data, signature));
            signature[i] ^= 1;
        }
    }

    private void noRsaKey() {
        byte[] signature = Sample.hex(SIGNATURE);
        for (String modulus : List.of("", "AA", "!!", "a b")) {
            Expect.isTrue("modulus " + modulus, !signatures.isRs256(modulus, "AQAB", new byte[1], signature));
        }
    }

    private void comparesBytes() {
        byte[] bytes = Sample.pattern(32);
        Expect.isTrue("equal", signatures.sameBytes(bytes, Sample.pattern(32)));
        Expect.isTrue("both empty", signatures.sameBytes(new byte[0], new byte[0]));
        Expect.isTrue("shorter", !signatures.sameBytes(bytes, Sample.pattern(31)));
        for (int i = 0; i < 32; i++) {
            byte[] other = Sample.pattern(32);
            other[i] ^= (byte) 0x80;
            Expect.isTrue("different in byte " + i, !signatures.sameBytes(bytes, other));
        }
    }
}
