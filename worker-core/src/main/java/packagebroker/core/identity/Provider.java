package packagebroker.core.identity;

import org.jspecify.annotations.Nullable;
import packagebroker.core.json.JsonObject;

/** A CI service that vouches for its jobs. */
enum Provider {
    /** GitHub Actions. */
    GITHUB("github", "https://token.actions.githubusercontent.com", "/.well-known/jwks"),
    /** GitLab CI, at gitlab.com or one's own. */
    GITLAB("gitlab", "https://gitlab.com", "/oauth/discovery/keys");

    private static final long LONGEST_MILLIS = 6 * 3_600_000;
    private static final int MAX_TEXT = 300;

    private final String wireName;
    private final String usualIssuer;
    private final String keysPath;

    Provider(String wireName, String usualIssuer, String keysPath) {
        this.wireName = wireName;
        this.usualIssuer = usualIssuer;
        this.keysPath = keysPath;
    }

    /** Returns the provider of a wire name, or null. */
    static @Nullable Provider find(String wireName) {
        return switch (wireName) {
            case "github" -> GITHUB;
            case "gitlab" -> GITLAB;
            default -> null;
        };
    }

    /** Returns the name in the API and in the database. */
    String wireName() {
        return wireName;
    }

    /** Returns the issuer where none is named. */
    String usualIssuer() {
        return usualIssuer;
    }

    /** Returns the issuer of a name with the place of its keys. */
    Vouching.Issuer issuer(String name) {
        return new Vouching.Issuer(name, name + keysPath, LONGEST_MILLIS);
    }

    /**
     * Returns the job that claims speak of, by the ids that are never given to anybody else; null if one is missing, or if anybody
     * may have written what the job runs, as in a request to merge.
     */
    @Nullable
    Job job(JsonObject claims) {
        boolean github = this == GITHUB;
        String trigger = text(claims, github ? "event_name" : "pipeline_source");
        String repository = text(claims, github ? "repository_id" : "project_id");
        String namespace = text(claims, github ? "repository_owner_id" : "namespace_id");
        if (repository.isEmpty()
                || namespace.isEmpty()
                || trigger.isEmpty()
                || trigger.startsWith("pull_request")
                || trigger.startsWith("merge_request")) {
            return null;
        }
        String ref = text(claims, github ? "ref" : "ref_path");
        String label = text(claims, github ? "repository" : "project_path");
        boolean guarded = github
                || text(claims, "ref_protected").equals("true")
                || text(claims, "environment_protected").equals("true");
        return new Job(repository, namespace, ref, text(claims, "environment"), label, guarded);
    }

    private static String text(JsonObject claims, String name) {
        String text = claims.findText(name, MAX_TEXT);
        return text == null ? "" : text;
    }

    /**
     * A job.
     *
     * @param label what people call its repository; decides nothing
     * @param guarded whether its environment says something: in GitLab anybody who may push a branch names any that is not protected
     */
    record Job(String repository, String namespace, String ref, String environment, String label, boolean guarded) {}
}
