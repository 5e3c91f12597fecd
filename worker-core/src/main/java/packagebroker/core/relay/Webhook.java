package packagebroker.core.relay;

import java.util.List;
import packagebroker.core.http.Headers;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Signatures;
import packagebroker.core.proof.Trail;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UrlGuard;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Sends the sealed log to a SIEM, in its order and at least once: the lines of an export, some seals at a time. Who receives
 * them sees a gap, or a part that came twice, by the numbers of the seals. A failure is tried again, later and later; what is too
 * large for the receiver, by halves.
 */
public final class Webhook implements Chore {
    private static final int ENOUGH = 1 << 20;

    private final Outlet outlet;
    private final Trail trail;
    private final Signatures signatures;
    private final String url;
    private final byte[] secret;

    /** Creates the webhook; with an empty address it does nothing. */
    public Webhook(Ports ports, UrlGuard guard, Trail trail, String url, String secret) {
        this.outlet = new Outlet(ports.upstream(), guard);
        this.trail = trail;
        this.signatures = ports.signatures();
        this.url = url;
        this.secret = Utf8.encode(secret);
    }

    @Override
    public String kind() {
        return "webhook";
    }

    @Override
    public List<String> subjects() {
        return url.isEmpty() ? List.of() : List.of("");
    }

    @Override
    public Cost cost() {
        return new Cost(8, 2);
    }

    /** Sends what follows the seal in the cursor, where there also is how much the receiver takes if that is little. */
    @Override
    public Progress step(Turn turn) {
        String cursor = turn.cursor();
        int slash = cursor.indexOf('/');
        long sent = cursor.isEmpty() ? 0 : Long.parseLong(slash < 0 ? cursor : cursor.substring(0, slash));
        int enough = slash < 0 ? ENOUGH : Integer.parseInt(cursor.substring(slash + 1));
        Trail.Parcel parcel = trail.parcelAfter(sent, enough);
        if (parcel == null) {
            return new Progress(cursor, 0);
        }
        try {
            send(parcel, turn.now());
        } catch (UpstreamException e) {
            if (e.kind() != UpstreamException.Kind.OVER_LIMIT || parcel.first() == parcel.last()) {
                throw e;
            }
            return new Progress(sent + "/" + parcel.lines().length() / 2, 0);
        }
        return new Progress(parcel.last() + (slash < 0 ? "" : cursor.substring(slash)), 0);
    }

    private void send(Trail.Parcel parcel, long now) {
        byte[] signed = Utf8.encode(now + "." + parcel.lines());
        String signature = "t=" + now + ",v1=" + Hex.of(signatures.hmacSha256(secret, signed));
        outlet.post(
                url,
                Headers.of(
                        "content-type",
                        "application/x-ndjson",
                        "audit-seals",
                        parcel.first() + "-" + parcel.last(),
                        "audit-signature",
                        signature),
                Utf8.encode(parcel.lines()));
    }
}
