package packagebroker.core.port.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStore.Listed;
import packagebroker.core.port.ObjectStore.Range;
import packagebroker.core.port.ObjectStore.Stored;
import packagebroker.core.port.ObjectStore.Upload;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;

/** What {@link ObjectStore} promises about whole objects. It uses keys of its own and deletes them. */
final class ObjectStoreContract {
    private static final long CLOCKS = 1_000;

    private final ObjectStore objects;
    private final Digests digests;
    private final Random random;
    private final Clock clock;

    ObjectStoreContract(ObjectStore objects, Digests digests, Random random, Clock clock) {
        this.clock = clock;
        this.objects = objects;
        this.digests = digests;
        this.random = random;
    }

    List<Check> checks() {
        return List.of(
                check("what was put is got", this::getsWhatWasPut),
                check("what is not there is null", this::findsNothing),
                check("an object may be empty", this::keepsEmptyObjects),
                check("head tells the size and carries no bytes", this::headsWithoutBytes),
                check("a key is used once: the second put is refused and the first bytes stay", this::createsOnly),
                check("the right digest is stored", this::takesTheRightDigest),
                check("a wrong digest stores nothing and says so", this::refusesAWrongDigest),
                check("a range holds its part and tells the whole size", this::readsRanges),
                check("a range over the end stops at the end", this::stopsAtTheEnd),
                check("a range that starts at the end is refused", this::refusesRangesPastTheEnd),
                check("a piece may be put twice", this::putsAPieceTwice),
                check("a body that is no piece is not put", this::refusesStreams),
                check("what is deleted is gone, and deleting nothing is fine", this::deletes),
                check("a list is in order and holds the prefix only", this::listsInOrder),
                check("a list goes on after a key and stops at its limit", this::listsInPages),
                check("a list tells when each object was stored", this::listsTimes),
                check("a key may have 1,024 characters", this::takesLongKeys));
    }

    private Check check(String name, KeyProof proof) {
        return new Check("ObjectStore", name, () -> {
            String prefix = Sample.prefix(random);
            proof.run(prefix);
            for (Listed object : objects.list(prefix, null, 1000)) {
                objects.delete(object.key());
            }
        });
    }

    private Stored get(String key) {
        return Expect.notNull("object", objects.get(key, null));
    }

    private String part(String key, long offset, long length) {
        Stored stored = Expect.notNull("part", objects.get(key, new Range(offset, length)));
        Expect.number("whole size", 11, stored.size());
        String text = Sample.read(stored.body());
        Expect.number("length of the part", text.length(), stored.body().length());
        return text;
    }

    private void getsWhatWasPut(String prefix) {
        byte[] bytes = Sample.pattern(100_000);
        objects.put(prefix + "a", Body.of(bytes), null);
        Stored stored = get(prefix + "a");
        Expect.equal("key", prefix + "a", stored.key());
        Expect.number("size", bytes.length, stored.size());
        Expect.number("length", bytes.length, stored.body().length());
        Expect.bytes("bytes", bytes, stored.body().bytes(bytes.length));
    }

    private void findsNothing(String prefix) {
        Expect.isNull("get", objects.get(prefix + "absent", null));
        Expect.isNull("get of a range", objects.get(prefix + "absent", new Range(0, 1)));
        Expect.isNull("head", objects.head(prefix + "absent"));
        Expect.number("list", 0, objects.list(prefix, null, 10).size());
    }

    private void keepsEmptyObjects(String prefix) {
        objects.put(prefix + "empty", Body.empty(), null);
        Stored stored = get(prefix + "empty");
        Expect.number("size", 0, stored.size());
        Expect.number("length", 0, stored.body().length());
        Expect.isNull("first piece", stored.body().next(10));
    }

    private void headsWithoutBytes(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello world"), null);
        Stored stored = Expect.notNull("head", objects.head(prefix + "a"));
        Expect.number("size", 11, stored.size());
        Expect.equal("key", prefix + "a", stored.key());
        Expect.isNull("piece", stored.body().next(10));
    }

    private void createsOnly(String prefix) {
        objects.put(prefix + "a", Sample.piece("first"), null);
        Expect.storeFails("second put", false, () -> objects.put(prefix + "a", Sample.piece("second"), null));
        String digest = Hex.of(digests.sha256(Sample.text("second")));
        Expect.storeFails("third put", false, () -> objects.put(prefix + "a", Sample.piece("second"), digest));
        Expect.equal("object", "first", Sample.read(get(prefix + "a").body()));
    }

    private void takesTheRightDigest(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello"), Hex.of(digests.sha256(Sample.text("hello"))));
        Expect.equal("object", "hello", Sample.read(get(prefix + "a").body()));
        objects.put(prefix + "b", Body.empty(), Hex.of(digests.sha256(new byte[0])));
        Expect.number("size of the empty object", 0, get(prefix + "b").size());
    }

