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

    /** A host, and the requests that may be made to it in one step. */
    record Connection(GitHost host, Calls calls) {}

    /** Returns a host for one step. */
    Connection open(Source source, long now, int requests) {
        Calls calls = new Calls(client, source, headers(source.kind()), now, requests);
        return new Connection(host(source.kind(), calls), calls);
    }

    private static Headers headers(String kind) {
        return kind.equals("github") ? Headers.of("x-github-api-version", "2022-11-28") : Headers.of();
    }

    private static GitHost host(String kind, Calls calls) {
        return switch (kind) {
            case "github" -> new GitHub(calls);
            default -> throw new UpstreamException(Kind.UNTRUSTED, "nobody here speaks with a host of kind " + kind);
        };
    }

    /** Asks for the first repository or organisation that is selected. */
    @Override
    public void check(Source source) {
        if (GitKind.find(source.kind()) == null) {
            return;
        }
        Connection to = open(source, 0, CHECK_REQUESTS);
        Object found = first(to.host(), upstreams.selection(source.id()));
        UpstreamException failure = to.calls().failure();
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
                : host.repository(path(selection.repositories().get(0)), "");
    }

    /** Returns the path of a repository that is selected, without a directory. */
    static String path(String selected) {
        int colon = selected.indexOf(':');
        return colon < 0 ? selected : selected.substring(0, colon);
    }
}
