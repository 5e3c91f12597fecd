package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.http.Body;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;

/** What {@link Body} promises, for bodies that come from the platform's own object store. */
final class BodyContract {
    private static final int SIZE = 300_000;

    private final ObjectStore objects;
    private final Digests digests;
    private final Random random;

    BodyContract(ObjectStore objects, Digests digests, Random random) {
        this.objects = objects;
        this.digests = digests;
        this.random = random;
    }

    List<Check> checks() {
        return List.of(
                check("pieces are as long as asked for but the last", this::readsFullPieces),
                check("pieces in turn are the whole", this::piecesAreTheWhole),
                check("a limit over the length gives everything at once", this::readsEverything),
                check("after the end there is nothing, however often", this::endsForGood),
                check("what is left is read into an array", this::readsTheRest),
                check("an array over the limit is TOO_LARGE, at the limit it is not", this::limitsArrays),
                check("a cancelled body has ended", this::cancels),
                check("a piece is digested and stored as often as needed", this::piecesStay),
                check("a piece tells its start, a stream none", this::tellsTheStart),
                check("a piece falls into pieces itself", this::splitsPieces),
                check("the length of what is stored is known", this::knowsTheLength),
                check("two bodies are read in turn without mixing", this::readsTwoInTurn));
    }

    private Check check(String name, KeyProof proof) {
        return new Check("Body", name, () -> {
            String key = Sample.prefix(random) + "body";
            objects.put(key, Body.of(Sample.pattern(SIZE)), null);
            proof.run(key);
            objects.delete(key);
        });
    }

    private Body open(String key) {
        return Expect.notNull("object", objects.get(key, null)).body();
    }

    private void readsFullPieces(String key) {
        List<Long> lengths = Sample.pieceLengths(open(key), 70_000);
        Expect.equal("lengths", List.of(70_000L, 70_000L, 70_000L, 70_000L, 20_000L), lengths);
        List<Long> even = Sample.pieceLengths(open(key), SIZE / 2);
        Expect.equal("lengths of halves", List.of(SIZE / 2L, SIZE / 2L), even);
    }

    private void piecesAreTheWhole(String key) {
        Body body = open(key);
        int at = 0;
        int limit = 1;
        Body piece = body.next(limit);
        while (piece != null) {
            byte[] bytes = piece.bytes(limit);
            Expect.bytes("piece at " + at, Sample.pattern(bytes.length, at), bytes);
            at += bytes.length;
            limit = limit * 3 + 1;
            piece = body.next(limit);
        }
        Expect.number("bytes in all", SIZE, at);
    }

    private void readsEverything(String key) {
        Body body = open(key);
        Expect.bytes("piece", Sample.pattern(SIZE), Sample.bytesOf("piece", body.next(2 * SIZE)));
        Expect.isNull("second piece", body.next(1));
    }

    private void endsForGood(String key) {
        Body body = open(key);
        body.bytes(SIZE);
        Expect.isNull("piece after the end", body.next(10));
        Expect.isNull("piece after that", body.next(10));
        Expect.number("bytes after the end", 0, body.bytes(10).length);
        body.cancel();
        body.cancel();
    }

    private void readsTheRest(String key) {
        Body body = open(key);
        Expect.bytes("start", Sample.pattern(1000), Sample.bytesOf("start", body.next(1000)));
        Expect.bytes("rest", Sample.pattern(SIZE - 1000, 1000), body.bytes(SIZE - 1000));
    }

    private void limitsArrays(String key) {
        Expect.number("bytes", SIZE, open(key).bytes(SIZE).length);
        Body body = open(key);
        Expect.transferFails("one byte less", Reason.TOO_LARGE, () -> body.bytes(SIZE - 1));
        body.cancel();
    }

    private void cancels(String key) {
        Body untouched = open(key);
        untouched.cancel();
        Expect.isNull("piece", untouched.next(10));
        Body begun = open(key);
        Expect.notNull("first piece", begun.next(10));
        begun.cancel();
        Expect.isNull("second piece", begun.next(10));
        begun.cancel();
    }

    private void piecesStay(String key) {
        Body piece = Expect.notNull("piece", open(key).next(SIZE));
        String expected = Hex.of(digests.sha256(Sample.pattern(SIZE)));
        for (int i = 0; i < 2; i++) {
            Digests.Running digest = digests.sha256();
            digest.update(piece);
            Expect.hex("digest " + i, expected, digest.finish());
        }
        objects.put(key + "-copy", piece, expected);
        Expect.bytes("piece", Sample.pattern(SIZE), piece.bytes(SIZE));
        Expect.bytes("copy", Sample.pattern(SIZE), open(key + "-copy").bytes(SIZE));
        objects.delete(key + "-copy");
    }

    private void tellsTheStart(String key) {
        Body stream = open(key);
        Expect.number("start of a stream", 0, stream.start(10).length);
        Body piece = Expect.notNull("piece", stream.next(100));
        stream.cancel();
        Expect.bytes("start", Sample.pattern(10), piece.start(10));
        Expect.bytes("start again", Sample.pattern(10), piece.start(10));
        Expect.bytes("all of it", Sample.pattern(100), piece.start(1000));
        piece.next(50);
        Expect.bytes("start after reading", Sample.pattern(10), piece.start(10));
    }

    private void splitsPieces(String key) {
        Body piece = Expect.notNull("piece", open(key).next(1000));
        Expect.number("length", 1000, piece.length());
        Expect.bytes("first part", Sample.pattern(400), Sample.bytesOf("first part", piece.next(400)));
        Expect.bytes("second part", Sample.pattern(600, 400), Sample.bytesOf("second part", piece.next(700)));
        Expect.isNull("third part", piece.next(1));
        Expect.number("length still", 1000, piece.length());
    }

    private void knowsTheLength(String key) {
        Body body = open(key);
        Expect.number("length", SIZE, body.length());
        Body piece = Expect.notNull("piece", body.next(10));
        Expect.number("length of the piece", 10, piece.length());
        body.cancel();
    }

    private void readsTwoInTurn(String key) {
        Body left = open(key);
        Body right = open(key);
        for (int at = 0; at < SIZE; at += 100_000) {
            byte[] expected = Sample.pattern(100_000, at);
            Expect.bytes("left at " + at, expected, Sample.bytesOf("left", left.next(100_000)));
            Expect.bytes("right at " + at, expected, Sample.bytesOf("right", right.next(100_000)));
        }
    }

    /** A proof that reads the object under a key. */
    private interface KeyProof {
        void run(String key);
    }
}
