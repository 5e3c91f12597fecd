package packagebroker.core.upstream;

import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Urls.Url;

/**
 * A kind of git host: where its API is. People may give the address of its pages instead.
 *
 * @param word what it is called
 * @param site the host of its public instance, or empty
 * @param api where the API of that is, or empty
 * @param suffix the path of the API of any other instance
 */
public record GitKind(String word, String site, String api, String suffix) {
    /** Returns the kind of a word, or null: no git host. */
    public static @Nullable GitKind find(String word) {
        return switch (word) {
            case "github" -> new GitKind(word, "github.com", "https://api.github.com", "/api/v3");
            case "gitlab" -> new GitKind(word, "gitlab.com", "https://gitlab.com/api/v4", "/api/v4");
            case "gitea" -> new GitKind(word, "", "", "/api/v1");
            default -> null;
        };
    }

    /** Returns the API's URL for what somebody gave: that itself, or the address of the pages. */
    String apiUrl(Url given, String trimmed) {
        if (given.host().equals(site)) {
            return api;
        }
        boolean pages = given.path().equals("/") && !given.host().startsWith("api.");
        return pages ? trimmed + suffix : trimmed;
    }
}
