package packagebroker.core.git;

import java.util.List;
import packagebroker.core.port.Ports;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;

/**
 * The room, wired.
 *
 * @param endpoints what is shown of it
 * @param chores its background work
 */
public record Git(GitEndpoints endpoints, List<Chore> chores) {
    /** Wires it. */
    public static Git of(Ports ports, UpstreamStore upstreams, GitHosts hosts) {
        RepositoryStore repositories = new RepositoryStore(ports.database());
        return new Git(
                new GitEndpoints(upstreams, repositories),
                List.of(
                        new Repositories(upstreams, hosts, repositories, ports.random(), ports.log()),
                        new Refs(upstreams, hosts, new GitStore(ports.database()))));
    }
}
