package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Urls;
import packagebroker.entry.js.URL;

/** The parser that {@code fetch} itself uses. */
public final class RuntimeUrls implements Urls {
    /** Creates one. */
    public RuntimeUrls() {}

    @Override
    public @Nullable Url parse(String text, @Nullable String base) {
        URL url = base == null ? URL.parse(text) : URL.parse(text, base);
        if (url == null) {
            return null;
        }
        String scheme = url.getProtocol();
        return new Url(
                url.getHref(),
                scheme.substring(0, scheme.length() - 1),
                user(url.getUsername(), url.getPassword()),
                url.getHostname(),
                url.getPort(),
                url.getPathname(),
                url.getSearch(),
                url.getHash());
    }

    private static String user(String name, String password) {
        return name.isEmpty() && password.isEmpty() ? "" : name + ":" + password;
    }
}
