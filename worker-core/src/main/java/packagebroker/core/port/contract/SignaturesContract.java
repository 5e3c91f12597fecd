package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.port.Signatures;

/** What {@link Signatures} promises, by the known answers of RFC 4231. */
final class SignaturesContract {
    private final Signatures signatures;

    SignaturesContract(Signatures signatures) {
        this.signatures = signatures;
    }

    List<Check> checks() {
        return List.of(
                check("HMAC-SHA-256 has the known answers of RFC 4231", this::knownAnswers),
                check("keys longer than a block have the known answers", this::longKeys),
                check("data may be empty, a key may not", this::emptyInputs),
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
