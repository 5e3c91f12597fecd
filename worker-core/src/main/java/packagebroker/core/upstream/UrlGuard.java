package packagebroker.core.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Urls;
import packagebroker.core.port.Urls.Url;

/**
 * Decides which addresses may be called. It looks at what the runtime's parser made of a URL and hands out the serialised
 * result, so that no notation slips through. Names only: no IP literal, no local name, HTTPS on known ports.
 */
public final class UrlGuard {
    private static final int MAX_LENGTH = 2_048;
    private static final int MAX_LABEL = 63;

    private static final List<String> PORTS = List.of("", "443", "8443");

    private static final List<String> LOCAL_SUFFIXES = List.of(
            "localhost",
            "local",
            "internal",
            "intranet",
            "lan",
            "home",
            "corp",
            "private",
            "home.arpa",
            "arpa",
            "onion",
            "invalid",
            "test",
            "localdomain",
            "nip.io",
            "sslip.io",
            "xip.io",
            "localtest.me",
            "lvh.me",
            "vcap.me");

    private final Urls urls;
    private final List<String> allowedOrigins;

    /** Creates a guard; {@code allowedOrigins} are exempt, exactly as written: for tests and demos. */
    public UrlGuard(Urls urls, List<String> allowedOrigins) {
        this.urls = urls;
        this.allowedOrigins = allowedOrigins;
    }

    /** Returns a URL that may be configured as an upstream: an address that may be called, without query; else null. */
    public @Nullable Url findUpstream(String text) {
        Url url = find(text, null);
        return url == null || !url.query().isEmpty() ? null : url;
    }

    /** Returns a URL, resolved against a base, that may be called; else null. */
    public @Nullable Url find(String text, @Nullable String base) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !isPlain(text)) {
            return null;
        }
        Url url = urls.parse(text, base);
        if (url == null || !url.user().isEmpty() || !url.fragment().isEmpty()) {
            return null;
        }
        return allowedOrigins.contains(url.origin()) || isPublic(url) ? url : null;
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '\\' || c == 0x7F) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPublic(Url url) {
        return url.scheme().equals("https") && PORTS.contains(url.port()) && isName(url.host()) && !isLocal(url.host());
    }

    /** Two labels or more, letters, digits and hyphens, the last label no number: so no IP literal of any notation. */
    private static boolean isName(String host) {
        int dot = host.lastIndexOf('.');
        if (dot <= 0 || dot == host.length() - 1 || host.length() > 253) {
            return false;
        }
        char first = host.charAt(dot + 1);
        if (first < 'a' || first > 'z') {
            return false;
        }
        int label = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
            label = c == '.' ? 0 : label + 1;
            if (!known || label > MAX_LABEL || host.startsWith("..", i)) {
                return false;
            }
        }
        return host.charAt(0) != '.' && host.charAt(0) != '-';
    }

    private static boolean isLocal(String host) {
        for (String suffix : LOCAL_SUFFIXES) {
            if (host.equals(suffix) || host.endsWith("." + suffix)) {
                return true;
            }
        }
        return false;
    }
}
