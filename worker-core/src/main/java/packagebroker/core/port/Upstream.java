package packagebroker.core.port;

import packagebroker.core.http.Request;
import packagebroker.core.http.Response;

/**
 * The way out to other servers; a fake one in a test is a router.
 *
 * <p>Redirects are returned, never followed. Request headers are sent exactly as given, and no others but a User-Agent of
 * ours where none is given (some forges refuse a request without). A gzip body arrives decoded, so its Content-Length is not
 * trusted.
 */
public interface Upstream {
    /**
     * Sends a request and returns the answer once its headers are there; reading the body is subject to the same limits.
     *
     * @throws packagebroker.core.http.TransferException if no answer comes
     */
    Response send(Request request, Limits limits);

    /**
     * Bounds of one exchange.
     *
     * @param headersMillis until the headers are there
     * @param stallMillis between two reads of the body
     * @param totalMillis from the start to the last byte
     * @param maxBytes of the body, decoded
     */
    record Limits(int headersMillis, int stallMillis, int totalMillis, long maxBytes) {}
}
