package packagebroker.core.git;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /** Reads refs of repositories, as many as there may be requests, and ends the looks at those of which all is read. */
    void read(Look look, List<RepositoryRow> repositories) {
        Map<String, RepositoryRow> byId = new LinkedHashMap<>();
        for (RepositoryRow repository : repositories) {
            byId.put(repository.id(), repository);
        }
        List<String> ids = List.copyOf(byId.keySet());
        List<GitStore.ReadRef> read = new ArrayList<>();
        int characters = 0;
        for (GitStore.Pending ref : store.pending(look.upstream(), ids, MAX_REFS)) {
            RepositoryRow repository = byId.get(ref.repository());
            if (repository != null
                    && characters < MAX_CHARACTERS
                    && look.calls().affords(requests(ref))) {
                GitStore.ReadRef one = read(look, repository, ref);
                characters += one == null ? 0 : one.length();
                if (one == null) {
                    byId.remove(ref.repository()); // What is left of it is for another time.
                } else {
                    read.add(one);
                }
            }
        }
        store.commit(read(look, read, ids));
    }

    private static int requests(GitStore.Pending ref) {
        return ref.time().isEmpty() ? 2 : 1;
    }

    private static GitStore.@Nullable ReadRef read(Look look, RepositoryRow repository, GitStore.Pending ref) {
        byte[] json = look.host().file(repository.repository(), ref.commit(), Manifest.FILE);
        String time = ref.time();
        if (json != null && time.isEmpty()) {
            time = look.host().time(repository.repository(), ref.commit());
        }
        UpstreamException failure = look.calls().failure();
        if (failure != null && failure.kind() == Kind.OVER_LIMIT) {
            return new GitStore.ReadRef(ref, null, "its composer.json is too long");
        }
        return look.isAnswered(repository) ? made(look, repository, ref, json, time == null ? "" : time) : null;
    }

    private static GitStore.ReadRef made(
            Look look, RepositoryRow repository, GitStore.Pending ref, byte @Nullable [] json, String time) {
        if (json == null) {
            return new GitStore.ReadRef(ref, null, "there is no composer.json");
        }
        try {
            Version version = RefVersion.find(ref.name());
            if (version == null) {
                throw JsonException.unexpected("expected a version");
            }
            PackageName name = PackageName.parse(repository.packageName());
            String listed = Manifest.read(json)
                    .listed(new Manifest.Facts(
                            name,
                            version,
                            ref.name()
                                    .equals(RefVersion.BRANCHES
                                            + repository.repository().defaultBranch()),
                            ref.commit(),
                            time,
                            look.host().archive(repository.repository(), ref.commit()),
                            repository.repository().url()));
            Release release = new Release(look.upstream(), name, version.normalized(), listed, ref.name());
            return new GitStore.ReadRef(ref, release, "");
        } catch (JsonException e) {
            return new GitStore.ReadRef(ref, null, Manifest.problem(e));
        }
    }

    private static List<Statement> read(Look look, List<GitStore.ReadRef> read, List<String> ids) {
        List<Statement> batch = new ArrayList<>();
        if (!read.isEmpty()) {
            batch.addAll(GitStore.read(look.upstream(), read, claimed(look, read), look.now()));
        }
        batch.add(GitStore.done(look.upstream(), ids, look.now()));
        return batch;
    }

    /** Returns the names that become the upstream's if they are nobody's: those that no other is asked for before it. */
    private static Set<String> claimed(Look look, List<GitStore.ReadRef> read) {
        Set<String> claimed = new LinkedHashSet<>();
        for (GitStore.ReadRef one : read) {
            Release release = one.release();
            if (release != null && isFirst(look, release.name())) {
                claimed.add(release.name().toString());
            }
        }
        return claimed;
    }

    private static boolean isFirst(Look look, PackageName name) {
        Source first = null;
        for (Source source : look.sources()) {
            if (source.serves(name) && (first == null || (source.exclusive() && !first.exclusive()))) {
                first = source;
            }
        }
        return first != null && first.id().equals(look.upstream());
    }
}
