package packagebroker.core.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.core.port.Ports;
import packagebroker.core.proof.Trail;
import packagebroker.core.text.Utf8;
import packagebroker.core.upstream.UrlGuard;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Sends the newest checkpoint each hour to somebody who keeps it where the operators of this instance cannot reach it. With
 * it anybody can show later that the log was not cut or written anew.
 */
public final class Anchor implements Chore {
    private static final long HOUR_MILLIS = 3_600_000;

    private final Outlet outlet;
    private final Trail trail;
    private final String url;

    /** Creates the anchor; with an empty address it does nothing. */
    public Anchor(Ports ports, UrlGuard guard, Trail trail, String url) {
        this.outlet = new Outlet(ports.upstream(), guard);
        this.trail = trail;
        this.url = url;
    }

    @Override
    public String kind() {
        return "anchor";
    }

    @Override
    public List<String> subjects() {
        return url.isEmpty() ? List.of() : List.of("");
    }

    @Override
    public Cost cost() {
        return new Cost(1, 1);
    }

    /** Sends the newest checkpoint, if it is another one than that in the cursor. */
    @Override
    public Progress step(Turn turn) {
        @Nullable String note = trail.findNewestNote();
        if (note == null || note.equals(turn.cursor())) {
            return new Progress(turn.cursor(), 0);
        }
        outlet.post(url, Headers.of("content-type", "text/plain; charset=utf-8"), Utf8.encode(note));
        return new Progress(note, HOUR_MILLIS);
    }
}
