package packagebroker.core.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Limits;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.http.Body;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonSlice;
import packagebroker.core.port.Digests;
import packagebroker.core.port.Joined;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Random;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Documents as those see them to whom only some versions are open. A view is made once for all who may see the same, from our
 * own copy, and is stored; after that it is served as a document is. What nobody needs any more is forgotten once a day.
 */
public final class Views implements Chore {
    private static final int MAX_MADE = 10;
    private static final int MAX_FORGOTTEN = 500;
    private static final long CACHED_BYTES = 8_000_000;
    private static final long PASS_MILLIS = 86_400_000;

    private final Mirror mirror;
    private final Reach reach;
    private final DocumentStore documents;
    private final DocumentFiles files;
    private final ViewStore store;
    private final DocumentCache<ViewRow> cache;
    private final ObjectStore objects;
    private final Digests digests;
    private final Random random;

    /** Creates them over the mirror; {@code cacheSeconds} may be 0. */
    public Views(Ports ports, Mirror mirror, UpstreamStore upstreams, int cacheSeconds) {
        this.mirror = mirror;
        this.reach = mirror.reach();
        this.documents = new DocumentStore(ports.database());
        this.files = new DocumentFiles(ports, documents, upstreams);
        this.store = new ViewStore(ports.database());
        this.cache = new DocumentCache<>(cacheSeconds, CACHED_BYTES, upstreams);
        this.objects = ports.objects();
        this.digests = ports.digests();
        this.random = ports.random();
    }

    /** Returns the read that {@link #document} will want of a token whose row is read in the same statement. */
    public Joined lookup(PackageFile file) {
        return ViewStore.besideToken(documents.lookup(file.name(), file.dev()), file);
    }

    /**
     * Returns what is open of a package's document, or null if that is nothing.
     *
     * @param rows what the read of {@link #lookup} found, or null if it was not run
     */
    public @Nullable Document document(Mirror.Ask ask, Limits.Opening opening, @Nullable List<Row> rows) {
        Mirror.Ask within = reach.within(ask, opening.upstreams());
        Document found = within == null ? null : find(within, opening, rows);
        // Asked again: the name may have become another upstream's just now.
        return found == null || reach.within(ask, opening.upstreams()) == null ? null : found;
    }

    private @Nullable Document find(Mirror.Ask ask, Limits.Opening opening, @Nullable List<Row> rows) {
        PackageFile file = new PackageFile(ask.name(), ask.dev());
        if (opening.isWhole()) {
            Document whole = mirror.document(ask, rows);
            return whole == null ? null : whole.notBefore(opening.changedAt());
        }
        String place = file + " " + opening.key();
        DocumentCache.Entry<ViewRow> known = cache.find(place, ask.now());
        boolean remembered = known != null && mirror.lookup(ask.name(), ask.dev(), ask.now()) == null;
        List<Row> read = rows != null || remembered
                ? rows
                : store.read(ViewStore.beside(documents.lookup(ask.name(), ask.dev()), file, opening.key()));
        Document whole = mirror.document(ask, read);
        if (whole == null) {
            return null;
        }
        ViewRow found = read != null ? ViewRow.find(read.get(0)) : known == null ? null : known.row();
        boolean current = found != null && found.isCurrent(whole.row(), opening.changedAt());
        ViewRow row = found != null && current ? found : make(file, whole.row(), opening, ask.now());
        byte[] bytes = known != null && row.equals(known.row()) ? known.document() : null;
        if (bytes == null) {
            cache.keep(place, new DocumentCache.Entry<>(row, null, ask.now()));
        }
        // Without releases the list of releases is an empty one if there are branches, and absent if there are none
        // (P21).
        if (row.versions() == 0 && (ask.dev() || find(ask.of(true), opening, null) == null)) {
            return null;
        }
        return new Document(row.lastModified(), whole.row(), () -> open(place, row, bytes, ask.now()));
    }

    private Body open(String place, ViewRow row, byte @Nullable [] bytes, long now) {
        if (bytes != null) {
            return Body.of(bytes);
        }
        ObjectStore.Stored stored = objects.get(row.object(), null);
        if (stored == null) {
            throw new ObjectStoreException(false, "expected the object of a view but found none");
        }
        if (!cache.takes(row.size())) {
            return stored.body();
        }
        byte[] read = stored.body().bytes((int) row.size());
        cache.keep(place, new DocumentCache.Entry<>(row, read, now));
        return Body.of(read);
    }

