package packagebroker.core.mirror;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import packagebroker.core.alert.Alert;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageFile;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.Body;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.upstream.Fetched;
import packagebroker.core.upstream.PackageSource;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;

/**
 * Our copies of what upstreams say about packages. A fresh copy is served as it is; a stale one after its owner was asked;
 * and while the owner fails, the copy we have is served rather than nothing. Nobody but the owner is ever asked for a name.
 */
public final class Mirror {
    /** Where archives are, with the placeholders that a client fills in: {@code r.zip} for a version without a reference. */
    public static final String DIST_TEMPLATE = "/dist/%package%/%version%/r%reference%.%type%";

    private static final long RETRY_MILLIS = 30_000;
    private static final long ASKING_MILLIS = 30_000;
    private static final int MAX_ASKING = 1_000;
    private static final long CACHED_BYTES = 24_000_000;

    private final DocumentStore store;
    private final DocumentFiles files;
    private final DocumentCache<DocumentRow> cache;
    private final UpstreamStore upstreams;
    private final PackageSource packages;
    private final Log log;
    private final Ages ages;
    private final Map<String, Long> asking = new HashMap<>();

    /**
     * How long things are believed, in ms.
     *
     * @param fresh a document, without asking its upstream
     * @param negative that a name is absent
     */
    public record Ages(long fresh, long negative) {}

    /** Creates the mirror over a platform; {@code cacheSeconds} may be 0. */
    public Mirror(Ports ports, UpstreamStore upstreams, PackageSource packages, int cacheSeconds, Ages ages) {
        this.store = new DocumentStore(ports.database());
        this.files = new DocumentFiles(ports, store, upstreams);
        this.cache = new DocumentCache<>(cacheSeconds, CACHED_BYTES, upstreams);
        this.upstreams = upstreams;
        this.packages = packages;
        this.log = ports.log();
        this.ages = ages;
    }

    /**
     * One request for a document: whose it is, which of its two files, for which base URL, and on whose behalf.
     *
     * @param only the upstreams that may be asked if nobody owns the name; null for all that routing names
     */
    public record Ask(
            PackageName name,
            boolean dev,
            String baseUrl,
            AuditEvent cause,
            @Nullable List<Source> only) {
        /** Asks whomever routing names. */
        public Ask(PackageName name, boolean dev, String baseUrl, AuditEvent cause) {
            this(name, dev, baseUrl, cause, null);
        }

        List<Source> candidates(List<Source> byPriority, @Nullable String owner) {
            return owner == null && only != null ? only : Routing.candidates(byPriority, name, owner);
        }

        /** Asks for the package's other file in the same way. */
        Ask of(boolean branches) {
            return new Ask(name, branches, baseUrl, cause, only);
        }

        String file() {
            return new PackageFile(name, dev).toString();
        }

        long now() {
            return cause.at();
        }
    }

    /** Returns since when its upstream must have missed a document that is not offered any more. */
    public static long goneSince(long now) {
        return now - DocumentRow.MISSING_MILLIS;
    }

    /** Returns the read that {@link #document} will want; null if the isolate remembers the answer. */
    public @Nullable Joined lookup(PackageName name, boolean dev, long now) {
        return cache.find(new PackageFile(name, dev).toString(), now) == null ? store.lookup(name, dev) : null;
    }

    /** Forgets what this isolate remembers of a package's stable document: it is to be written again. */
    public void forget(PackageName name) {
        cache.drop(name.toString());
    }

    /**
     * Returns a package's document, or null if there is none.
     *
     * @param rows what the read of {@link #lookup} found, or null if it was not run
     * @throws UpstreamException if the owner fails and there is no copy
     */
    public @Nullable Document document(Ask ask, @Nullable List<Row> rows) {
        DocumentCache.Entry<DocumentRow> known = cache.find(ask.file(), ask.now());
        if (known != null) {
            return known.row() == null ? null : fresh(ask, known.row(), known.document());
        }
        Row read = (rows == null ? store.read(ask.name(), ask.dev()) : rows).get(0);
        if (read.number("absent_until") > 0 && !isAnswer(ask, read) && upstreams.isFrozen()) {
            return null; // Nobody had it when somebody could still be asked.
        }
        if (ask.dev() && !isAnswer(ask, read) && read.isNull("owner")) {
            // Releases decide who owns a name that is new to us, so asking for branches first gives it to nobody else.
            document(ask.of(false), null);
            read = store.readNow(ask.name(), ask.dev()).get(0);
        }
        return isAnswer(ask, read) ? answer(ask, read) : refresh(ask, null, read.findText("owner"));
    }

    /** Returns how far those reach to whom not all upstreams are open. */
    public Reach reach() {
        return new Reach(store, upstreams);
    }

    /** Returns whether nothing is taken in at the moment, as far as this isolate knows. */
    boolean isFrozen() {
        return upstreams.isFrozen();
    }

    /** Asks the upstream of a document that is stale, although nobody waits for it. */
    public void renew(Ask ask) {
        cache.drop(ask.file());
        document(ask, store.readNow(ask.name(), ask.dev()));
    }

