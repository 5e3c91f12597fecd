package packagebroker.core.publish;

import org.jspecify.annotations.Nullable;
import packagebroker.core.audit.AuditEvent;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.dist.Deposits;
import packagebroker.core.dist.Deposits.Deposit;
import packagebroker.core.dist.Dists;
import packagebroker.core.http.Body;
import packagebroker.core.json.Json;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.release.Manifest;
import packagebroker.core.release.ReleaseStore;
import packagebroker.core.text.IsoTime;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamStore;

/** What is published here: comes in, is listed, is yanked and listed again, goes. */
public final class Publications {
    /** Where archives would be had if not from us: nowhere. */
    static final String URL = "https://published.invalid";

    private final PublishedStore store;
    private final ReleaseStore releases;
    private final Deposits deposits;
    private final Examination examination;
    private final Dists dists;

    /** Creates them. */
    public Publications(Ports ports, UpstreamStore upstreams, Deposits deposits, Dists dists) {
        this.store = new PublishedStore(ports.database(), upstreams);
        this.releases = new ReleaseStore(ports.database());
        this.deposits = deposits;
        this.examination = new Examination(ports.objects(), ports.compression());
        this.dists = dists;
    }

    /** How it went. */
    enum Outcome {
        /** It is one more version. */
        NEW,
        /** It is there already, with these bytes. */
        KNOWN,
        /** A branch is again what it was before. */
        RELISTED,
        /** The version has other bytes. */
        OTHER_BYTES,
        /** The version was deleted. */
        DELETED,
        /** Somebody else changed the same thing. */
        CONFLICT
    }

    /** Why a name is nobody's to publish under, or null if it is open. */
    enum Closed {
        /** Another upstream owns it. */
        OWNED,
        /** Another upstream has it for itself as soon as somebody asks. */
        EXCLUSIVE,
        /** Publishing is switched off. */
        OFF
    }

    /** Returns the most bytes that an archive may have. */
    int maxBytes() {
        return deposits.maxBytes();
    }

    /** Reads what is known of a name. */
    PublishedStore.Standing standing(PackageName name) {
        return store.standing(name);
    }

    /** Returns why nothing can be published under a name; null if it can. */
    static @Nullable Closed closed(PublishedStore.Standing standing, PackageName name) {
        String owner = standing.owner();
        if (owner != null && !owner.equals(Source.PUBLISHED)) {
            return Closed.OWNED;
        }
        boolean foreign = false;
        boolean own = false;
        for (Source source : standing.sources()) {
            if (source.isPublished() && !source.enabled()) {
                return Closed.OFF;
            }
            boolean exclusive = source.enabled() && source.exclusive() && source.serves(name);
            foreign |= exclusive && !source.isPublished();
            own |= exclusive && source.isPublished();
        }
        return owner == null && foreign && !own ? Closed.EXCLUSIVE : null;
    }

    /**
     * Takes an archive in and looks through it; nobody sees it yet.
     *
     * @throws packagebroker.core.zip.ZipRefused if it may not be published
     * @throws packagebroker.core.json.JsonException if its {@code composer.json} is that of something else
     * @throws packagebroker.core.http.TransferException if it does not arrive whole, or is too large
     */
    Publication receive(PackageName name, Version version, Body archive, long now) {
        Deposit deposit = deposits.receive(archive, now);
        boolean good = false;
        try {
            byte[] composerJson = examination.composerJson(deposit);
            String path = deposit.path(name, Version.pathSegment(version.normalized()))
                    .toString();
            String dist = Json.write(Json.object(
                    "type", "zip", "url", URL + "/" + path, "reference", deposit.sha1(), "shasum", deposit.sha1()));
            String manifest = Manifest.of(composerJson, name, version, dist, IsoTime.of(now));
            good = true;
            return new Publication(name, version, deposit, manifest);
        } finally {
            if (!good) {
                deposits.discard(deposit);
            }
        }
    }

    /** Makes a version visible, unless it is there or may not be. */
    Outcome publish(Publication publication, PublishedStore.Standing standing, AuditEvent event) {
        Row before = store.find(publication);
        if (before == null && store.commit(publication, standing, event)) {
            return Outcome.NEW;
        }
        Row there = before == null ? store.find(publication) : before;
        deposits.discard(publication.deposit());
        if (there == null) {
            return Outcome.CONFLICT;
        }
        if (!there.text("sha256").equals(publication.deposit().sha256())) {
            return Outcome.OTHER_BYTES;
        }
        boolean branch = publication.version().isDev();
        boolean listed = publication.deposit().sha1().equals(there.findText("origin"));
        if (listed && !(branch && there.number("yanked_at") != 0)) {
            return Outcome.KNOWN;
        }
        if (!branch || !"stored".equals(there.findText("state"))) {
            return Outcome.DELETED;
        }
        store.relist(publication, event);
        return Outcome.RELISTED;
    }

    /** Returns the release of a version: its upstream, and since when it is yanked; or null. */
    @Nullable
    Row find(PackageName name, Version version) {
        return releases.find(name, version.normalized());
    }

    /** Lists a version no more, or again. */
    void yank(Row release, PackageName name, Version version, boolean yanked, AuditEvent event) {
        store.yank(release.text("upstream"), name, version, yanked ? event.at() : 0, event);
    }

    /** Returns whether a version was ever published here. */
    boolean isKnown(PackageName name, Version version) {
        return store.isKnown(name, version);
    }

    /** Lists a version never again; with {@code purge} its archives go, too. */
    void delete(PackageName name, Version version, boolean listed, boolean purge, AuditEvent event) {
        store.delete(name, version, listed, purge, event);
        dists.forget();
    }
}
