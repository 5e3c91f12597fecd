package packagebroker.core.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.PackageName;
import packagebroker.core.composer.Version;
import packagebroker.core.json.JsonException;
import packagebroker.core.port.Statement;
import packagebroker.core.release.Release;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;

/** Reads tags and branches, each with the {@code composer.json} of its own commit, and lists them as releases. */
final class Reading {
    private static final int MAX_REFS = 20;
    private static final int MAX_CHARACTERS = 400_000;

    private final GitStore store;

    Reading(GitStore store) {
        this.store = store;
    }

    /** A step: where is read, and what was. */
    private static final class Step {
        private final Source source;
        private final GitHosts.Connection to;
        private final Map<String, RepositoryRow> repositories = new HashMap<>();
        private final List<GitStore.ReadRef> read = new ArrayList<>();
        private int characters;

        Step(Source source, GitHosts.Connection to) {
            this.source = source;
            this.to = to;
        }

        boolean affords(GitStore.Pending ref) {
            return characters < MAX_CHARACTERS && to.calls().affords(ref.time().isEmpty() ? 2 : 1);
        }
    }

    /**
     * Reads refs of repositories, as many as there may be requests.
     *
     * @param sources all upstreams by priority
     */
    void read(List<Source> sources, Source source, GitHosts.Connection to, List<RepositoryRow> repositories, long now) {
        Step step = new Step(source, to);
        for (RepositoryRow repository : repositories) {
            step.repositories.put(repository.id(), repository);
        }
        List<String> ids = List.copyOf(step.repositories.keySet());
        UpstreamException failure = readAll(step, store.pending(source.id(), ids, MAX_REFS), now);
        List<Statement> batch = new ArrayList<>();
        if (!step.read.isEmpty()) {
            batch.addAll(GitStore.read(source.id(), step.read, claimed(sources, step), now));
        }
        batch.add(GitStore.done(source.id(), ids, now));
        store.commit(batch);
        if (failure != null) {
            throw failure; // What was read before stays read.
        }
    }

    private @Nullable UpstreamException readAll(Step step, List<GitStore.Pending> refs, long now) {
        for (GitStore.Pending ref : refs) {
            RepositoryRow repository = step.repositories.get(ref.repository());
            if (repository == null || !step.affords(ref)) {
                continue;
            }
            try {
                GitStore.ReadRef read = read(step, repository, ref);
                step.read.add(read);
                step.characters +=
                        read.release() == null ? 0 : read.release().manifest().length();
            } catch (UpstreamException e) {
                if (GitStore.isOfHost(e)) {
                    return e;
                }
                store.putOff(step.source.id(), repository.id(), now, e);
                step.repositories.remove(repository.id()); // What is left of it is for another time.
            }
        }
        return null;
    }

    private static GitStore.ReadRef read(Step step, RepositoryRow repository, GitStore.Pending ref) {
        GitHost host = step.to.host();
        try {
            byte[] json = host.file(repository.repository(), ref.commit(), repository.manifestPath());
            String time = ref.time().isEmpty() && json != null
                    ? host.time(repository.repository(), ref.commit())
                    : ref.time();
            if (json == null) {
                return new GitStore.ReadRef(ref, null, "there is no " + repository.manifestPath());
            }
            Release release = release(step, repository, ref, Manifest.read(json), time == null ? "" : time);
            return new GitStore.ReadRef(ref, release, "");
        } catch (JsonException e) {
            return new GitStore.ReadRef(
                    ref, null, repository.manifestPath() + " is not what it should be: " + e.text());
        } catch (UpstreamException e) {
            if (e.kind() != Kind.OVER_LIMIT) {
                throw e;
            }
            return new GitStore.ReadRef(ref, null, repository.manifestPath() + " is too long");
        }
    }

    private static Release release(
            Step step, RepositoryRow repository, GitStore.Pending ref, Manifest manifest, String time) {
        Version version = RefVersion.find(ref.name());
        if (version == null) {
            throw JsonException.unexpected("expected a version");
        }
        PackageName name = PackageName.parse(repository.packageName());
        String listed = manifest.listed(new Manifest.Facts(
                name,
                version,
                ref.name().equals(RefVersion.BRANCHES + repository.defaultBranch()),
                ref.commit(),
                time,
                step.to.host().archive(repository.repository(), ref.commit(), repository.directory()),
                repository.url()));
        return new Release(step.source.id(), name, version.normalized(), listed, ref.name());
    }

    /** Returns the names that become the upstream's if they are nobody's: those that no other is asked for before it. */
    private static Set<String> claimed(List<Source> sources, Step step) {
        Set<String> claimed = new LinkedHashSet<>();
        for (GitStore.ReadRef read : step.read) {
            Release release = read.release();
            if (release != null && isFirst(sources, step.source, release.name())) {
                claimed.add(release.name().toString());
            }
        }
        return claimed;
    }

    private static boolean isFirst(List<Source> byPriority, Source mine, PackageName name) {
        Source first = null;
        for (Source source : byPriority) {
            if (source.serves(name) && (first == null || (source.exclusive() && !first.exclusive()))) {
                first = source;
            }
        }
        return first != null && first.id().equals(mine.id());
    }
}
