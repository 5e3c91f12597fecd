package packagebroker.core.port;

import org.jspecify.annotations.Nullable;

/**
 * The runtime's own URL parser (WHATWG). Java's disagrees with {@code fetch} about hosts, which is how address checks get
 * bypassed, so nothing else parses a URL.
 */
public interface Urls {
    /** Returns a URL resolved against a base (null for an absolute one), or null if the runtime would refuse it. */
    @Nullable
    Url parse(String text, @Nullable String base);

    /**
     * A parsed URL.
     *
     * @param href the serialised whole, which is what gets fetched
     * @param scheme without the colon
     * @param user user name and password as {@code user:password}, empty if there are none
     * @param host in ASCII (punycode), lower case, without the port
     * @param port as text, empty for the scheme's own
     * @param path raw, starts with a slash
     * @param query with its question mark, or empty
     * @param fragment with its hash sign, or empty
     */
    record Url(
            String href,
            String scheme,
            String user,
            String host,
            String port,
            String path,
            String query,
            String fragment) {
        /** Returns scheme, host and port: what a credential is bound to. */
        public String origin() {
            return scheme + "://" + host + (port.isEmpty() ? "" : ":" + port);
        }
    }
}
