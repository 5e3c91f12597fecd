package packagebroker.core.git;

import packagebroker.core.port.Ports;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;

/**
 * The room, wired.
 *
 * @param endpoints what is shown of it
 * @param sync its background work
 */
public record Git(GitEndpoints endpoints, Chore sync) {
    /** Wires it. */
    public static Git of(Ports ports, UpstreamStore upstreams, GitHosts hosts) {
        RepositoryStore repositories = new RepositoryStore(ports.database());
        return new Git(
                new GitEndpoints(upstreams, repositories),
                new Sync(
                        upstreams,
                        hosts,
                        new GitStore(ports.database()),
                        new Repositories(repositories, ports.random(), ports.log())));
    }
}
