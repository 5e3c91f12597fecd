package packagebroker.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Urls;
import packagebroker.core.text.Utf8;

/**
 * The URL standard (https://url.spec.whatwg.org) as far as the contract and the product go; what it is not sure about
 * it refuses. Its steps have the names of the standard's states.
 */
public final class WhatwgUrls implements Urls {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final Map<String, String> SPECIAL =
            Map.of("http", "80", "https", "443", "ws", "80", "wss", "443", "ftp", "21", "file", "");

    @Override
    public @Nullable Url parse(String text, @Nullable String base) {
        try {
            Parts parsed = base == null ? null : parts(base, null);
            return parts(text, parsed).url();
        } catch (NotAUrl e) {
            return null;
        }
    }

    private static Parts parts(String text, @Nullable Parts base) {
        String input = clean(Utf8.decode(Utf8.encode(text)));
        Parts url = new Parts();
        int hash = input.indexOf('#');
        if (hash >= 0) {
            url.fragment = UrlEncoding.encode(input.substring(hash + 1), UrlEncoding.FRAGMENT);
            input = input.substring(0, hash);
        }
        int colon = schemeEnd(input);
        if (colon >= 0) {
            url.scheme = input.substring(0, colon).toLowerCase(Locale.ROOT);
            afterScheme(url, query(url, input.substring(colon + 1)), base);
        } else if (base == null) {
            throw new NotAUrl();
        } else {
            noScheme(url, query(url, input), base, hash >= 0);
        }
        return url;
    }

