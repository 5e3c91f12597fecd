package packagebroker.core.mirror;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.port.Digests;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.Fetched;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;

/**
 * The objects behind the rows, {@code document/<id>}: what clients read, and behind it what was ever advertised. One object for
 * both, since each costs a write. It is written before the row that names it, and never changed.
 */
final class DocumentFiles {
    private static final int MAX_FILE = 64_000_000;

    /** What is larger is nowhere held twice: an isolate has 128 MB, and a document may have 32. */
    private static final int MAX_COPIED = 1_000_000;

    private final ObjectStore objects;
    private final Digests digests;
    private final Random random;
    private final Rewriter rewriter;
    private final DocumentStore store;
    private final ContextStore contexts;
    private final UpstreamStore upstreams;

    DocumentFiles(Ports ports, DocumentStore store, UpstreamStore upstreams) {
        this.upstreams = upstreams;
        this.objects = ports.objects();
        this.digests = ports.digests();
        this.random = ports.random();
        this.rewriter = new Rewriter(random);
        this.contexts = new ContextStore(ports.database());
        this.store = store;
    }

    /** Returns the bytes that clients read. */
    Body open(DocumentRow row) {
        return open(row, new ObjectStore.Range(0, row.size()));
    }

    /** Returns the bytes that clients read, all of them. */
    byte[] bytes(DocumentRow row) {
        return open(row).bytes(MAX_FILE);
    }

    private Body open(DocumentRow row, ObjectStore.Range range) {
        ObjectStore.Stored stored = objects.get(row.object(), range);
        if (stored == null) {
            throw new ObjectStoreException(false, "expected the object of a document but found none");
        }
        return stored.body();
    }

