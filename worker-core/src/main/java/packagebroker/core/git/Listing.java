package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.composer.Version;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Hex;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamException.Kind;

/**
 * Lists the tags of a repository, then its branches, page by page. Only when all are listed, those go that the host has no more: a
 * list that breaks off takes nothing away.
 */
final class Listing {
    /** How many statements a step may run for it. */
    static final int QUERIES = 12;

    private static final int PAGE_QUERIES = 2;
    private static final int SWEEP_QUERIES = 8;
    private static final int MAX_GONE = 200;
    private static final int MAX_NAME = 255;
    private static final String SWEEP = "sweep";

    private final GitStore store;

    Listing(GitStore store) {
        this.store = store;
    }

    /** Lists repositories as far as the step goes, and returns those of which all is listed. */
    List<RepositoryRow> listed(Source source, GitHosts.Connection to, List<RepositoryRow> repositories, long now) {
        List<RepositoryRow> listed = new ArrayList<>();
        int left = QUERIES;
        for (RepositoryRow repository : repositories) {
            @Nullable RepositoryRow current = repository;
            while (current != null && !isListed(current)) {
                boolean sweep = current.stage().equals(RepositoryRow.REFS);
                if (left < (sweep ? SWEEP_QUERIES : PAGE_QUERIES) || !to.calls().affords(1)) {
                    return listed;
                }
                left -= sweep ? SWEEP_QUERIES : PAGE_QUERIES;
                current = sweep ? swept(source, current) : page(source, to.host(), current, now);
            }
            if (current != null) {
                listed.add(current);
            }
        }
        return listed;
    }

    private static boolean isListed(RepositoryRow repository) {
        return repository.stage().equals(RepositoryRow.REFS)
                && repository.cursor().isEmpty();
    }

    /** Lists a page and returns the repository as it is then; null if it was put off. */
    private @Nullable RepositoryRow page(Source source, GitHost host, RepositoryRow row, long now) {
        boolean tags = row.stage().equals(RepositoryRow.TAGS);
        try {
            GitHost.Page<GitHost.Ref> page =
                    tags ? host.tags(row.repository(), row.cursor()) : host.branches(row.repository(), row.cursor());
            if (page == null) {
                throw new UpstreamException(Kind.GONE, "upstream " + source.name() + " has no " + row.path());
            }
            List<GitStore.ListedRef> refs = new ArrayList<>();
            for (GitHost.Ref ref : page.items()) {
                add(refs, (tags ? RefVersion.TAGS : RefVersion.BRANCHES) + ref.name(), ref, row);
            }
            boolean last = page.next().isEmpty();
            String stage = !last ? row.stage() : tags ? RepositoryRow.BRANCHES : RepositoryRow.REFS;
            String cursor = last && !tags ? SWEEP : page.next();
            store.commit(GitStore.listed(source.id(), new GitStore.Listed(row, refs, stage, cursor), now));
            return row.at(stage, cursor);
        } catch (UpstreamException e) {
            store.putOff(source.id(), row.id(), now, e);
            return null;
        }
    }

    private static void add(List<GitStore.ListedRef> refs, String name, GitHost.Ref ref, RepositoryRow row) {
        boolean sound = Hex.isHex(ref.commit()) && ref.commit().length() >= 40 && name.length() <= MAX_NAME;
        Version version = sound ? RefVersion.find(name) : null;
        String normalized = version == null ? "" : version.normalized();
        String rank = RefVersion.rank(name, normalized, row.defaultBranch());
        refs.add(new GitStore.ListedRef(name, ref.commit(), ref.time(), normalized, rank));
    }

    private RepositoryRow swept(Source source, RepositoryRow row) {
        List<String> gone = store.gone(source.id(), row.id(), MAX_GONE);
        List<Statement> batch = new ArrayList<>();
        if (!gone.isEmpty()) {
            batch.addAll(GitStore.forgotten(source.id(), row, gone));
        }
        boolean done = gone.size() < MAX_GONE;
        if (done) {
            batch.add(GitStore.swept(source.id(), row.id()));
        }
        store.commit(batch);
        return done ? row.at(row.stage(), "") : row;
    }
}
