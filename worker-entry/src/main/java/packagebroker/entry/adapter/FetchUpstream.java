package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.port.Upstream;
import packagebroker.entry.js.Fetch;
import packagebroker.entry.js.ReadableStream;

/** The way out by {@code fetch}. */
public final class FetchUpstream implements Upstream {
    private static final String USER_AGENT = "user-agent";

    private final Counters counters;

    /** Creates one. */
    public FetchUpstream(Counters counters) {
        this.counters = counters;
    }

    @Override
    public Response send(Request request, Limits limits) {
        counters.upstreamRequest();
        Exchange exchange = new Exchange(limits);
        JSObject init =
                Fetch.init(request.method(), headers(request.headers()), findBody(request.body()), exchange.signal());
        packagebroker.entry.js.Response answer = exchange.headers(Fetch.send(request.url(), init));
        ReadableStream stream = answer.getBody();
        RuntimeHeaders headers = new RuntimeHeaders(answer);
        Body body = stream == null ? Body.empty() : new StreamBody(stream, headers.length(), exchange);
        return new Response(answer.getStatus(), headers, body);
    }

    private static JSObject headers(Headers headers) {
        boolean named = headers.find(USER_AGENT) != null;
        return Fields.of((named ? headers : headers.with(USER_AGENT, "PACKAGE.broker")).pairs());
    }

    private static @Nullable JSObject findBody(Body body) {
        return body.length() == 0 ? null : Pieces.view(body);
    }
}
