package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;

/** What {@link Digests} promises, by the known answers of FIPS 180-4. */
final class DigestsContract {
    private static final String EMPTY_256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC_256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String MILLION_256 = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    private static final String LONG = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    private static final String LONG_256 = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
    private static final String EMPTY_1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    private static final String ABC_1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
    private static final String LONG_1 = "84983e441c3bd26ebaae4aa1f95129e5e54670f1";
    private static final String MILLION_1 = "34aa973cd4c4daa4f61eeb2bdbad27316534016f";

    private final Digests digests;

    DigestsContract(Digests digests) {
        this.digests = digests;
    }

    List<Check> checks() {
        return List.of(
                check("SHA-256 of an array has the known answers", this::knownSha256),
                check("SHA-256 over pieces has the known answers", this::runningSha256),
                check("SHA-1 over pieces has the known answers", this::runningSha1),
                check("a digest of nothing is that of the empty text", this::digestsNothing),
                check("the sizes of the pieces make no difference", this::sizesMakeNoDifference),
                check("a piece of 1 MB is digested", this::digestsLargePieces),
                check("two digests under way do not mix", this::digestsDoNotMix),
                check("a piece counts whole although it was read", this::readPiecesCountWhole));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Digests", name, proof);
    }

    private static byte[] over(Digests.Running digest, byte[] bytes, int size) {
        Body body = Body.of(bytes);
        Body piece = body.next(size);
        while (piece != null) {
            digest.update(piece);
            piece = body.next(size);
        }
        return digest.finish();
    }

    private void knownSha256() {
        Expect.hex("empty", EMPTY_256, digests.sha256(new byte[0]));
        Expect.hex("abc", ABC_256, digests.sha256(Sample.text("abc")));
        Expect.hex("448 bits", LONG_256, digests.sha256(Sample.text(LONG)));
        Expect.hex("a million a", MILLION_256, digests.sha256(Sample.repeated('a', 1_000_000)));
    }

    private void runningSha256() {
        Expect.hex("abc", ABC_256, over(digests.sha256(), Sample.text("abc"), 1));
        Expect.hex("448 bits", LONG_256, over(digests.sha256(), Sample.text(LONG), 13));
    }

    private void runningSha1() {
        Expect.hex("abc", ABC_1, over(digests.sha1(), Sample.text("abc"), 2));
        Expect.hex("448 bits", LONG_1, over(digests.sha1(), Sample.text(LONG), 55));
        Expect.hex("a million a", MILLION_1, over(digests.sha1(), Sample.repeated('a', 1_000_000), 65_536));
    }

    private void digestsNothing() {
        Expect.hex("no piece", EMPTY_256, digests.sha256().finish());
        Expect.hex("no piece, SHA-1", EMPTY_1, digests.sha1().finish());
        Digests.Running digest = digests.sha256();
        digest.update(Body.empty());
        digest.update(Body.empty());
        Expect.hex("empty pieces", EMPTY_256, digest.finish());
    }

    private void sizesMakeNoDifference() {
        byte[] bytes = Sample.pattern(1000);
        byte[] expected = digests.sha256(bytes);
        for (int size : new int[] {1, 63, 64, 65, 127, 128, 999, 1000, 2000}) {
            Expect.bytes("pieces of " + size, expected, over(digests.sha256(), bytes, size));
        }
    }

    private void digestsLargePieces() {
        byte[] bytes = Sample.repeated('a', 1_000_000);
        Expect.hex("SHA-256", MILLION_256, over(digests.sha256(), bytes, bytes.length));
        Expect.hex("SHA-1", MILLION_1, over(digests.sha1(), bytes, bytes.length));
    }

    private void digestsDoNotMix() {
        Digests.Running left = digests.sha256();
        Digests.Running right = digests.sha1();
        left.update(Sample.piece("a"));
        right.update(Sample.piece("ab"));
        left.update(Sample.piece("bc"));
        right.update(Sample.piece("c"));
        Expect.hex("left", ABC_256, left.finish());
        Expect.hex("right", ABC_1, right.finish());
    }

    private void readPiecesCountWhole() {
        Body piece = Sample.piece("abc");
        piece.next(2);
        Digests.Running digest = digests.sha256();
        digest.update(piece);
        Expect.hex("digest", ABC_256, digest.finish());
    }
}