    private void refusesAWrongDigest(String prefix) {
        String digest = Hex.of(digests.sha256(Sample.text("hello")));
        Expect.storeFails("put", true, () -> objects.put(prefix + "a", Sample.piece("hellO"), digest));
        Expect.isNull("object", objects.head(prefix + "a"));
        objects.put(prefix + "a", Sample.piece("hello"), digest);
        Expect.equal(
                "the key is still free", "hello", Sample.read(get(prefix + "a").body()));
    }

    private void readsRanges(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello world"), null);
        Expect.equal("start", "hello", part(prefix + "a", 0, 5));
        Expect.equal("middle", "o w", part(prefix + "a", 4, 3));
        Expect.equal("tail", "world", part(prefix + "a", 6, 5));
        Expect.equal("last byte", "d", part(prefix + "a", 10, 1));
        Expect.equal("everything", "hello world", part(prefix + "a", 0, 11));
    }

    private void stopsAtTheEnd(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello world"), null);
        Expect.equal("tail", "world", part(prefix + "a", 6, 1000));
    }

    private void refusesRangesPastTheEnd(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello world"), null);
        Expect.storeFails("at the end", false, () -> objects.get(prefix + "a", new Range(11, 1)));
        Expect.storeFails("past the end", false, () -> objects.get(prefix + "a", new Range(12, 1)));
        Expect.storeFails("nothing", false, () -> objects.get(prefix + "a", new Range(5, 0)));
    }

    private void putsAPieceTwice(String prefix) {
        Body piece = Sample.piece("hello");
        objects.put(prefix + "a", piece, null);
        objects.put(prefix + "b", piece, null);
        Expect.equal("first", "hello", Sample.read(get(prefix + "a").body()));
        Expect.equal("second", "hello", Sample.read(get(prefix + "b").body()));
        Expect.equal("piece", "hello", Sample.read(piece));
    }

    private void refusesStreams(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello"), null);
        Body stream = get(prefix + "a").body();
        Expect.forbidden("put", () -> objects.put(prefix + "b", stream, null));
        stream.cancel();
        Expect.isNull("object", objects.head(prefix + "b"));
    }

    private void deletes(String prefix) {
        objects.put(prefix + "a", Sample.piece("hello"), null);
        objects.delete(prefix + "a");
        Expect.isNull("object", objects.get(prefix + "a", null));
        Expect.number("list", 0, objects.list(prefix, null, 10).size());
        objects.delete(prefix + "a");
        objects.delete(prefix + "never-there");
    }

    private void listsInOrder(String prefix) {
        for (String name : List.of("b", "a", "a0", "B", "a/x", "ab", "a-", "c/1", "c/10", "c/2")) {
            objects.put(prefix + "in/" + name, Body.empty(), null);
        }
        objects.put(prefix + "in", Body.empty(), null);
        objects.put(prefix + "inner", Body.empty(), null);
        StringBuilder names = new StringBuilder();
        for (String key : keys(prefix + "in/", null, 1000)) {
            names.append(key.substring(prefix.length() + 3)).append(' ');
        }
        Expect.equal("names", "B a a- a/x a0 ab b c/1 c/10 c/2 ", names.toString());
    }

    private List<String> keys(String prefix, @Nullable String after, int limit) {
        List<String> keys = new ArrayList<>();
        for (Listed object : objects.list(prefix, after, limit)) {
            keys.add(object.key());
        }
        return keys;
    }

    private void listsTimes(String prefix) {
        long before = clock.millis();
        objects.put(prefix + "a", Sample.piece("hello"), null);
        clock.pause(1_100);
        long between = clock.millis();
        Upload upload = objects.upload(prefix + "b", null);
        upload.part(1, Sample.piece("hello"));
        upload.complete();
        long after = clock.millis();
        List<Listed> listed = objects.list(prefix, null, 10);
        isWithin(listed.get(0).storedAt(), before, between);
        isWithin(listed.get(1).storedAt(), between, after);
    }

    /** A store may know seconds only, and its clock need not be ours. */
    private static void isWithin(long time, long from, long to) {
        Expect.isTrue(
                "expected a time from " + from + " to " + to + " but found " + time,
                time >= from - CLOCKS && time <= to + CLOCKS);
    }

    private void listsInPages(String prefix) {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            objects.put(prefix + name, Body.empty(), null);
        }
        Expect.equal("first page", List.of(prefix + "a", prefix + "b"), keys(prefix, null, 2));
        Expect.equal("second page", List.of(prefix + "c", prefix + "d"), keys(prefix, prefix + "b", 2));
        Expect.equal("after an absent key", List.of(prefix + "c"), keys(prefix, prefix + "bb", 1));
        Expect.equal("last page", List.of(prefix + "e"), keys(prefix, prefix + "d", 2));
        Expect.equal("after the last", List.of(), keys(prefix, prefix + "e", 2));
        Expect.equal("exactly all", 5, objects.list(prefix, null, 5).size());
    }

    private void takesLongKeys(String prefix) {
        String key = prefix + "k".repeat(1024 - prefix.length());
        objects.put(key, Sample.piece("hello"), null);
        Expect.equal("object", "hello", Sample.read(get(key).body()));
    }

    /** A proof that uses the keys under a prefix. */
    private interface KeyProof {
        void run(String prefix);
    }
}
