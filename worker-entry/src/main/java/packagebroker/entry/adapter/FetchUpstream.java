package packagebroker.entry.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import packagebroker.core.http.Body;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.port.Upstream;
import packagebroker.entry.js.Fetch;
import packagebroker.entry.js.Plain;
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
        JSObject init = Fetch.init(request.method(), headers(request), findBody(request), exchange.signal());
        packagebroker.entry.js.Response answer = exchange.headers(Fetch.send(request.url(), init));
        ReadableStream stream = answer.getBody();
        RuntimeHeaders headers = new RuntimeHeaders(answer.getHeaders());
        Body body = stream == null ? Body.empty() : new StreamBody(stream, headers.length(), exchange);
        return new Response(answer.getStatus(), headers, body);
    }

    private static Plain headers(Request request) {
        Plain headers = Plain.create();
        List<String> pairs = request.headers().pairs();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            headers.set(pairs.get(i), pairs.get(i + 1));
        }
        if (!headers.has(USER_AGENT)) {
            headers.set(USER_AGENT, "PACKAGE.broker");
        }
        return headers;
    }

    private static @Nullable JSObject findBody(Request request) {
        Body body = request.body();
        if (body.length() == 0) {
            return null;
        }
        if (body instanceof StreamBody stream) {
            return stream.findUntouched();
        }
        return Pieces.view(body);
    }
}
