package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Upstream;
import packagebroker.core.port.Upstream.Limits;

/** What {@link Upstream} promises about exchanges that go wrong; see {@link UpstreamContract} for the server. */
final class UpstreamLimitsContract {
    private static final int SHORT = 400;
    private static final int LONG = 20_000;
    private static final long CAP = 1 << 20;

    private final Upstream upstream;
    private final Clock clock;
    private final String origin;

    UpstreamLimitsContract(Upstream upstream, Clock clock, String origin) {
        this.upstream = upstream;
        this.clock = clock;
        this.origin = origin;
    }

    List<Check> checks() {
        return List.of(
                check("no headers in time: TIMEOUT", this::boundsHeaders),
                check("a body that stops coming: TIMEOUT", this::boundsStalls),
                check("a body that comes too slowly in all: TIMEOUT", this::boundsTheTotal),
                check("deadlines that are kept do no harm", this::letsThrough),
                check("a body over the cap: TOO_LARGE, announced or not", this::capsBodies),
                check("the cap counts unpacked bytes", this::capsUnpackedBytes),
                check("a body of exactly the cap is fine", this::takesTheCap),
                check("a body shorter than announced: CUT", this::seesCuts),
                check("a chunked body without its end: CUT", this::seesMissingChunks),
                check("nobody listens: UNREACHABLE", this::seesRefusals),
                check("after a failure the body has ended", this::endsAfterFailures));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Upstream", name, proof);
    }

    private Response get(String path, Limits limits) {
        return upstream.send(Request.get(origin + path, Headers.of()), limits);
    }

    private byte[] read(String path, Limits limits) {
        return get(path, limits).body().bytes(64 * Sample.MIB);
    }

    private static Limits capped(long maxBytes) {
        return new Limits(LONG, LONG, LONG, maxBytes);
    }

    private void expectTimeout(String what, Check.Proof proof) {
        long before = clock.millis();
        Expect.transferFails(what, Reason.TIMEOUT, proof);
        long passed = clock.millis() - before;
        Expect.atLeast(what + ": milliseconds passed", SHORT - 50, passed);
        Expect.atMost(what + ": milliseconds passed", LONG / 2, passed);
    }

    private void boundsHeaders() {
        expectTimeout("headers", () -> get("/silent", new Limits(SHORT, LONG, LONG, CAP)));
        expectTimeout("headers within the total", () -> get("/silent", new Limits(LONG, LONG, SHORT, CAP)));
    }

    private void boundsStalls() {
        Body body = get("/stall", new Limits(LONG, SHORT, LONG, CAP)).body();
        Expect.bytes("what came", Sample.pattern(10), Sample.bytesOf("what came", body.next(10)));
        expectTimeout("the rest", () -> body.next(10));
    }

    private void boundsTheTotal() {
        expectTimeout("drip", () -> read("/drip", new Limits(LONG, LONG, SHORT, CAP)));
    }

    private void letsThrough() {
        Body body = get("/bytes/5000", new Limits(SHORT, SHORT, LONG, CAP)).body();
        Expect.notNull("first piece", body.next(1000));
        clock.pause(SHORT + 100); // Our own idling is no stall of theirs.
        Expect.bytes("rest", Sample.pattern(4000, 1000), body.bytes(5000));
    }

    private void capsBodies() {
        Expect.transferFails("announced", Reason.TOO_LARGE, () -> read("/bytes/5000", capped(4999)));
        Expect.transferFails("not announced", Reason.TOO_LARGE, () -> read("/chunked/5000", capped(4999)));
        Expect.transferFails("in pieces", Reason.TOO_LARGE, () -> {
            Body body = get("/chunked/3000000", capped(CAP)).body();
            Sample.pieceLengths(body, 100_000);
        });
    }

    private void capsUnpackedBytes() {
        Expect.transferFails("4 MiB of zeros", Reason.TOO_LARGE, () -> read("/gzip-bomb", capped(CAP)));
        Expect.number("bytes with room", 4L << 20, read("/gzip-bomb", capped(4L << 20)).length);
    }

    private void takesTheCap() {
        Expect.number("announced", 5000, read("/bytes/5000", capped(5000)).length);
        Expect.number("not announced", 5000, read("/chunked/5000", capped(5000)).length);
    }

    private void seesCuts() {
        Expect.transferFails("cut", Reason.CUT, () -> read("/cut", capped(CAP)));
    }

    private void seesMissingChunks() {
        Expect.transferFails("cut in chunks", Reason.CUT, () -> read("/cut-chunked", capped(CAP)));
    }

    private void seesRefusals() {
        String closed = Sample.read(get("/closed-origin", capped(CAP)).body());
        Request request = Request.get(closed + "/", Headers.of());
        Expect.transferFails("refused", Reason.UNREACHABLE, () -> upstream.send(request, capped(CAP)));
    }

    private void endsAfterFailures() {
        Body body = get("/stall", new Limits(LONG, SHORT, LONG, CAP)).body();
        Expect.transferFails("stall", Reason.TIMEOUT, () -> body.bytes(1000));
        body.cancel();
        Expect.isNull("piece after the failure", body.next(10));
        Expect.number("the next request", 5, read("/bytes/5", capped(CAP)).length);
    }
}