    /** Returns what was ever advertised for the package of a row. */
    AdvertisedFile advertised(DocumentRow row) {
        if (row.advertisedSize() == 0) {
            return AdvertisedFile.parse(new byte[0]);
        }
        return AdvertisedFile.parse(open(row, new ObjectStore.Range(row.size(), row.advertisedSize()))
                .bytes(MAX_FILE));
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
            return null;
        }
        AdvertisedFile known = before == null ? AdvertisedFile.parse(new byte[0]) : advertised(before);
        ContextStore.Context context = contexts.read(ask.name(), source.id());
        Rewriter.Rewritten rewritten = rewriter.rewrite(new Rewriter.Task(
                ask.name(),
                ask.dev(),
                new Rewriter.Target(ask.baseUrl(), source.mode() == Source.Mode.MIRROR, source.id()),
                file,
                known,
                () -> before == null ? null : open(before).bytes(MAX_FILE), // Its URLs do not matter.
                context,
                served(ask, file.extras(), context, source.id()),
                fetched.json().length + fetched.json().length / 16,
                "" + ask.now()));
        if (ask.dev() && rewritten.versions() == 0) {
            return null;
        }
        ByteSink sink = rewritten.document();
        int size = sink.length();
        known.appendTo(sink);
        Parts parts = parts(sink, size);
        DocumentRow after = store(ask, before, parts, fetched, freshUntil);
        return new DocumentStore.Change(
                ask.name(),
                ask.dev(),
                source.id(),
                before,
                after,
                parts.document(),
                rewritten.versions(),
                Extras.text(file.extras()),
                ask.dev() ? 0 : context.advisedAt(),
                rewritten.refused(),
                rewritten.summary());
    }

    /** Returns what our clients read beside the packages; only the file of stable versions holds advisories. */
    private Map<String, JsonSlice> served(
            Mirror.Ask ask, Map<String, JsonSlice> extras, ContextStore.Context context, @Nullable String owner) {
        if (ask.dev() || context.own().isEmpty()) {
            return extras;
        }
        Source source = owner == null ? null : Routing.find(upstreams.sources(), owner);
        boolean alone = source == null || source.features().advisories().apiUrl() == null;
        return Extras.served(extras, context.own(), alone);
    }

    private static UpstreamFile read(Mirror.Ask ask, Source source, byte[] json) {
        UpstreamFile file;
        try {
            file = UpstreamFile.read(json, ask.name(), source.mode() == Source.Mode.MIRROR);
        } catch (JsonException e) {
            throw untrusted(source, "sent metadata of " + ask.name() + " that is not usable: " + e.text());
        }
        if (!file.isFound() && file.isForeign()) {
            throw untrusted(source, "answered for another package than " + ask.name());
        }
        if (Extras.size(file.extras()) > Extras.MAX_BYTES) {
            throw new UpstreamException(
                    UpstreamException.Kind.OVER_LIMIT,
                    "upstream " + source.name() + " says more about " + ask.name() + " than this instance takes in");
        }
        return file;
    }

    private static UpstreamException untrusted(Source source, String what) {
        return new UpstreamException(UpstreamException.Kind.UNTRUSTED, "upstream " + source.name() + " " + what);
    }

    /**
     * The bytes of an object, of which the first are the document.
     *
     * @param document its bytes by themselves; null if it is large: then it is read from the store rather than held twice
     */
    private record Parts(Body object, int documentSize, String digest, byte @Nullable [] document) {}

    private Parts parts(ByteSink sink, int size) {
        if (sink.length() > MAX_COPIED) {
            Body object = sink.toBody();
            Digests.Running digest = digests.sha256();
            digest.update(object);
            return new Parts(object, size, Hex.of(digest.finish()), null);
        }
        byte[] object = sink.toBytes();
        return new Parts(Body.of(object), size, Hex.of(digests.sha256(object)), Bytes.part(object, 0, size));
    }

    private DocumentRow store(
            Mirror.Ask ask, @Nullable DocumentRow before, Parts parts, Fetched fetched, long freshUntil) {
        boolean same = before != null && before.digest().equals(parts.digest());
        return new DocumentRow(
                before != null && same ? before.object() : put(parts),
                parts.documentSize(),
                parts.object().length() - parts.documentSize(),
                parts.digest(),
                before == null
                        ? ask.now() / 1000 * 1000
                        : before.risen(ask.now()).lastModified(),
                fetched.modified(),
                fetched.etag(),
                freshUntil,
                0,
                ask.baseUrl(),
                before == null ? 1 : before.generation() + 1);
    }

    private String put(Parts parts) {
        String object = "document/" + Hex.of(random.bytes(16));
        objects.put(object, parts.object(), parts.digest());
        return object;
    }

    /** Takes back what {@link #take} stored for a change that is not made. */
    void discard(DocumentStore.Change change) {
        DocumentRow before = change.before();
        if (before == null || !before.object().equals(change.after().object())) {
            objects.delete(change.after().object());
        }
    }

    /** Writes a document again from our own copy: for another base URL, or with other advisories of ours. */
    DocumentStore.Change reprefix(Mirror.Ask ask, DocumentRow row, @Nullable String owner) {
        byte[] copy = moved(row, ask.baseUrl());
        String noted = store.extras(ask.name(), ask.dev());
        Map<String, JsonSlice> known = Extras.find(noted);
        Map<String, JsonSlice> extras = known == null ? ServedFile.extras(copy) : known;
        ContextStore.Context context = contexts.read(ask.name(), owner == null ? "" : owner);
        byte[] document = ServedFile.withExtras(copy, served(ask, extras, context, owner));
        ByteSink sink = new ByteSink(document.length + (int) row.advertisedSize());
        sink.append(document, 0, document.length);
        advertised(row).appendTo(sink);
        Parts parts = parts(sink, document.length);
        DocumentRow after = new DocumentRow(
                put(parts),
                parts.documentSize(),
                row.advertisedSize(),
                parts.digest(),
                row.risen(ask.now()).lastModified(),
                row.upstreamModified(),
                row.upstreamEtag(),
                row.freshUntil(),
                row.missingSince(),
                ask.baseUrl(),
                row.generation() + 1);
        return new DocumentStore.Change(
                ask.name(),
                ask.dev(),
                owner == null ? "" : owner,
                row,
                after,
                parts.document(),
                DocumentStore.UNCHANGED,
                Extras.text(extras),
                ask.dev() ? 0 : context.advisedAt(),
                List.of(),
                Summary.UNKNOWN);
    }

    /** Returns the document of a row with the dist URLs of another base URL. */
    private byte[] moved(DocumentRow row, String baseUrl) {
        byte[] from = Utf8.encode("\"url\":\"" + row.prefix() + "/dist/");
        return replace(open(row).bytes(MAX_FILE), from, Utf8.encode("\"url\":\"" + baseUrl + "/dist/"));
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