    /** Makes a view, unless somebody else has done so meanwhile, and returns it as it stands now. */
    private ViewRow make(PackageFile file, DocumentRow of, Limits.Opening opening, long now) {
        ViewRow before = store.find(file, opening.key());
        if (before != null && before.isCurrent(of, opening.changedAt())) {
            return before;
        }
        Map<String, Map<String, JsonSlice>> versions = open(of, opening);
        byte[] json = written(file, of, versions);
        String digest = Hex.of(digests.sha256(json));
        boolean same = before != null && before.digest().equals(digest);
        String object = before != null && same ? before.object() : "view/" + Hex.of(random.bytes(16));
        if (!same) {
            objects.put(object, Body.of(json), digest);
        }
        // Later than the document, too: what somebody saw before he was limited bears another date.
        long earliest = Math.max(now / 1000 * 1000, of.lastModified() + 1000);
        ViewRow row = new ViewRow(of.object(), object, json.length, digest, versions.size(), earliest);
        store.put(file, opening.key(), row, Summary.of(versions, false), opening.changedAt());
        ViewRow made = store.find(file, opening.key());
        if (made == null) {
            throw new IllegalStateException("expected the view of " + file + " to exist");
        }
        return made;
    }

    /** Returns the versions of a document that are open, newest first. */
    private Map<String, Map<String, JsonSlice>> open(DocumentRow of, Limits.Opening opening) {
        AdvertisedFile lines = files.advertised(of);
        Map<String, Map<String, JsonSlice>> versions = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, JsonSlice>> each :
                ServedFile.read(files.bytes(of)).entrySet()) {
            String normalized = each.getKey();
            long released = releasedAt(lines, normalized, each.getValue(), of);
            if (opening.admits(Version.pathSegment(normalized), released)) {
                versions.put(normalized, inOrder(each.getValue()));
            }
        }
        return versions;
    }

    /** Returns the keys in an order of their own: that of a document depends on versions that may not be open. */
    private static Map<String, JsonSlice> inOrder(Map<String, JsonSlice> fields) {
        List<String> keys = new ArrayList<>(fields.keySet());
        keys.sort(String::compareTo);
        Map<String, JsonSlice> sorted = new LinkedHashMap<>();
        for (String key : keys) {
            JsonSlice value = fields.get(key);
            if (value != null) {
                sorted.put(key, value);
            }
        }
        return sorted;
    }

    private static long releasedAt(
            AdvertisedFile lines, String normalized, Map<String, JsonSlice> fields, DocumentRow of) {
        Advertised line = Version.isDev(normalized)
                ? DistJson.find(lines, normalized, fields.get("dist"))
                : lines.findFirst(normalized);
        if (line != null) {
            return line.releasedAt();
        }
        // What has no archive leaves no line.
        JsonSlice time = fields.get("time");
        String text = time == null ? null : time.findText();
        String credible = text == null ? "" : Advertised.credible(text, "" + of.lastModified());
        return credible.isEmpty() ? 0 : Long.parseLong(credible);
    }

    /** Returns the file of some versions. Warnings are left out: they name versions that may not be open. */
    private byte[] written(PackageFile file, DocumentRow of, Map<String, Map<String, JsonSlice>> versions) {
        Map<String, JsonSlice> extras = ServedFile.extras(files.bytes(of));
        extras.remove(Warnings.KEY);
        ByteSink sink = ServedFile.write(file.name(), new ArrayList<>(versions.values()), extras, (int) of.size());
        return sink.toBytes();
    }

    /** Makes some of the views that somebody would be shown a list of. */
    public void catchUp(Limits limits, long now) {
        if (!limits.areOfVersions()) {
            return;
        }
        for (ViewStore.Missing missing : store.missing(limits, MAX_MADE)) {
            make(missing.file(), missing.row(), limits.of(missing.file().name()), now);
        }
    }

    /** Returns which packages exist for somebody, of those that his patterns select. */
    public Predicate<PackageName> sight(Limits limits, long now) {
        if (limits.isEmpty()) {
            return name -> true;
        }
        catchUp(limits, now);
        Set<PackageName> shown = limits.areOfVersions() ? store.shown(limits) : Set.of();
        Predicate<PackageName> versions =
                name -> shown.contains(name) || limits.of(name).isWhole();
        if (limits.upstreams().isEmpty()) {
            return versions;
        }
        Set<PackageName> owned = store.owned(limits.upstreams());
        return name -> owned.contains(name) && versions.test(name);
    }

    @Override
    public String kind() {
        return "views";
    }

    @Override
    public Cost cost() {
        return new Cost(1, 0);
    }

    /** Forgets views of limits that nobody has any more. */
    @Override
    public Progress step(Turn turn) {
        return new Progress("", store.forget(MAX_FORGOTTEN, turn.now()) < MAX_FORGOTTEN ? PASS_MILLIS : 0);
    }
}
