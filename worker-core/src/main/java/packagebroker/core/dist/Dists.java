package packagebroker.core.dist;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Limits;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.mirror.Mirror;
import packagebroker.core.mirror.Reach;
import packagebroker.core.port.Joined;
import packagebroker.core.port.Log;
import packagebroker.core.port.ObjectStore;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.text.Hex;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;

/** Archives by their path: from the store, or brought in from where the mirror knows they are. */
public final class Dists {
    private final DistStore store;
    private final LedgerCache cache;
    private final Intake intake;
    private final Mirror mirror;
    private final Reach reach;
    private final UpstreamClient client;
    private final Ports ports;
    private final Log log;

    /** Creates them; {@code cacheSeconds} may be 0. */
    public Dists(Ports ports, PartBuffers buffers, Mirror mirror, UpstreamClient client, int cacheSeconds) {
        this.store = new DistStore(ports.database());
        this.cache = new LedgerCache(cacheSeconds);
        this.intake = new Intake(ports.objects(), ports.digests(), buffers, store);
        this.mirror = mirror;
        this.reach = mirror.reach();
        this.client = client;
        this.ports = ports;
        this.log = ports.log();
    }

    /** Returns the read that {@link #open} will want; null if the isolate remembers the answer. */
    public @Nullable Joined lookup(DistPath path, long now) {
        return path.isOpen() || cache.find(path, now) != null ? null : store.lookup(path);
    }

    /** Forgets what this isolate has read of the ledger: archives have been purged. */
    public void forget() {
        cache.clear();
    }

    /** An archive on its way to a client. */
    public record Archive(long size, Body body) {}

    /**
     * Returns the bytes of a path, or null if nobody ever advertised it.
     *
     * @param opening what of the package is open to whoever asks: what is not does not exist
     * @param rows what the read of {@link #lookup} found, or null if it was not run
     * @throws UpstreamException if they have to be fetched and cannot be, or are not what they should be
     */
    public @Nullable Archive open(DistPath path, Mirror.Ask ask, Limits.Opening opening, @Nullable List<Row> rows) {
        Mirror.Ask within = opening.admitsInTime(path.version()) ? reach.within(ask, opening.upstreams()) : null;
        if (within == null) {
            return null;
        }
        DistPath whole = path.isOpen() ? whole(path, within) : path;
        return whole == null ? null : openWhole(whole, within, opening, rows);
    }

    /**
     * Returns the only archive that a version has without a reference, or null: where others were accepted since, nobody can
     * tell which of them a client means, and other bytes than it means are worse than none.
     */
    private @Nullable DistPath whole(DistPath path, Mirror.Ask ask) {
        List<Row> stored = store.unreferenced(path);
        if (stored.size() == 1) {
            return path.withKey(stored.get(0).text("reference"));
        }
        String key = stored.isEmpty() ? mirror.findUnreferenced(ask, path.version(), path.type()) : null;
        return key == null ? null : path.withKey(key);
    }

    private @Nullable Archive openWhole(
            DistPath path, Mirror.Ask ask, Limits.Opening opening, @Nullable List<Row> rows) {
        StoredDist known = cache.find(path, ask.cause().at());
        if (known == null) {
            List<Row> found = rows == null ? store.read(path) : rows;
            known = found.get(0).isNull("artifact") ? null : StoredDist.of(found.get(0));
        }
        if (!opening.isWhole() && !opening.admits(path.version(), releasedAt(path, ask, known))) {
            return null;
        }
        if (known == null) {
            known = fetch(path, ask, null);
        }
        if (known == null || !known.type().equals(path.type())) {
            return null;
        }
        ObjectStore.Stored object = ports.objects().get(known.artifact(), null);
        if (object == null) {
            // The ledger has the row but the store lost the object: the same bytes may come back, and no others.
            log.write("error", "artifact.lost", "dist", path.toString());
            known = fetch(path, ask, known);
            object = known == null ? null : ports.objects().get(known.artifact(), null);
        }
        if (known == null || object == null) {
            return null;
        }
        cache.keep(path, known, ask.cause().at());
        return new Archive(object.size(), object.body());
    }

    /** Returns when the version of a path was released; 0 if nobody knows. */
    private long releasedAt(DistPath path, Mirror.Ask ask, @Nullable StoredDist known) {
        if (known != null && known.releasedAt() != 0) {
            return known.releasedAt();
        }
        Mirror.Origin origin = mirror.findOrigin(ask, path.rest());
        return origin == null ? 0 : origin.releasedAt();
    }

    private @Nullable StoredDist fetch(DistPath path, Mirror.Ask ask, @Nullable StoredDist lost) {
        Mirror.Origin origin = mirror.findOrigin(ask, path.rest());
        if (origin == null) {
            return null;
        }
        String object = lost == null ? "artifact/" + Hex.of(ports.random().bytes(16)) : lost.artifact();
        Intake.Expected expected = new Intake.Expected(path.type(), origin.shasum(), lost == null ? "" : lost.sha256());
        Intake.Received received = receive(path, ask, origin, object, expected);
        StoredDist dist = new StoredDist(
                object, path.type(), received.sha256(), received.sha1(), received.size(), origin.releasedAt());
        if (lost != null || store.commit(path, dist, origin.source().id(), ask.cause())) {
            return dist;
        }
        StoredDist winner = loser(path, dist);
        if (winner == null) {
            // Nobody was faster: so it was a freeze, which may be over by now and must not look like an absence.
            throw UpstreamClient.frozen();
        }
        return winner;
    }

    private Intake.Received receive(
            DistPath path, Mirror.Ask ask, Mirror.Origin origin, String object, Intake.Expected expected) {
        String name = "upstream " + origin.source().name();
        if (origin.source().isPublished()) {
            throw new UpstreamException(
                    Kind.GONE, "the archive of " + path + " was published here and has been removed");
        }
        Response response = client.get(origin.source(), origin.url(), Headers.of("accept", "*/*"), client.archive());
        if (response.status() != 200) {
            response.body().cancel();
            throw new UpstreamException(Kind.GONE, name + " does not have the archive of " + path + " any more");
        }
        try {
            return intake.receive(response.body(), object, expected, ask.cause().at());
        } catch (TransferException e) {
            throw UpstreamClient.failure(origin.source(), e);
        } catch (Intake.Refused e) {
            String what = "" + e.getMessage();
            response.body().cancel();
            store.recordRefusal(path, Hex.of(ports.random().bytes(8)), what, ask.cause());
            log.write("error", "dist.refused", "dist", path.toString(), "why", what);
            throw new UpstreamException(Kind.UNTRUSTED, name + " sent wrong bytes for " + path + ": " + what);
        }
    }

    /** Another request stored the same path first: its bytes stand, and mine go. */
    private @Nullable StoredDist loser(DistPath path, StoredDist mine) {
        StoredDist winner = store.find(path);
        if (winner != null && !winner.artifact().equals(mine.artifact())) {
            ports.objects().delete(mine.artifact());
        }
        return winner;
    }
}
