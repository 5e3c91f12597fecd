package packagebroker.core.git;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Percent;

/**
 * Gitea and Forgejo, wherever they are.
 *
 * @see <a href="https://docs.gitea.com/api/">API</a>
 */
record Gitea(Calls calls) implements GitHost {
    private static final String JSON = "application/json";

    /** {@code orgListRepos}. */
    @Override
    public @Nullable Page<Repository> repositories(String organisation, String next) {
        String first = "/orgs/" + Percent.encodePath(organisation) + "/repos?limit=50";
        return calls.page(next.isEmpty() ? first : next, JSON, "", Gitea::repository);
    }

    /** {@code repoGet}. */
    @Override
    public @Nullable Repository repository(String path, String etag) {
        Calls.Fields fields = calls.object(repo(path), JSON, "");
        return fields == null ? null : repository(fields);
    }

    private static Repository repository(Calls.Fields fields) {
        return new Repository(
                fields.number("id"),
                fields.text("full_name"),
                fields.text("clone_url"),
                fields.text("default_branch"),
                fields.flag("archived"),
                fields.text("updated_at"),
                "");
    }

    /** {@code repoListTags} and {@code repoListBranches}. */
    @Override
    public @Nullable Page<Ref> refs(Repository repository, boolean tags, String next) {
        String first = repo(repository.path()) + (tags ? "/tags" : "/branches") + "?limit=50";
        return calls.page(next.isEmpty() ? first : next, JSON, "commit", fields -> {
            Calls.Fields commit = fields.object("commit");
            return new Ref(
                    fields.text("name"), commit.text(tags ? "sha" : "id"), commit.text(tags ? "created" : "timestamp"));
        });
    }

    /** {@code repoGetRawFile}. */
    @Override
    public byte @Nullable [] file(Repository repository, String commit, String path) {
        return calls.file(
                repo(repository.path()) + "/raw/" + Percent.encodePath(path) + "?ref=" + Calls.query(commit), "*/*");
    }

    @Override
    public String time(Repository repository, String commit) {
        return "";
    }

    /** {@code repoGetArchive}. */
    @Override
    public String archive(Repository repository, String commit) {
        return calls.base() + repo(repository.path()) + "/archive/" + commit + ".zip";
    }

    private static String repo(String path) {
        return "/repos/" + Percent.encodePath(path);
    }
}
