package packagebroker.core.git;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.JsonException;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;

/**
 * Reads what repositories call their packages: the {@code composer.json} of the default branch names all versions, as with Composer
 * itself. A name outside the upstream's patterns, or that is somebody else's, is refused: a fork must not pass for the original.
 */
final class Naming {
    private final GitStore store;

    Naming(GitStore store) {
        this.store = store;
    }

    /** Reads the names of repositories, as many as there may be requests. */
    void read(Source source, GitHosts.Connection to, List<RepositoryRow> repositories, long now) {
        List<GitStore.Named> read = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (RepositoryRow repository : repositories) {
            if (!to.calls().affords(1)) {
                break;
            }
            try {
                GitStore.Named named = name(source, to.host(), repository);
                read.add(named);
                names.add(named.name());
            } catch (UpstreamException e) {
                store.putOff(source.id(), repository.id(), now, e);
            }
        }
        if (!read.isEmpty()) {
            store.name(source.id(), owned(source, read, store.owners(source.id(), names)), now);
        }
    }

    private static GitStore.Named name(Source source, GitHost host, RepositoryRow repository) {
        if (repository.defaultBranch().isEmpty()) {
            return named(repository, "it has no branches");
        }
        byte[] json = host.file(repository.repository(), repository.defaultBranch(), repository.manifestPath());
        if (json == null) {
            return named(repository, "there is no " + repository.manifestPath() + " in its default branch");
        }
        try {
            PackageName name = Manifest.read(json).findName();
            if (name == null) {
                return named(repository, repository.manifestPath() + " gives no name that Composer would take");
            }
            return source.serves(name)
                    ? new GitStore.Named(repository, name.toString(), "")
                    : new GitStore.Named(repository, "", "its name " + name + " matches no pattern of the upstream");
        } catch (JsonException e) {
            return named(repository, repository.manifestPath() + " is not what it should be: " + e.text());
        }
    }

    /** Returns a repository that keeps the name it had, if it had one, though something is wrong with its default branch. */
    private static GitStore.Named named(RepositoryRow repository, String problem) {
        return new GitStore.Named(repository, repository.packageName(), problem);
    }

    /** Returns the same, without names that are somebody else's: another upstream's, or another repository's. */
    private static List<GitStore.Named> owned(Source source, List<GitStore.Named> read, GitStore.Owners owners) {
        List<GitStore.Named> owned = new ArrayList<>();
        for (GitStore.Named one : read) {
            String name = one.name();
            String id = one.repository().id();
            String upstream = owners.upstreams().getOrDefault(name, source.id());
            String repository = owners.repositories().getOrDefault(name, id);
            if (name.isEmpty()) {
                owned.add(one);
            } else if (!upstream.equals(source.id())) {
                owned.add(
                        new GitStore.Named(one.repository(), "", "the name " + name + " is that of another upstream"));
            } else if (!repository.equals(id)) {
                owned.add(new GitStore.Named(one.repository(), "", "another repository has the name " + name));
            } else {
                owners.repositories().put(name, id);
                owned.add(one);
            }
        }
        return owned;
    }
}
