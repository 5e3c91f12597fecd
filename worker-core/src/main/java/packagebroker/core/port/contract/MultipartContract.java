package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.http.Body;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStore.Stored;
import packagebroker.core.port.ObjectStore.Upload;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;

/** What {@link ObjectStore} promises about objects that are stored in parts. */
final class MultipartContract {
    private static final int PART = 5 * Sample.MIB;

    private final ObjectStore objects;
    private final Digests digests;
    private final Random random;

    MultipartContract(ObjectStore objects, Digests digests, Random random) {
        this.objects = objects;
        this.digests = digests;
        this.random = random;
    }

    List<Check> checks() {
        return List.of(
                check("parts become one object, in order", this::joinsParts),
                check("the memory of a part that is stored may hold the next one", this::reusesMemory),
                check("nothing is visible before the upload completes", this::hidesParts),
                check("an upload of one small part is fine", this::takesOnePart),
                check("a part sent again replaces the first", this::replacesParts),
                check("an aborted upload leaves nothing and cannot complete", this::aborts),
                check("an upload is continued by its id to be aborted", this::abortsById),
                check("aborting twice, or after completion, does nothing", this::abortsQuietly),
                check("a part below 5 MiB that is not the last is refused", this::refusesSmallParts));
    }

    private Check check(String name, KeyProof proof) {
        return new Check("ObjectStore", name, () -> {
            String key = Sample.prefix(random) + "multipart";
            proof.run(key);
            objects.delete(key);
        });
    }

    private void joinsParts(String key) {
        Upload upload = objects.upload(key, null);
        Expect.isTrue("the upload has an id", !upload.id().isEmpty());
        upload.part(1, Body.of(Sample.pattern(PART)));
        upload.part(2, Body.of(Sample.pattern(1234, PART)));
        upload.complete();
        Stored stored = Expect.notNull("object", objects.get(key, null));
        Expect.number("size", PART + 1234L, stored.size());
        Expect.number("length", PART + 1234L, stored.body().length());
        stored.body().cancel();
        Stored seam = Expect.notNull("seam", objects.get(key, new ObjectStore.Range(PART - 500L, 1000)));
        Expect.number("whole size", PART + 1234L, seam.size());
        Expect.bytes("seam", Sample.pattern(1000, PART - 500), seam.body().bytes(1000));
        Stored tail = Expect.notNull("tail", objects.get(key, new ObjectStore.Range(PART + 1233L, 1)));
        Expect.bytes("tail", Sample.pattern(1, PART + 1233), tail.body().bytes(1));
    }

    private void reusesMemory(String key) {
        Upload source = objects.upload(key + "-source", null);
        source.part(1, Body.of(Sample.pattern(PART)));
        source.part(2, Body.of(Sample.pattern(PART, 1)));
        source.part(3, Body.of(Sample.pattern(1234, 2)));
        source.complete();
        Body body = Expect.notNull("source", objects.get(key + "-source", null)).body();
        Digests.Running digest = digests.sha256();
        Upload upload = objects.upload(key, null);
        int number = 0;
        for (Body part = body.next(PART); part != null; part = body.next(PART)) {
            digest.update(part);
            upload.part(++number, part);
            body.reuse(part);
        }
        upload.complete();
        Expect.number("parts", 3, number);
        String expected = Hex.of(digest.finish());
        Expect.equal("digest of what was stored", expected, digestOf(key));
        Expect.equal("digest of the source", expected, digestOf(key + "-source"));
        objects.delete(key + "-source");
    }

    private String digestOf(String key) {
        Body body = Expect.notNull("object", objects.get(key, null)).body();
        Digests.Running digest = digests.sha256();
        for (Body piece = body.next(Sample.MIB); piece != null; piece = body.next(Sample.MIB)) {
            digest.update(piece);
            body.reuse(piece);
        }
        return Hex.of(digest.finish());
    }

    private void hidesParts(String key) {
        Upload upload = objects.upload(key, null);
        upload.part(1, Sample.piece("hello"));
        Expect.isNull("get", objects.get(key, null));
        Expect.isNull("head", objects.head(key));
        Expect.number("list", 0, objects.list(key, null, 10).size());
        upload.complete();
        Expect.notNull("object", objects.head(key));
    }

    private void takesOnePart(String key) {
        Upload upload = objects.upload(key, null);
        upload.part(1, Sample.piece("hello"));
        upload.complete();
        Expect.equal(
                "object",
                "hello",
                Sample.read(Expect.notNull("object", objects.get(key, null)).body()));
    }

    private void replacesParts(String key) {
        Upload upload = objects.upload(key, null);
        upload.part(1, Sample.piece("old"));
        upload.part(1, Sample.piece("newer"));
        upload.complete();
        Expect.equal(
                "object",
                "newer",
                Sample.read(Expect.notNull("object", objects.get(key, null)).body()));
    }

    private void aborts(String key) {
        Upload upload = objects.upload(key, null);
        upload.part(1, Sample.piece("hello"));
        upload.abort();
        Expect.storeFails("complete", false, upload::complete);
        Expect.storeFails("part", false, () -> upload.part(2, Sample.piece("more")));
        Expect.isNull("object", objects.head(key));
    }

    private void abortsById(String key) {
        Upload upload = objects.upload(key, null);
        upload.part(1, Sample.piece("hello"));
        Upload same = objects.upload(key, upload.id());
        Expect.equal("id", upload.id(), same.id());
        same.abort();
        Expect.storeFails("complete", false, upload::complete);
        Expect.isNull("object", objects.head(key));
    }

    private void abortsQuietly(String key) {
        Upload aborted = objects.upload(key, null);
        aborted.abort();
        aborted.abort();
        objects.upload(key, aborted.id()).abort();
        Upload completed = objects.upload(key, null);
        completed.part(1, Sample.piece("hello"));
        completed.complete();
        objects.upload(key, completed.id()).abort();
        Expect.equal(
                "object",
                "hello",
                Sample.read(Expect.notNull("object", objects.get(key, null)).body()));
    }

    private void refusesSmallParts(String key) {
        Upload upload = objects.upload(key, null);
        Expect.storeFails("upload", false, () -> {
            upload.part(1, Sample.piece("small"));
            upload.part(2, Sample.piece("last"));
            upload.complete();
        });
        upload.abort();
        Expect.isNull("object", objects.head(key));
    }

    /** A proof that uses one key. */
    private interface KeyProof {
        void run(String key);
    }
}
