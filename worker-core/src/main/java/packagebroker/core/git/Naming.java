package packagebroker.core.git;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.json.JsonException;

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
    void read(Look look, List<RepositoryRow> repositories) {
        List<GitStore.Named> read = new ArrayList<>();
        for (RepositoryRow repository : repositories) {
            if (look.calls().affords(1)) {
                String branch = repository.repository().defaultBranch();
                byte[] json =
                        branch.isEmpty() ? null : look.host().file(repository.repository(), branch, Manifest.FILE);
                if (look.isAnswered(repository)) {
                    read.add(named(look, repository, json));
                }
            }
        }
        if (!read.isEmpty()) {
            store.name(look, owned(look, read, store.owners(look.upstream(), names(read))));
        }
    }

    private static Set<String> names(List<GitStore.Named> read) {
        Set<String> names = new LinkedHashSet<>();
        for (GitStore.Named named : read) {
            names.add(named.name());
        }
        return names;
    }

    private static GitStore.Named named(Look look, RepositoryRow repository, byte @Nullable [] json) {
        // With something wrong it keeps the name it had, if it had one.
        if (json == null) {
            return new GitStore.Named(
                    repository, repository.packageName(), "there is no composer.json in its default branch");
        }
        try {
            PackageName name = Manifest.read(json).findName();
            if (name == null) {
                return new GitStore.Named(
                        repository,
                        repository.packageName(),
                        "its composer.json gives no name that Composer would take");
            }
            return look.source().serves(name)
                    ? new GitStore.Named(repository, name.toString(), "")
                    : new GitStore.Named(repository, "", "its name " + name + " matches no pattern of the upstream");
        } catch (JsonException e) {
            return new GitStore.Named(repository, repository.packageName(), Manifest.problem(e));
        }
    }

    /** Returns the same, without names that are somebody else's: another upstream's, or another repository's. */
    private static List<GitStore.Named> owned(Look look, List<GitStore.Named> read, GitStore.Owners owners) {
        List<GitStore.Named> owned = new ArrayList<>();
        for (GitStore.Named one : read) {
            String name = one.name();
            String id = one.repository().id();
            String upstream = owners.upstreams().getOrDefault(name, look.upstream());
            String other = owners.repositories().getOrDefault(name, id);
            if (!name.isEmpty() && (!upstream.equals(look.upstream()) || !other.equals(id))) {
                String whose = other.equals(id) ? "another upstream" : "another repository";
                owned.add(new GitStore.Named(one.repository(), "", "the name " + name + " is that of " + whose));
                continue;
            }
            owners.repositories().put(name, id);
            owned.add(one);
        }
        return owned;
    }
}
