package packagebroker.core.upstream;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonText;
import packagebroker.core.port.Clock;
import packagebroker.core.port.Upstream;
import packagebroker.core.port.Upstream.Limits;
import packagebroker.core.port.Urls.Url;
import packagebroker.core.upstream.UpstreamException.Kind;

/**
 * Calls upstreams: every hop is checked, redirects are followed by hand, and the credential goes to its own origin only. An
 * upstream that keeps failing is left alone for a while.
 */
public final class UpstreamClient {
    private static final int MAX_REDIRECTS = 3;
    private static final int FAILURES_TO_OPEN = 5;
    private static final long OPEN_MILLIS = 10_000;
    private static final int MAX_ANSWER = 4_000_000;

    /** The bounds of a list of changes: 2 MB are some 20,000 of them. */
    private static final Limits CHANGES = new Limits(10_000, 5_000, 25_000, 2_000_000);

    private final Limits metadata;
    private final Limits answer;
    private final Limits archive;
    private final Upstream upstream;
    private final UrlGuard guard;
    private final Credentials credentials;
    private final Clock clock;
    private final Map<String, Circuit> circuits = new HashMap<>();

    /** How an upstream has been doing lately. */
    private record Circuit(int failures, long openUntil) {}

    /**
     * How much is taken in, in bytes: more than an instance can work through is refused, rather than cut off by the platform.
     */
    public record Sizes(int document, int archive) {}

    /** Creates the client. */
    public UpstreamClient(Upstream upstream, UrlGuard guard, Credentials credentials, Clock clock, Sizes sizes) {
        this.upstream = upstream;
        this.metadata = new Limits(10_000, 5_000, 25_000, sizes.document());
        this.answer = new Limits(5_000, 3_000, 6_000, Math.min(MAX_ANSWER, sizes.document()));
        this.archive = new Limits(10_000, 5_000, 280_000, sizes.archive());
        this.guard = guard;
        this.credentials = credentials;
        this.clock = clock;
    }

    /** Returns the bounds of a metadata request: 25 s in all. */
    public Limits metadata() {
        return metadata;
    }

    /** Returns the bounds of a list of changes: 2 MB, 25 s in all. */
    Limits changes() {
        return CHANGES;
    }

    /** Returns the bounds of an answer that a client waits for with a deadline of its own, 10 s: what is left of it, 6 s at most. */
    public Limits answer(int leftMillis) {
        int total = Math.min(leftMillis, answer.totalMillis());
        return new Limits(answer.headersMillis(), answer.stallMillis(), total, answer.maxBytes());
    }

    /** Returns the bounds of an archive: 10 s to its headers, 5 s of silence, 280 s in all. */
    public Limits archive() {
        return archive;
    }

    /** Returns a URL of a source, resolved against the source's own, or null if it may not be called. */
    @Nullable
    String findUrl(Source source, String url) {
        Url found = guard.find(url, source.url() + "/");
        return found == null ? null : found.href();
    }

    /**
     * Gets a URL of a source, resolved against the source's own.
     *
     * @return an answer with status 200, 304, 404 or 410; its body is still to be read or cancelled
     * @throws UpstreamException for everything else
     */
    public Response get(Source source, String url, Headers headers, Limits limits) {
        return send(source, url, new Sent("GET", headers, new byte[0]), limits);
    }

    /**
     * Posts a question to a URL of a source and returns the answer's JSON, safe to be cut into slices.
     *
     * @throws UpstreamException for any other status than 200, and if the answer does not arrive or is no text
     */
    public byte[] post(Source source, String url, String contentType, byte[] question, Limits limits) {
        Headers headers =
                Headers.of("accept", "application/json", "accept-encoding", "gzip", "content-type", contentType);
        Response response = send(source, url, new Sent("POST", headers, question), limits);
        if (response.status() != 200) {
            response.body().cancel();
            throw new UpstreamException(
                    Kind.UNTRUSTED, "upstream " + source.name() + " does not answer where it said that it would");
        }
        try {
            return JsonText.clean(response.body().bytes((int) limits.maxBytes()));
        } catch (TransferException e) {
            throw failure(source, e);
        } catch (JsonException e) {
            throw new UpstreamException(Kind.UNTRUSTED, "upstream " + source.name() + " sent something else than JSON");
        }
    }

    /** What is sent at each hop. */
    private record Sent(String method, Headers headers, byte[] body) {
        Request to(Url url, Headers all) {
            return new Request(method, url.href(), all, Body.of(body));
        }
    }

