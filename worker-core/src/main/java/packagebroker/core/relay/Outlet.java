package packagebroker.core.relay;

import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.port.Upstream;
import packagebroker.core.port.Urls.Url;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;
import packagebroker.core.upstream.UrlGuard;

/** Posts to an address of the deployment, under the rules for upstreams; a redirect is a failure. */
final class Outlet {
    private static final Upstream.Limits LIMITS = new Upstream.Limits(10_000, 5_000, 25_000, 64 << 10);

    private final Upstream upstream;
    private final UrlGuard guard;

    Outlet(Upstream upstream, UrlGuard guard) {
        this.upstream = upstream;
        this.guard = guard;
    }

    /**
     * Posts bytes.
     *
     * @throws UpstreamException unless the answer is 2xx, of kind {@code OVER_LIMIT} if they are too many
     */
    void post(String address, Headers headers, byte[] bytes) {
        Url url = guard.find(address, null);
        if (url == null) {
            throw new UpstreamException(Kind.UNTRUSTED, "the audit log may not be sent to the address that is set");
        }
        Response response = send(new Request("POST", url.href(), headers, Body.of(bytes)));
        response.body().cancel();
        if (response.status() == 413) {
            throw new UpstreamException(
                    Kind.OVER_LIMIT, "the receiver of the audit log takes less than one seal at a time");
        }
        if (response.status() < 200 || response.status() > 299) {
            throw new UpstreamException(Kind.FAILING, "the receiver of the audit log answered " + response.status());
        }
    }

    private Response send(Request request) {
        try {
            return upstream.send(request, LIMITS);
        } catch (TransferException e) {
            throw new UpstreamException(Kind.UNREACHABLE, "the receiver of the audit log does not answer");
        }
    }
}
