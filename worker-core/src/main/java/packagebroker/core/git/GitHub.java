package packagebroker.core.git;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Percent;

/**
 * GitHub, and GitHub Enterprise Server.
 *
 * @see <a href="https://docs.github.com/en/rest">REST API</a>
 */
record GitHub(Calls calls) implements GitHost {
    private static final String JSON = "application/vnd.github+json";
    private static final String RAW = "application/vnd.github.raw+json";

    /** @see <a href="https://docs.github.com/en/rest/repos/repos#list-organization-repositories">List organization repositories</a> */
    @Override
    public @Nullable Page<Repository> repositories(String organisation, String next) {
        // Each is described in 6 KB: a hundred would be more than a step can read.
        String first = "/orgs/" + Percent.encodePath(organisation) + "/repos?sort=full_name&per_page=30";
        return calls.page(next.isEmpty() ? first : next, JSON, "", fields -> repository(fields, ""));
    }

    /** @see <a href="https://docs.github.com/en/rest/repos/repos#get-a-repository">Get a repository</a> */
    @Override
    public @Nullable Repository repository(String path, String etag) {
        Calls.Fields fields = calls.object(repo(path), JSON, etag);
        return fields == null ? null : repository(fields, calls.header("etag"));
    }

    private static Repository repository(Calls.Fields fields, String etag) {
        return new Repository(
                fields.number("id"),
                fields.text("full_name"),
                fields.text("clone_url"),
                fields.text("default_branch"),
                fields.flag("archived"),
                fields.text("pushed_at"),
                etag);
    }

    /**
     * @see <a href="https://docs.github.com/en/rest/repos/repos#list-repository-tags">List repository tags</a>
     * @see <a href="https://docs.github.com/en/rest/branches/branches#list-branches">List branches</a>
     */
    @Override
    public @Nullable Page<Ref> refs(Repository repository, boolean tags, String next) {
        String first = repo(repository.path()) + (tags ? "/tags" : "/branches") + "?per_page=100";
        return calls.page(
                next.isEmpty() ? first : next,
                JSON,
                "commit",
                fields -> new Ref(fields.text("name"), fields.object("commit").text("sha"), ""));
    }

    /** @see <a href="https://docs.github.com/en/rest/repos/contents#get-repository-content">Get repository content</a> */
    @Override
    public byte @Nullable [] file(Repository repository, String commit, String path) {
        String url = repo(repository.path()) + "/contents/" + Percent.encodePath(path) + "?ref=" + Calls.query(commit);
        return calls.file(url, RAW);
    }

    /** @see <a href="https://docs.github.com/en/rest/git/commits#get-a-commit-object">Get a commit object</a> */
    @Override
    public @Nullable String time(Repository repository, String commit) {
        Calls.Fields fields = calls.object(repo(repository.path()) + "/git/commits/" + commit, JSON, "");
        return fields == null ? null : fields.object("committer").text("date");
    }

    /** @see <a href="https://docs.github.com/en/rest/repos/contents#download-a-repository-archive-zip">Download an archive</a> */
    @Override
    public String archive(Repository repository, String commit) {
        return calls.base() + repo(repository.path()) + "/zipball/" + commit;
    }

    private static String repo(String path) {
        return "/repos/" + Percent.encodePath(path);
    }
}
