package packagebroker.core.testing;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.port.Upstream;

/**
 * The other servers, in process. It keeps every request; one that nobody expected fails at once, and again in
 * {@link #assertAllExpected}. As from most servers, a body's length is unknown unless its answer has a Content-Length.
 */
public final class FakeUpstream implements Upstream {
    private static final int LARGEST = 256 << 20;

    private final Map<String, Handler> pages = new LinkedHashMap<>();
    private final Map<String, Handler> prefixes = new LinkedHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final Counts counts;

    /** Creates the empty network. */
    public FakeUpstream(Counts counts) {
        this.counts = counts;
    }

    /** What a server does with a request. */
    public interface Handler {
        /** Returns the answer, or throws a {@link TransferException}. */
        Response handle(Request request);
    }

    /** Answers requests for exactly this URL, from now on and as often as it is asked. */
    public synchronized FakeUpstream serves(String url, Handler handler) {
        pages.put(url, handler);
        return this;
    }

    /** Answers requests for exactly this URL with the same answer each time. */
    public FakeUpstream serves(String url, Response response) {
        byte[] bytes = response.body().bytes(LARGEST);
        return serves(url, request -> new Response(response.status(), response.headers(), Body.of(bytes)));
    }

    /** Answers requests for all URLs that begin like this, from now on and as often as it is asked. */
    public synchronized FakeUpstream servesUnder(String prefix, Handler handler) {
        prefixes.put(prefix, handler);
        return this;
    }

    /** Fails requests for this URL. */
    public FakeUpstream fails(String url, TransferException.Reason reason) {
        return serves(url, request -> {
            throw new TransferException(reason, "the fake upstream fails because of " + reason);
        });
    }

    /** Answers 200 with a body that breaks after {@code bytes}. */
    public FakeUpstream cuts(String url, byte[] bytes) {
        return serves(url, request -> new Response(200, Headers.of(), StreamBody.cutAfter(bytes)));
    }

    /** Expects no more requests for this URL. */
    public synchronized FakeUpstream forgets(String url) {
        pages.remove(url);
        return this;
    }

    /** Returns all requests so far; their bodies can be read. */
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Returns the requests for exactly this URL. */
    public List<Request> requestsTo(String url) {
        return requests().stream().filter(request -> request.url().equals(url)).toList();
    }

    /** Forgets the requests so far. */
    public synchronized void forgetRequests() {
        requests.clear();
    }

    /** Fails if there was a request that nobody expected. */
    public synchronized void assertAllExpected() {
        if (!unexpected.isEmpty()) {
            throw new AssertionError("expected no request to " + unexpected);
        }
    }

    @Override
    public Response send(Request request, Limits limits) {
        counts.add(Counts.FETCHES, 1);
        byte[] sent = request.body().bytes(LARGEST);
        Handler handler = record(copy(request, sent));
        Response response = handler.handle(copy(request, sent));
        return new Response(response.status(), response.headers(), limited(response, limits.maxBytes()));
    }

    private static Request copy(Request request, byte[] body) {
        return new Request(request.method(), request.url(), request.headers(), Body.of(body));
    }

    private synchronized Handler record(Request request) {
        requests.add(request);
        Handler handler = find(request.url());
        if (handler == null) {
            unexpected.add(request.method() + " " + request.url());
            throw new AssertionError("expected no request to " + request.method() + " " + request.url());
        }
        return handler;
    }

    private @Nullable Handler find(String url) {
        Handler page = pages.get(url);
        for (Map.Entry<String, Handler> prefix : prefixes.entrySet()) {
            page = page == null && url.startsWith(prefix.getKey()) ? prefix.getValue() : page;
        }
        return page;
    }

    private static Body limited(Response response, long cap) {
        if (response.body() instanceof StreamBody stream) {
            return stream;
        }
        byte[] bytes = response.body().bytes(LARGEST);
        boolean announced = response.findHeader("content-length") != null;
        return new StreamBody(new ByteArrayInputStream(bytes), announced ? bytes.length : -1, cap);
    }
}