    /** Returns whether a read says all: here is the document, or nobody has it. */
    private static boolean isAnswer(Ask ask, Row read) {
        return read.number("absent_until") > ask.now() || !read.isNull("object");
    }

    private @Nullable Document answer(Ask ask, Row read) {
        DocumentRow row = read.number("absent_until") > ask.now() ? null : DocumentRow.of(read);
        cache.keep(ask.file(), new DocumentCache.Entry<>(row, null, ask.now()));
        return row == null ? null : fresh(ask, row, null);
    }

    private @Nullable Document fresh(Ask ask, DocumentRow row, byte @Nullable [] bytes) {
        // While one request asks the upstream, all others of this isolate are served what we have: a fleet costs one
        // question.
        if (row.freshUntil() > ask.now() || asking.getOrDefault(ask.file(), 0L) > ask.now()) {
            return served(ask, row, bytes);
        }
        if (upstreams.isFrozen()) {
            return row.isGone(ask.now()) ? null : served(ask, row, bytes);
        }
        if (asking.size() >= MAX_ASKING) {
            asking.clear();
        }
        asking.put(
                ask.file(), ask.now() + ASKING_MILLIS); // By a deadline: a request that is cut off never takes it back.
        try {
            return refresh(ask, row, store.findOwner(ask.name()));
        } finally {
            asking.remove(ask.file());
        }
    }

    private Document served(Ask ask, DocumentRow row, byte @Nullable [] bytes) {
        if (!row.baseUrl().equals(ask.baseUrl())) {
            return reprefix(ask, row);
        }
        return new Document(row.lastModified(), row, () -> open(ask, row, bytes));
    }

    private Body open(Ask ask, DocumentRow row, byte @Nullable [] bytes) {
        if (bytes != null) {
            return Body.of(bytes);
        }
        Body body = files.open(row);
        if (!cache.takes(row.size())) {
            return body;
        }
        byte[] read = body.bytes((int) row.size());
        cache.keep(ask.file(), new DocumentCache.Entry<>(row, read, ask.now()));
        return Body.of(read);
    }

    private @Nullable Document refresh(Ask ask, @Nullable DocumentRow row, @Nullable String owner) {
        cache.drop(ask.file());
        try {
            for (Source source : ask.candidates(upstreams.sources(), owner)) {
                if (source.frozen()) {
                    throw UpstreamClient.frozen();
                }
                String modified = row == null ? "" : row.upstreamModified();
                String etag = row == null ? "" : row.upstreamEtag();
                Fetched fetched = packages.fetch(source, ask.name(), ask.dev(), modified, etag);
                if (fetched.outcome() == Fetched.Outcome.UNCHANGED && row != null) {
                    return touched(ask, row, 0, Summary.UNKNOWN);
                }
                boolean found = fetched.outcome() == Fetched.Outcome.FOUND;
                Document document = found ? take(ask, source, row, fetched) : null;
                if (document != null) {
                    return document;
                }
                if (found && source.id().equals(store.findOwner(ask.name()))) {
                    break; // It has the name, if nothing under it: nobody else is asked.
                }
            }
        } catch (UpstreamException e) {
            return stale(ask, row, e);
        }
        return missing(ask, row, owner);
    }

    /** Takes in what an upstream sent; null if it holds nothing for this file. */
    private @Nullable Document take(Ask ask, Source source, @Nullable DocumentRow before, Fetched fetched) {
        DocumentStore.Change change = files.take(ask, source, before, fetched, ask.now() + ages.fresh());
        if (change == null) {
            return null;
        }
        if (change.versions() == 0 && !ask.dev() && !hasBranches(ask, source)) {
            files.discard(change);
            return null;
        }
        for (Alert refused : change.refused()) {
            String event = refused.kind().word() + ".refused";
            log.write("warn", event, "package", ask.name().toString(), "version", refused.version());
        }
        if (before != null && change.after().object().equals(before.object())) {
            store.recordRefusals(change, ask.cause());
            return touched(ask, before.validatedBy(fetched.modified(), fetched.etag()), 0, change.summary());
        }
        return commit(ask, change);
    }

    /**
     * Returns whether a package without releases has branches: then, and only then, its list of releases is an empty one, and
     * not absent (P21). Either way its name belongs to the upstream that lists it.
     */
    private boolean hasBranches(Ask ask, Source source) {
        store.own(ask, source.id());
        return document(ask.of(true), null) != null;
    }

    private @Nullable Document commit(Ask ask, DocumentStore.Change change) {
        boolean won = store.commit(change, ask.cause());
        DocumentRow row = won ? change.after() : store.find(ask.name(), ask.dev());
        if (row == null) {
            String owner = store.findOwner(ask.name());
            if (change.before() == null && (owner == null || owner.equals(change.upstreamId()))) {
                // Nobody else has the name: so it was a freeze, which may be over by now and must not look like an
                // absence.
                throw UpstreamClient.frozen();
            }
            return null; // Another upstream became the owner meanwhile: this one has nothing to say.
        }
        byte[] bytes = won ? change.document() : null;
        byte[] kept = cache.takes(row.size()) ? bytes : null;
        cache.keep(ask.file(), new DocumentCache.Entry<>(row, kept, ask.now()));
        return served(ask, row, bytes);
    }

