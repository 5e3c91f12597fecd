package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.composer.Version;
import packagebroker.core.port.Statement;
import packagebroker.core.text.Hex;

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
    List<RepositoryRow> listed(Look look, List<RepositoryRow> repositories) {
        List<RepositoryRow> listed = new ArrayList<>();
        int left = QUERIES;
        for (RepositoryRow repository : repositories) {
            RepositoryRow current = repository;
            int cost = cost(current);
            while (cost > 0 && cost <= left && look.calls().affords(1)) {
                left -= cost;
                current = advanced(look, current);
                cost = cost(current);
            }
            if (cost == 0) {
                listed.add(current);
            }
        }
        return listed;
    }

    /** Returns how many statements the next step with a repository takes: none if all is listed, too many if nothing is to be done. */
    private static int cost(RepositoryRow repository) {
        if (repository.isDue()) {
            return QUERIES + 1; // Put off.
        }
        boolean listed = repository.stage().equals(RepositoryRow.REFS);
        return !listed ? PAGE_QUERIES : repository.cursor().isEmpty() ? 0 : SWEEP_QUERIES;
    }

    private RepositoryRow advanced(Look look, RepositoryRow row) {
        if (row.stage().equals(RepositoryRow.REFS)) {
            List<String> gone = store.gone(look.upstream(), row.id(), MAX_GONE);
            RepositoryRow next = gone.size() < MAX_GONE ? row.at(row.stage(), "") : row;
            store.commit(swept(look, next, gone));
            return next;
        }
        boolean tags = row.stage().equals(RepositoryRow.TAGS);
        GitHost.Page<GitHost.Ref> page = look.host().refs(row.repository(), tags, row.cursor());
        if (page == null) {
            if (look.isAnswered(row)) {
                look.putOff(row, "the host does not list its " + row.stage());
            }
            return row.at(RepositoryRow.DUE, "");
        }
        boolean last = page.next().isEmpty();
        RepositoryRow next = row.at(
                !last ? row.stage() : tags ? RepositoryRow.BRANCHES : RepositoryRow.REFS,
                last && !tags ? SWEEP : page.next());
        store.commit(GitStore.listed(look.upstream(), next, refs(page, tags, row), look.now()));
        return next;
    }

    private static List<GitStore.ListedRef> refs(GitHost.Page<GitHost.Ref> page, boolean tags, RepositoryRow row) {
        List<GitStore.ListedRef> refs = new ArrayList<>();
        for (GitHost.Ref ref : page.items()) {
            String name = (tags ? RefVersion.TAGS : RefVersion.BRANCHES) + ref.name();
            boolean sound = Hex.isHex(ref.commit()) && ref.commit().length() >= 40 && name.length() <= MAX_NAME;
            Version version = sound ? RefVersion.find(name) : null;
            String normalized = version == null ? "" : version.normalized();
            String rank = RefVersion.rank(name, normalized, row.repository().defaultBranch());
            refs.add(new GitStore.ListedRef(name, ref.commit(), ref.time(), normalized, rank));
        }
        return refs;
    }

    private static List<Statement> swept(Look look, RepositoryRow next, List<String> gone) {
        List<Statement> batch = new ArrayList<>();
        if (!gone.isEmpty()) {
            batch.addAll(GitStore.forgotten(look.upstream(), next, gone));
        }
        if (next.cursor().isEmpty()) {
            batch.add(GitStore.swept(look.upstream(), next.id()));
        }
        return batch;
    }
}
