package packagebroker.core.mirror;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonException;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Fetched;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;

/**
 * The objects behind the rows: {@code document/<id>} and {@code sources/<id>}. An object is written before the row that names
 * it, and never changed.
 */
final class DocumentFiles {
    private static final int MAX_FILE = 64_000_000;

    private final ObjectStore objects;
    private final Digests digests;
    private final Random random;
    private final Rewriter rewriter;
    private final DocumentStore store;

    DocumentFiles(ObjectStore objects, Digests digests, Random random, DocumentStore store) {
        this.objects = objects;
        this.digests = digests;
        this.random = random;
        this.rewriter = new Rewriter(digests);
        this.store = store;
    }

    /** Returns an object's bytes, still to be read. */
    Body open(String object) {
        ObjectStore.Stored stored = objects.get(object, null);
        if (stored == null) {
            throw new ObjectStoreException(false, "expected the object of a document but found none");
        }
        return stored.body();
    }

    /** Returns what was ever advertised for the package of a row. */
    AdvertisedFile advertised(DocumentRow row) {
        return AdvertisedFile.parse(open(row.sources()).bytes(MAX_FILE));
    }

    /**
     * Rewrites and stores what an upstream sent.
     *
     * @return the change that makes it visible, or null if it holds nothing for this file
     * @throws UpstreamException if it cannot be trusted
     */
    DocumentStore.@Nullable Change take(
            Mirror.Ask ask, Source source, @Nullable DocumentRow before, Fetched fetched, long freshUntil) {
        UpstreamFile file = read(ask, source, fetched.json());
        if (!file.isFound()) {
            if (file.isForeign()) {
                throw untrusted(source, "answered for another package than " + ask.name());
            }
            return null;
        }
        AdvertisedFile known = before == null ? AdvertisedFile.parse(new byte[0]) : advertised(before);
        Rewriter.Rewritten rewritten = rewriter.rewrite(new Rewriter.Task(
                ask.name(),
                ask.dev(),
                ask.baseUrl(),
                file,
                known,
                () -> before == null ? null : open(before.object()).bytes(MAX_FILE),
                before == null ? Map.of() : store.stored(ask.name()),
                fetched.json().length,
                "" + ask.now()));
        if (ask.dev() && rewritten.versions() == 0) {
            return null;
        }
        DocumentRow after = store(ask, before, rewritten.document(), known, fetched, freshUntil);
        return new DocumentStore.Change(
                ask.name(),
                ask.dev(),
                source.id(),
                before,
                after,
                rewritten.document(),
                rewritten.versions(),
                rewritten.refused());
    }

    private static UpstreamFile read(Mirror.Ask ask, Source source, byte[] json) {
        try {
            return UpstreamFile.read(json, ask.name());
        } catch (JsonException e) {
            throw untrusted(source, "sent metadata of " + ask.name() + " that is not usable: " + e.text());
        }
    }

    private static UpstreamException untrusted(Source source, String what) {
        return new UpstreamException(UpstreamException.Kind.UNTRUSTED, "upstream " + source.name() + " " + what);
    }

    private DocumentRow store(
            Mirror.Ask ask,
            @Nullable DocumentRow before,
            byte[] document,
            AdvertisedFile known,
            Fetched fetched,
            long freshUntil) {
        String digest = Hex.of(digests.sha256(document));
        @Nullable DocumentRow kept = known.isChanged() ? null : before;
        @Nullable DocumentRow same = kept != null && kept.digest().equals(digest) ? kept : null;
        return new DocumentRow(
                same != null ? same.object() : put("document/", document, digest),
                kept != null ? kept.sources() : put("sources/", known.toBytes(), null),
                document.length,
                digest,
                risen(before, ask.now()),
                fetched.modified(),
                fetched.etag(),
                freshUntil,
                0,
                ask.baseUrl(),
                before == null ? 1 : before.generation() + 1);
    }

    /** Returns now in whole seconds, or a second more than before: a change always shows (P38). */
    private static long risen(@Nullable DocumentRow before, long now) {
        long seconds = now / 1000 * 1000;
        return before == null ? seconds : Math.max(seconds, before.lastModified() + 1000);
    }

    private String put(String folder, byte[] bytes, @Nullable String sha256) {
        String object = folder + Hex.of(random.bytes(16));
        objects.put(object, Body.of(bytes), sha256);
        return object;
    }

    /** Writes a document again for another base URL, from our own copy. */
    DocumentStore.Change reprefix(Mirror.Ask ask, DocumentRow row, @Nullable String owner) {
        byte[] before = open(row.object()).bytes(MAX_FILE);
        byte[] document = replace(
                before,
                Utf8.encode("\"url\":\"" + row.baseUrl() + "/dist/"),
                Utf8.encode("\"url\":\"" + ask.baseUrl() + "/dist/"));
        String digest = Hex.of(digests.sha256(document));
        DocumentRow after = new DocumentRow(
                put("document/", document, digest),
                row.sources(),
                document.length,
                digest,
                risen(row, ask.now()),
                row.upstreamModified(),
                row.upstreamEtag(),
                row.freshUntil(),
                row.missingSince(),
                ask.baseUrl(),
                row.generation() + 1);
        return new DocumentStore.Change(
                ask.name(), ask.dev(), owner == null ? "" : owner, row, after, document, 0, Map.of());
    }

    private static byte[] replace(byte[] bytes, byte[] from, byte[] to) {
        ByteSink sink = new ByteSink(bytes.length + 1024);
        int copied = 0;
        for (int i = 0; i + from.length <= bytes.length; i++) {
            if (bytes[i] == from[0] && Arrays.equals(bytes, i, i + from.length, from, 0, from.length)) {
                sink.append(bytes, copied, i).append(to, 0, to.length);
                copied = i + from.length;
                i = copied - 1;
            }
        }
        return sink.append(bytes, copied, bytes.length).toBytes();
    }
}