    private static String clean(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) <= ' ') {
            end--;
        }
        return text.substring(start, end).replace("\t", "").replace("\n", "").replace("\r", "");
    }

    private static int schemeEnd(String input) {
        for (int i = 0; i < input.length(); i++) {
            char c = input.charAt(i);
            if (c == ':' && i > 0) {
                return i;
            }
            if (LETTERS.indexOf(c) < 0 && (i == 0 || "0123456789+-.".indexOf(c) < 0)) {
                return -1;
            }
        }
        return -1;
    }

    /** Cuts off the query and returns what is before it. */
    private static String query(Parts url, String rest) {
        int mark = rest.indexOf('?');
        if (mark < 0) {
            return rest;
        }
        boolean special = SPECIAL.containsKey(url.scheme);
        url.rawQuery = rest.substring(mark + 1);
        url.query = UrlEncoding.encode(url.rawQuery, special ? UrlEncoding.SPECIAL_QUERY : UrlEncoding.QUERY);
        return rest.substring(0, mark);
    }

    private static void afterScheme(Parts url, String rest, @Nullable Parts base) {
        boolean sameScheme = base != null && base.scheme.equals(url.scheme);
        if (url.scheme.equals("file")) {
            file(url, rest, sameScheme ? base : null);
        } else if (url.isSpecial()) {
            if (sameScheme && !rest.startsWith("//")) {
                relative(url, rest, base);
            } else {
                authority(url, withoutSlashes(rest));
            }
        } else if (rest.startsWith("//")) {
            authority(url, rest.substring(2));
        } else if (rest.startsWith("/")) {
            path(url, rest);
        } else {
            boolean inside = url.query != null || url.fragment != null;
            String path = inside && rest.endsWith(" ") ? rest.substring(0, rest.length() - 1) + "%20" : rest;
            url.opaque = UrlEncoding.encode(path, UrlEncoding.CONTROL);
        }
    }

    private static void noScheme(Parts url, String rest, Parts base, boolean hasFragment) {
        url.scheme = base.scheme;
        if (base.opaque != null) {
            if (!rest.isEmpty() || url.query != null || !hasFragment) {
                throw new NotAUrl();
            }
            url.opaque = base.opaque;
            url.query = base.query;
            return;
        }
        if (url.rawQuery != null) {
            query(url, "?" + url.rawQuery); // Again: only now is it known whether the scheme is special.
        }
        if (url.scheme.equals("file")) {
            file(url, rest, base);
        } else {
            relative(url, rest, base);
        }
    }

    private static void relative(Parts url, String rest, Parts base) {
        boolean slash = !rest.isEmpty() && url.isSlash(rest.charAt(0));
        if (slash && rest.length() > 1 && url.isSlash(rest.charAt(1))) {
            authority(url, url.isSpecial() ? withoutSlashes(rest) : rest.substring(2));
            return;
        }
        url.copyAuthority(base);
        if (!slash) {
            url.segments.addAll(base.segments);
            if (rest.isEmpty()) {
                url.query = url.query == null ? base.query : url.query;
                return;
            }
            url.shorten();
        }
        path(url, rest);
    }

    private static String withoutSlashes(String rest) {
        int at = 0;
        while (at < rest.length() && (rest.charAt(at) == '/' || rest.charAt(at) == '\\')) {
            at++;
        }
        return rest.substring(at);
    }

    private static void authority(Parts url, String rest) {
        int end = 0;
        while (end < rest.length() && !url.isSlash(rest.charAt(end))) {
            end++;
        }
        String authority = rest.substring(0, end);
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String user = authority.substring(0, at);
            int colon = user.indexOf(':');
            url.user = UrlEncoding.encode(colon < 0 ? user : user.substring(0, colon), UrlEncoding.USER);
            url.password = colon < 0 ? "" : UrlEncoding.encode(user.substring(colon + 1), UrlEncoding.USER);
        }
        String hostAndPort = authority.substring(at + 1);
        if (hostAndPort.isEmpty() && (url.isSpecial() || at >= 0)) {
            throw new NotAUrl();
        }
        host(url, hostAndPort);
        path(url, rest.substring(end));
    }

    private static void host(Parts url, String hostAndPort) {
        int colon = hostAndPort.indexOf(':', Math.max(0, hostAndPort.indexOf(']')));
        if (hostAndPort.startsWith("[") && !hostAndPort.contains("]")) {
            throw new NotAUrl();
        }
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        if (colon >= 0 && host.isEmpty()) {
            throw new NotAUrl();
        }
        url.host = UrlHost.parse(host, url.isSpecial());
        url.port = colon < 0 ? "" : port(hostAndPort.substring(colon + 1), SPECIAL.getOrDefault(url.scheme, ""));
    }

    private static String port(String text, String own) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            port = port * 10 + (c - '0');
            if (c < '0' || c > '9' || port > 65_535) {
                throw new NotAUrl();
            }
        }
        String serialised = String.valueOf(port);
        return text.isEmpty() || serialised.equals(own) ? "" : serialised;
    }

    private static void file(Parts url, String rest, @Nullable Parts base) {
        url.host = "";
        if (!rest.isEmpty() && url.isSlash(rest.charAt(0))) {
            if (rest.length() > 1 && url.isSlash(rest.charAt(1))) {
                fileHost(url, rest.substring(2));
                return;
            }
            url.host = base == null ? "" : base.host;
        } else if (base != null) {
            url.host = base.host;
            url.segments.addAll(base.segments);
            if (rest.isEmpty()) {
                url.query = url.query == null ? base.query : url.query;
                return;
            }
            url.shorten();
        }
        path(url, rest);
    }

    private static void fileHost(Parts url, String rest) {
        int end = 0;
        while (end < rest.length() && !url.isSlash(rest.charAt(end))) {
            end++;
        }
        String host = end == 0 ? "" : UrlHost.parse(rest.substring(0, end), true);
        url.host = host.equals("localhost") ? "" : host;
        path(url, rest.substring(end));
    }

    /** Adds the segments of a path, which goes on from those that are there unless it starts with a slash. */
    private static void path(Parts url, String path) {
        if (path.isEmpty() && !url.isSpecial()) {
            return;
        }
        int at = !path.isEmpty() && url.isSlash(path.charAt(0)) ? 1 : 0;
        while (at <= path.length()) {
            int end = at;
            while (end < path.length() && !url.isSlash(path.charAt(end))) {
                end++;
            }
            url.add(path.substring(at, end), end == path.length());
            at = end + 1;
        }
    }

    /** The text is no URL. */
    static final class NotAUrl extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A URL on its way. */
    private static final class Parts {
        private String scheme = "";
        private String user = "";
        private String password = "";
        private @Nullable String host;
        private String port = "";
        private final List<String> segments = new ArrayList<>();
        private @Nullable String opaque;
        private @Nullable String rawQuery;
        private @Nullable String query;
        private @Nullable String fragment;

        boolean isSpecial() {
            return SPECIAL.containsKey(scheme);
        }

        boolean isSlash(char c) {
            return c == '/' || (c == '\\' && isSpecial());
        }

        void copyAuthority(Parts base) {
            user = base.user;
            password = base.password;
            host = base.host;
            port = base.port;
        }

        void shorten() {
            if (!segments.isEmpty()) {
                segments.remove(segments.size() - 1);
            }
        }

        void add(String segment, boolean last) {
            boolean letter = segment.length() == 2 && ":|".indexOf(segment.charAt(1)) >= 0;
            if (letter && scheme.equals("file")) {
                throw new NotAUrl(); // Drive letters have rules of their own.
            }
            String dots = segment.replace("%2e", ".").replace("%2E", ".");
            if (dots.equals("..")) {
                shorten();
            }
            if (!dots.equals(".") && !dots.equals("..")) {
                segments.add(UrlEncoding.encode(segment, UrlEncoding.PATH));
            } else if (last) {
                segments.add("");
            }
        }

        Url url() {
            StringBuilder path = new StringBuilder();
            if (opaque != null) {
                path.append(opaque);
            }
            segments.forEach(segment -> path.append('/').append(segment));
            boolean ambiguous = host == null && path.indexOf("//") == 0;
            String whole = scheme + ":" + authority() + (ambiguous ? "/." : "") + path + mark("?", query)
                    + mark("#", fragment);
            return new Url(
                    whole,
                    scheme,
                    (user + password).isEmpty() ? "" : user + ":" + password,
                    host == null ? "" : host,
                    port,
                    path.toString(),
                    "".equals(query) ? "" : mark("?", query),
                    "".equals(fragment) ? "" : mark("#", fragment));
        }

        private String authority() {
            String credentials = user + (password.isEmpty() ? "" : ":" + password);
            return host == null
                    ? ""
                    : "//" + credentials + (credentials.isEmpty() ? "" : "@") + host
                            + (port.isEmpty() ? "" : ":" + port);
        }

        private static String mark(String mark, @Nullable String text) {
            return text == null ? "" : mark + text;
        }
    }
}
