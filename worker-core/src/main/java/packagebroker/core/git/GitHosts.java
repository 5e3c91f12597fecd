package packagebroker.core.git;

import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Headers;
import packagebroker.core.upstream.GitKind;
import packagebroker.core.upstream.Selection;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.SourceCheck;
import packagebroker.core.upstream.UpstreamClient;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;
import packagebroker.core.upstream.UpstreamStore;

/** The git hosts that we can read. */
public final class GitHosts implements SourceCheck {
    private static final int CHECK_REQUESTS = 1;

    private final UpstreamClient client;
    private final UpstreamStore upstreams;

    /** Creates them. */
    public GitHosts(UpstreamClient client, UpstreamStore upstreams) {
        this.client = client;
        this.upstreams = upstreams;
    }

    /** Returns a host for one step, which may make so many requests. */
    GitHost open(Source source, long now, int requests) {
        boolean github = source.kind().equals("github");
        Headers fields = github ? Headers.of("x-github-api-version", "2022-11-28") : Headers.of();
        Calls calls = new Calls(client, source, fields, now, requests);
        return github ? new GitHub(calls) : source.kind().equals("gitlab") ? new GitLab(calls) : new Gitea(calls);
    }

    /** Asks for the first repository or organisation that is selected. */
    @Override
    public void check(Source source) {
        if (GitKind.find(source.kind()) == null) {
            return;
        }
        GitHost host = open(source, 0, CHECK_REQUESTS);
        Object found = first(host, upstreams.selection(source.id()));
        UpstreamException failure = host.calls().failure();
        if (failure != null) {
            throw failure;
        }
        if (found == null) {
            throw new UpstreamException(
                    Kind.GONE, "upstream " + source.name() + " does not have what is selected, or does not show it");
        }
    }

    private static @Nullable Object first(GitHost host, Selection selection) {
        return selection.repositories().isEmpty()
                ? host.repositories(selection.organisations().get(0).name(), "")
                : host.repository(selection.repositories().get(0), "");
    }
}