    private Document touched(Ask ask, DocumentRow row, long missingSince, Summary summary) {
        DocumentRow touched = row.touched(ask.now() + ages.fresh(), missingSince);
        if (row.isGone(ask.now()) && missingSince == 0) {
            // It is back as it was; its date rises, so that who saw it go sees it return.
            touched = touched.risen(ask.now());
            store.bringBack(ask, touched);
        } else {
            store.touch(ask, touched, summary);
        }
        cache.keep(ask.file(), new DocumentCache.Entry<>(touched, null, ask.now()));
        return served(ask, touched, null);
    }

    /** Serves the copy we have while its upstream fails, and leaves the upstream alone for a moment. */
    private @Nullable Document stale(Ask ask, @Nullable DocumentRow row, UpstreamException problem) {
        log.write("warn", "upstream.failed", "package", ask.name().toString(), "problem", problem.text());
        if (row == null) {
            throw problem;
        }
        if (row.isGone(ask.now())) {
            // Its upstream said that it is gone, and has not said otherwise since.
            store.recordAbsent(ask, ask.now() + RETRY_MILLIS);
            return null;
        }
        store.touch(ask, row.touched(ask.now() + RETRY_MILLIS, row.missingSince()), Summary.UNKNOWN);
        return served(ask, row, null);
    }

    private @Nullable Document missing(Ask ask, @Nullable DocumentRow row, @Nullable String owner) {
        if (row == null && ask.only() != null) {
            return null; // Not everybody was asked, so nothing is known for good.
        }
        if (row == null) {
            long until = ask.now() + ages.negative();
            store.recordAbsent(ask, until);
            cache.keep(ask.file(), new DocumentCache.Entry<>(null, null, ask.now()));
            return null;
        }
        boolean removed = owner == null || Routing.find(upstreams.sources(), owner) == null;
        if (removed || row.isGone(ask.now())) {
            store.recordGone(ask, row, ask.now() + ages.negative());
            return null;
        }
        return touched(ask, row, row.missingSince() == 0 ? ask.now() : row.missingSince(), Summary.UNKNOWN);
    }

    private Document reprefix(Ask ask, DocumentRow row) {
        DocumentStore.Change change = files.reprefix(ask, row, store.findOwner(ask.name()));
        Document document = commit(ask, change);
        if (document == null) {
            throw new IllegalStateException("expected the row of " + ask.file() + " to exist");
        }
        return document;
    }

    /**
     * Returns where the archive of a dist path comes from, or null if no upstream ever advertised it.
     *
     * @param path version, reference key and type as {@code 1.0.0.0/rabc.zip}
     * @throws UpstreamException if the package is not known yet and its owner fails
     */
    public @Nullable Origin findOrigin(Ask stable, String path) {
        Found found = find(stable, path, lines -> lines.find(path));
        if (found == null) {
            return null;
        }
        Source source = Routing.find(upstreams.sources(), found.owner());
        return source == null ? null : new Origin(source, found.line());
    }

    /**
     * Returns the key of the archive that a version has without a reference, or null if it has none.
     *
     * @param version as it stands in a dist path
     */
    public @Nullable String findUnreferenced(Ask stable, String version, String type) {
        Found found = find(stable, version + "/", lines -> lines.findUnreferenced(version, type));
        if (found == null) {
            return null;
        }
        String path = found.line().path();
        return path.substring(version.length() + 2, path.length() - type.length() - 1);
    }

    /** A line of what was ever advertised, with the upstream that owns the name. */
    private record Found(Advertised line, String owner) {}

    /** Looks through the lines of both documents, the likelier first. */
    private @Nullable Found find(Ask stable, String path, Function<AdvertisedFile, @Nullable Advertised> line) {
        Ask dev = stable.of(true);
        boolean branchFirst = path.startsWith("dev-") || path.indexOf("-dev/") > 0;
        DocumentStore.Known known = store.know(stable.name());
        for (Ask ask : branchFirst ? List.of(dev, stable) : List.of(stable, dev)) {
            DocumentRow row = ask.dev() ? known.dev() : known.stable();
            if (row == null && document(ask, null) != null) {
                // A lock that is older than our copy: the package comes in now.
                known = store.know(ask.name());
                row = ask.dev() ? known.dev() : known.stable();
            }
            Advertised advertised = row == null ? null : line.apply(files.advertised(row));
            String owner = known.owner();
            if (advertised != null && owner != null) {
                return new Found(advertised, owner);
            }
        }
        return null;
    }

    /**
     * Where an archive comes from.
     *
     * @param shasum the SHA-1 that was stated, or empty
     * @param releasedAt when its version was released
     */
    public record Origin(Source source, String url, String shasum, long releasedAt) {
        private Origin(Source source, Advertised line) {
            this(source, line.url(), line.shasum(), line.releasedAt());
        }
    }
}