    /** Returns what is to be said in place of an upstream's answer while the instance is frozen. */
    public static UpstreamException frozen() {
        return new UpstreamException(
                Kind.FROZEN, "this instance is frozen because of an incident: it serves what it has and asks nobody");
    }

    private Response send(Source source, String url, Sent sent, Limits limits) {
        if (source.frozen()) {
            throw frozen();
        }
        Circuit circuit = circuits.get(source.id());
        if (circuit != null && circuit.openUntil() > clock.millis()) {
            throw new UpstreamException(Kind.FAILING, "upstream " + source.name() + " has just failed several times");
        }
        try {
            Response response = follow(source, url, sent, limits);
            circuits.remove(source.id());
            return response;
        } catch (UpstreamException e) {
            noteFailure(source, e.kind());
            throw e;
        }
    }

    private void noteFailure(Source source, Kind kind) {
        if (kind != Kind.UNREACHABLE && kind != Kind.TIMEOUT && kind != Kind.FAILING) {
            return;
        }
        Circuit before = circuits.get(source.id());
        int failures = before == null ? 1 : before.failures() + 1;
        long openUntil = failures >= FAILURES_TO_OPEN ? clock.millis() + OPEN_MILLIS : 0;
        // After the pause one failure opens it again.
        circuits.put(source.id(), new Circuit(openUntil > 0 ? FAILURES_TO_OPEN - 1 : failures, openUntil));
    }

    private Response follow(Source source, String first, Sent sent, Limits limits) {
        String next = first;
        String base = source.url() + "/";
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Url url = guard.find(next, base);
            if (url == null) {
                throw new UpstreamException(
                        Kind.UNTRUSTED, "upstream " + source.name() + " led to an address that may not be called");
            }
            Response response = hop(source, url, sent, limits);
            String location = response.findHeader("location");
            if (!isRedirect(response.status(), sent) || location == null) {
                return checked(source, response);
            }
            response.body().cancel();
            base = url.href();
            next = location;
        }
        throw new UpstreamException(
                Kind.UNTRUSTED, "upstream " + source.name() + " redirected more than " + MAX_REDIRECTS + " times");
    }

    /** A question is asked again only where that is what the redirect says: others would turn it into a GET. */
    private static boolean isRedirect(int status, Sent sent) {
        boolean same = status == 307 || status == 308;
        return sent.method().equals("POST") ? same : same || status == 301 || status == 302 || status == 303;
    }

    private Response hop(Source source, Url url, Sent sent, Limits limits) {
        Headers headers = sent.headers();
        Source.SealedCredential credential = source.credential();
        if (credential != null && credential.origin().equals(url.origin())) {
            Credentials.Field field = credentials.open(source.id(), credential.sealed());
            headers = headers.with(field.name(), field.value());
        }
        try {
            return upstream.send(sent.to(url, headers), limits);
        } catch (TransferException e) {
            if (e.reason() != TransferException.Reason.UNREACHABLE
                    || !sent.method().equals("GET")) {
                throw failure(source, e);
            }
        }
        // The other side may just have closed a connection that was kept open: a GET may be sent again, on a new one.
        try {
            return upstream.send(sent.to(url, headers), limits);
        } catch (TransferException e) {
            throw failure(source, e);
        }
    }

    /** Returns what a broken transfer from a source means. */
    public static UpstreamException failure(Source source, TransferException e) {
        String name = "upstream " + source.name();
        return switch (e.reason()) {
            case UNREACHABLE -> new UpstreamException(Kind.UNREACHABLE, name + " cannot be reached");
            case TIMEOUT -> new UpstreamException(Kind.TIMEOUT, name + " did not answer in time");
            case TOO_LARGE -> new UpstreamException(Kind.OVER_LIMIT, name + " sends more than this instance takes in");
            case CUT -> new UpstreamException(Kind.UNREACHABLE, name + " broke off its answer");
        };
    }

    private Response checked(Source source, Response response) {
        int status = response.status();
        if (status == 200 || status == 304 || status == 404 || status == 410) {
            return response;
        }
        response.body().cancel();
        String message = "upstream " + source.name() + " answered " + status;
        long pause = status == 429 || status == 403 ? Quota.pauseMillis(response.headers(), clock.millis()) : 0;
        if (pause > 0) {
            throw new UpstreamException(Kind.FAILING, message + ": it wants to be left alone for a while", pause);
        }
        if (status == 401 || status == 403) {
            throw new UpstreamException(Kind.DENIED, message + ": check its credential");
        }
        throw new UpstreamException(status == 429 || status >= 500 ? Kind.FAILING : Kind.UNTRUSTED, message);
    }
}
