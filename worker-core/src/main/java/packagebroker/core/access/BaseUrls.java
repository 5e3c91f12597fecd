package packagebroker.core.access;

import java.util.List;
import packagebroker.core.http.Router;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Urls;
import packagebroker.core.text.Words;

/** The URL an instance is reached by, as an API body states it. */
public final class BaseUrls {
    /** Where addresses of ours begin that have names in them: below such a path nobody could tell which part is which. */
    private static final List<String> OURS = List.of("api", "dist", "p2", "providers");

    private final Urls urls;

    /** Creates them over the runtime's parser. */
    public BaseUrls(Urls urls) {
        this.urls = urls;
    }

    /**
     * Returns the field {@code base_url}, without a slash at its end.
     *
     * @throws JsonException if it is none
     */
    public String require(JsonObject body) {
        Urls.Url url = urls.parse(body.text("base_url", 500), null);
        boolean usable = url != null
                && (url.scheme().equals("https") || url.scheme().equals("http"))
                && url.user().isEmpty()
                && url.query().isEmpty()
                && url.fragment().isEmpty();
        if (url == null || !usable) {
            throw JsonException.unexpected(
                    "expected an http or https URL without user, query and fragment at $.base_url");
        }
        String path =
                url.path().endsWith("/") ? url.path().substring(0, url.path().length() - 1) : url.path();
        List<String> segments = Words.separated(path, '/');
        boolean mixedUp = false;
        for (String ours : OURS) {
            mixedUp |= segments.contains(ours);
        }
        // What comes before the first slash is empty.
        if (mixedUp || segments.size() > Router.MAX_PREFIX + 1) {
            throw JsonException.unexpected("expected a path of at most " + Router.MAX_PREFIX
                    + " segments, none of them " + String.join(", ", OURS) + " at $.base_url");
        }
        return url.origin() + path;
    }
}
