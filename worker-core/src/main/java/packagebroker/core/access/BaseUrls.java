package packagebroker.core.access;

import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;
import packagebroker.core.port.Urls;

/** The URL an instance is reached by, as an API body states it. */
public final class BaseUrls {
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
        String href = url.origin() + url.path();
        return href.endsWith("/") ? href.substring(0, href.length() - 1) : href;
    }
}
