package packagebroker.core.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request: ours from a client, or one of ours to an upstream.
 *
 * <p>The URL is absolute and already serialised by the runtime's URL parser; {@link #path} is its raw path, still
 * percent-encoded.
 */
public final class Request {
    private final String method;
    private final String url;
    private final Headers headers;
    private final Body body;
    private final int pathStart;
    private final int pathEnd;
    private final int queryEnd;

    /** Creates a request; {@code url} is absolute, such as {@code https://host/p2/acme/tool.json}. */
    public Request(String method, String url, Headers headers, Body body) {
        this.method = method;
        this.url = url;
        this.headers = headers;
        this.body = body;
        int host = url.indexOf("://") + 3;
        int slash = url.indexOf('/', host);
        this.pathStart = slash < 0 ? url.length() : slash;
        int fragment = url.indexOf('#', pathStart);
        this.queryEnd = fragment < 0 ? url.length() : fragment;
        int query = url.indexOf('?', pathStart);
        this.pathEnd = query < 0 || query > queryEnd ? queryEnd : query;
    }

    /** Returns a GET without a body. */
    public static Request get(String url, Headers headers) {
        return new Request("GET", url, headers, Body.empty());
    }

    /** Returns the method in capitals. */
    public String method() {
        return method;
    }

    /** Returns the whole URL; it may hold a query, so it is not for logs. */
    public String url() {
        return url;
    }

    /** Returns scheme, host and port: {@code https://host:8443}. */
    public String origin() {
        return url.substring(0, pathStart);
    }

    /** Returns the raw path, which starts with a slash. */
    public String path() {
        return pathStart == url.length() ? "/" : url.substring(pathStart, pathEnd);
    }

    /** Returns the value of a query parameter as sent (still percent-encoded), or null. */
    public @Nullable String findQuery(String name) {
        int at = pathEnd + 1;
        while (at < queryEnd) {
            int next = url.indexOf('&', at);
            int end = next < 0 || next > queryEnd ? queryEnd : next;
            if (url.startsWith(name + "=", at)) {
                return url.substring(at + name.length() + 1, end);
            }
            at = end + 1;
        }
        return null;
    }

    /** Returns whether the query names a parameter, as sent, that is none of these. */
    public boolean asksMoreThan(List<String> names) {
        int at = pathEnd + 1;
        while (at < queryEnd) {
            int next = url.indexOf('&', at);
            int end = next < 0 || next > queryEnd ? queryEnd : next;
            int equals = url.indexOf('=', at);
            if (at < end && !names.contains(url.substring(at, equals < 0 || equals > end ? end : equals))) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    /**
     * Returns whether a query parameter is {@code true}; false where it is {@code false} or absent.
     *
     * @throws HttpError 400 if it is anything else
     */
    public boolean hasFlag(String name) {
        String value = findQuery(name);
        if (value == null || value.equals("false") || value.equals("true")) {
            return "true".equals(value);
        }
        throw HttpError.badRequest("expected true or false in the query's " + name);
    }

    /** Returns a header's value by its lower-case name, or null. */
    public @Nullable String findHeader(String name) {
        return headers.find(name);
    }

    /** Returns the headers. */
    public Headers headers() {
        return headers;
    }

    /** Returns the body; empty for GET. */
    public Body body() {
        return body;
    }
}
