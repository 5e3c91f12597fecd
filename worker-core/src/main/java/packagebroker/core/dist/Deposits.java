package packagebroker.core.dist;

import java.util.List;
import packagebroker.core.composer.PackageName;
import packagebroker.core.http.Body;
import packagebroker.core.http.CappedBody;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Hex;
import packagebroker.core.zip.ZipRefused;

/** Archives that somebody brings, rather than an upstream: stored as objects that nobody names until the ledger does. */
public final class Deposits {
    private final DistStore store;
    private final Intake intake;
    private final Ports ports;
    private final int maxBytes;

    /** Creates them; an archive has at most {@code maxBytes}. */
    public Deposits(Ports ports, PartBuffers buffers, int maxBytes) {
        this.store = new DistStore(ports.database());
        this.intake = new Intake(ports.objects(), ports.digests(), buffers, store);
        this.ports = ports;
        this.maxBytes = maxBytes;
    }

    /** An archive that is stored and not in the ledger yet. */
    public record Deposit(String object, String sha256, String sha1, long size) {
        /** Returns the path under which it will be had as the archive of a version: its SHA-1 is its reference. */
        public DistPath path(PackageName name, String segment) {
            return new DistPath(name, segment, sha1, "zip");
        }
    }

    /** Returns the most bytes that an archive may have. */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * Stores a zip, of which nothing is known yet.
     *
     * @throws ZipRefused if it does not even begin as a zip
     * @throws packagebroker.core.http.TransferException if it does not arrive whole, or is too large
     */
    public Deposit receive(Body archive, long now) {
        String object = "artifact/" + Hex.of(ports.random().bytes(16));
        try {
            Intake.Received received =
                    intake.receive(new CappedBody(archive, maxBytes), object, new Intake.Expected("zip", "", ""), now);
            return new Deposit(object, received.sha256(), received.sha1(), received.size());
        } catch (Intake.Refused e) {
            archive.cancel();
            throw ZipRefused.wrong("expected a zip but found something else");
        }
    }

    /** Throws away what the ledger did not take. What cannot be thrown away now is for the sweep. */
    public void discard(Deposit deposit) {
        try {
            ports.objects().delete(deposit.object());
            if (deposit.size() >= PartBuffers.PART) {
                store.forgetUpload(deposit.object());
            }
        } catch (ObjectStoreException | DatabaseException e) {
            ports.log().failure("deposit.left", e, "object", deposit.object());
        }
    }

    /** Returns the statements that enter a deposit into the ledger, as published here. */
    public static List<Statement> entry(DistPath path, Deposit deposit, String upstream, long now) {
        StoredDist dist =
                new StoredDist(deposit.object(), path.type(), deposit.sha256(), deposit.sha1(), deposit.size(), now);
        return DistStore.entry(path, dist, upstream, now);
    }
}
