package packagebroker.core.relay;

import java.util.List;
import packagebroker.core.http.Headers;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Signatures;
import packagebroker.core.proof.Trail;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.UrlGuard;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Sends the sealed log to a SIEM, in its order and at least once: the lines of an export, some seals at a time. Who receives
 * them sees a gap, or a part that came twice, by the numbers of the seals. A failure is tried again, later and later.
 */
public final class Webhook implements Chore {
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
        return new Cost(6, 2);
    }

    /** Sends what follows the seal in the cursor. */
    @Override
    public Progress step(Turn turn) {
        Trail.Parcel parcel = trail.parcelAfter(turn.cursor().isEmpty() ? 0 : Long.parseLong(turn.cursor()));
        if (parcel == null) {
            return new Progress(turn.cursor(), 0);
        }
        byte[] bytes = Utf8.encode(parcel.lines());
        byte[] signed = Utf8.encode(turn.now() + "." + parcel.lines());
        String signature = "t=" + turn.now() + ",v1=" + Hex.of(signatures.hmacSha256(secret, signed));
        outlet.post(
                url,
                Headers.of(
                        "content-type",
                        "application/x-ndjson",
                        "audit-seals",
                        parcel.first() + "-" + parcel.last(),
                        "audit-signature",
                        signature),
                bytes);
        return new Progress("" + parcel.last(), 0);
    }
}
