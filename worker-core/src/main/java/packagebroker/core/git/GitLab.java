package packagebroker.core.git;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.IsoTime;
import packagebroker.core.text.Words;

/**
 * GitLab, wherever it is.
 *
 * @see <a href="https://docs.gitlab.com/api/rest/">REST API</a>
 */
record GitLab(Calls calls) implements GitHost {
    private static final String JSON = "application/json";
    private static final long RECENT_MILLIS = 4_200_000;
    private static final long LOOK_MILLIS = 600_000;

    /** @see <a href="https://docs.gitlab.com/api/groups/#list-projects">List a group's projects</a> */
    @Override
    public @Nullable Page<Repository> repositories(String organisation, String next) {
        String url = "/groups/" + segment(organisation)
                + "/projects?include_subgroups=true&simple=true&order_by=id&sort=asc&per_page=100";
        return calls.page(url + page(next), JSON, "", this::repository);
    }

    /** @see <a href="https://docs.gitlab.com/api/projects/#get-a-single-project">Get a single project</a> */
    @Override
    public @Nullable Repository repository(String path, String etag) {
        Calls.Fields fields = calls.object("/projects/" + segment(path), JSON, "");
        return fields == null ? null : repository(fields);
    }

    private Repository repository(Calls.Fields fields) {
        return new Repository(
                fields.number("id"),
                fields.text("path_with_namespace"),
                fields.text("http_url_to_repo"),
                fields.text("default_branch"),
                fields.flag("archived"),
                stamp(fields.text("last_activity_at")),
                "");
    }

    /** GitLab notes activity once an hour at most: so what was active lately is looked at every ten minutes. */
    private String stamp(String activity) {
        boolean recent = calls.now() - IsoTime.millis(activity) < RECENT_MILLIS;
        return recent ? activity + " " + calls.now() / LOOK_MILLIS : activity;
    }

    /**
     * @see <a href="https://docs.gitlab.com/api/tags/#list-project-repository-tags">List project repository tags</a>
     * @see <a href="https://docs.gitlab.com/api/branches/#list-repository-branches">List repository branches</a>
     */
    @Override
    public @Nullable Page<Ref> refs(Repository repository, boolean tags, String next) {
        String url = project(repository) + (tags ? "tags" : "branches") + "?per_page=100" + page(next);
        return calls.page(url, JSON, "commit", fields -> {
            Calls.Fields commit = fields.object("commit");
            return new Ref(fields.text("name"), commit.text("id"), commit.text("committed_date"));
        });
    }

    /** @see <a href="https://docs.gitlab.com/api/repository_files/#get-a-raw-file-from-a-repository">Get a raw file</a> */
    @Override
    public byte @Nullable [] file(Repository repository, String commit, String path) {
        return calls.file(project(repository) + "files/" + segment(path) + "/raw?ref=" + Calls.query(commit), "*/*");
    }

    @Override
    public String time(Repository repository, String commit) {
        return "";
    }

    /** @see <a href="https://docs.gitlab.com/api/repositories/#get-file-archive">Get file archive</a> */
    @Override
    public String archive(Repository repository, String commit) {
        return calls.base() + project(repository) + "archive.zip?sha=" + commit;
    }

    private static String project(Repository repository) {
        return "/projects/" + repository.id() + "/repository/";
    }

    private static String page(String next) {
        return next.isEmpty() ? "" : "&page=" + next;
    }

    /** Returns a path as one segment of a URL. */
    private static String segment(String path) {
        return String.join("%2F", Words.separated(Calls.query(path), '/'));
    }
}
