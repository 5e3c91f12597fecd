package packagebroker.core.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Log;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;
import packagebroker.core.upstream.Selection;
import packagebroker.core.upstream.Selection.Organisation;
import packagebroker.core.upstream.Source;
import packagebroker.core.upstream.UpstreamException;
import packagebroker.core.upstream.UpstreamStore;
import packagebroker.core.work.Chore;
import packagebroker.core.work.Turn;

/**
 * Walks through the organisations and repositories that are selected, and notices which are new, renamed, gone, or have changed. Only
 * what differs is written.
 */
final class Repositories implements Chore {
    private static final int QUERIES = 15;
    private static final int REQUESTS = 15;
    private static final int MAX_PAGES = 3;
    private static final long PAUSE_MILLIS = 300_000;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    private final UpstreamStore upstreams;
    private final GitHosts hosts;
    private final RepositoryStore store;
    private final Random random;
    private final Log log;

    Repositories(UpstreamStore upstreams, GitHosts hosts, RepositoryStore store, Random random, Log log) {
        this.upstreams = upstreams;
        this.hosts = hosts;
        this.store = store;
        this.random = random;
        this.log = log;
    }

    @Override
    public String kind() {
        return "repositories";
    }

    @Override
    public List<String> subjects() {
        return Refs.subjects(upstreams);
    }

    @Override
    public Cost cost() {
        return new Cost(QUERIES, REQUESTS);
    }

    /** A step: what is walked through, how far, and what was found. */
    private static final class Step {
        private final Source source;
        private final GitHosts.Connection to;
        private final Selection selection;
        private final Map<String, RepositoryStore.Found> found = new LinkedHashMap<>();
        private final Map<String, RepositoryRow> byPath = new HashMap<>();
        private @Nullable String skipped;
        private Walk walk;
        private int pages;

        Step(Source source, GitHosts.Connection to, Selection selection, Walk walk) {
            this.source = source;
            this.to = to;
            this.selection = selection;
            this.walk = walk;
        }

        boolean isAtEnd() {
            return walk.index()
                    >= selection.organisations().size()
                            + selection.repositories().size();
        }

        boolean goesOn() {
            return !isAtEnd() && pages < MAX_PAGES && to.calls().affords(1);
        }

        /** Returns the repositories that may have their turn in this step. */
        List<String> paths() {
            List<String> paths = new ArrayList<>();
            int first = Math.max(0, walk.index() - selection.organisations().size());
            int last = Math.min(selection.repositories().size(), first + REQUESTS);
            for (int i = first; i < last; i++) {
                paths.add(GitHosts.path(selection.repositories().get(i)));
            }
            return paths;
        }

        void know(Map<String, RepositoryRow> rows) {
            for (RepositoryRow row : rows.values()) {
                byPath.put(RepositoryRow.id(row.path(), row.directory()), row);
            }
        }

        String etag(String selected) {
            RepositoryRow known = byPath.get(selected);
            return known == null || known.missingSince() > 0 ? "" : known.etag();
        }

        void take(Organisation organisation, GitHost.@Nullable Page<GitHost.Repository> page) {
            pages++;
            if (page == null) {
                skip("there is no organisation " + organisation.name());
                return;
            }
            for (GitHost.Repository repository : page.items()) {
                String path = repository.path();
                if (organisation.includes(path.substring(path.lastIndexOf('/') + 1))) {
                    add(repository, "");
                }
            }
            walk = walk.on(walk.index() + (page.next().isEmpty() ? 1 : 0), page.next());
        }

        void take(String selected, GitHost.@Nullable Repository repository) {
            RepositoryRow known = byPath.get(selected);
            if (to.calls().failure() != null) {
                skip("");
                return;
            }
            if (repository != null) {
                int path = GitHosts.path(selected).length();
                add(repository, selected.substring(Math.min(selected.length(), path + 1)));
            } else if (known != null && to.calls().isUnchanged()) {
                walk = walk.seen(known.id());
            }
            walk = walk.on(walk.index() + 1, "");
        }

        /** Passes over what gave no answer; where the host does not answer at all, it is asked again. */
        private void skip(String why) {
            UpstreamException failure = to.calls().failure();
            if (!to.calls().isDown()) {
                skipped = failure == null ? why : failure.text();
                walk = walk.broken().on(walk.index() + 1, "");
            }
        }

        private void add(GitHost.Repository repository, String directory) {
            if (!repository.id().isEmpty() && Selection.isPath(repository.path())) {
                RepositoryStore.Found one = new RepositoryStore.Found(repository, directory);
                found.put(one.id(), one);
                walk = walk.seen(one.id());
            }
        }
    }

    /** Goes on with the walk, or begins one; the cursor says where. */
    @Override
    public Progress step(Turn turn) {
        Source source = Refs.find(upstreams.sources(), turn.subject());
        if (source == null || source.frozen()) {
            return new Progress(turn.cursor(), 0);
        }
        GitHosts.Connection to = hosts.open(source, turn.now(), REQUESTS);
        Step step = new Step(source, to, upstreams.selection(source.id()), Walk.parse(turn.cursor()));
        step.know(store.known(source.id(), List.of(), step.paths()));
        while (step.goesOn()) {
            walkOn(step);
        }
        save(step, turn.now());
        if (step.isAtEnd()) {
            end(step, turn);
        }
        return step.isAtEnd()
                ? Refs.progress("", to.calls(), PAUSE_MILLIS)
                : Refs.progress(step.walk.text(), to.calls(), 0);
    }

    private void walkOn(Step step) {
        int organisations = step.selection.organisations().size();
        int index = step.walk.index();
        if (index < organisations) {
            Organisation organisation = step.selection.organisations().get(index);
            step.take(organisation, step.to.host().repositories(organisation.name(), step.walk.next()));
        } else {
            String selected = step.selection.repositories().get(index - organisations);
            step.take(selected, step.to.host().repository(GitHosts.path(selected), step.etag(selected)));
        }
        if (step.skipped != null) {
            log.write("warn", "git.skipped", "upstream", step.source.id(), "why", step.skipped);
            step.skipped = null;
        }
    }

    private void save(Step step, long now) {
        Map<String, RepositoryRow> known = store.known(step.source.id(), step.found.keySet(), List.of());
        store.save(step.source.id(), changes(step, known), now);
    }

    private static RepositoryStore.Changes changes(Step step, Map<String, RepositoryRow> known) {
        List<RepositoryStore.Found> changed = new ArrayList<>();
        List<String> doubted = new ArrayList<>();
        List<String> rebased = new ArrayList<>();
        for (RepositoryStore.Found found : step.found.values()) {
            RepositoryRow row = known.get(found.id());
            if (row == null || found.differs(row)) {
                changed.add(found);
            }
            if (row != null
                    && (row.missingSince() > 0
                            || !row.path().equals(found.repository().path()))) {
                doubted.add(found.id());
            } else if (row != null
                    && !row.defaultBranch().equals(found.repository().defaultBranch())) {
                rebased.add(found.id());
            }
        }
        return new RepositoryStore.Changes(changed, doubted, rebased);
    }

    private void end(Step step, Turn turn) {
        long now = turn.now();
        String upstream = step.source.id();
        store.end(upstream, step.walk, now - DAY_MILLIS, now - HOUR_MILLIS, now);
        RepositoryRow missing = store.findMissing(upstream, now - 3 * DAY_MILLIS);
        if (missing != null) {
            store.raise(upstream, missing, Hex.of(random.bytes(8)), turn.cause());
        }
    }
}
