package packagebroker.core.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    static final String KIND = "repositories";

    private static final int QUERIES = 15;
    private static final int REQUESTS = 15;
    private static final int MAX_PAGES = 3;
    private static final int MAX_ALERTS = 1;
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
        return KIND;
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

        void add(GitHost.Repository repository, String directory) {
            if (repository.id().isEmpty() || !Selection.isPath(repository.path())) {
                return;
            }
            RepositoryStore.Found one = new RepositoryStore.Found(repository, directory);
            found.put(one.id(), one);
            walk = walk.seen(one.id());
        }
    }

    /** Goes on with the walk, or begins one; the cursor says where. */
    @Override
    public Progress step(Turn turn) {
        Source source = Refs.find(upstreams.sources(), turn.subject());
        if (source == null || source.frozen()) {
            return new Progress(turn.cursor(), 0);
        }
        Walk begun = Walk.parse(turn.cursor());
        GitHosts.Connection to = hosts.open(source, turn.now(), REQUESTS);
        Step step = new Step(source, to, upstreams.selection(source.id()), begun);
        Map<String, RepositoryRow> byPath = new HashMap<>();
        for (RepositoryRow row :
                store.known(source.id(), List.of(), step.paths()).values()) {
            byPath.put(RepositoryRow.id(row.path(), row.directory()), row);
        }
        try {
            while (step.goesOn()) {
                walkOn(step, byPath);
            }
        } catch (UpstreamException e) {
            if (e.pauseMillis() == 0) {
                throw e;
            }
            return new Progress(turn.cursor(), e.pauseMillis());
        }
        save(step, turn.now());
        if (!step.isAtEnd()) {
            return new Progress(step.walk.text(), to.calls().pauseMillis());
        }
        end(step, turn);
        return new Progress("", Math.max(PAUSE_MILLIS, to.calls().pauseMillis()));
    }

    private void walkOn(Step step, Map<String, RepositoryRow> byPath) {
        int organisations = step.selection.organisations().size();
        int index = step.walk.index();
        try {
            if (index < organisations) {
                walkThrough(step, step.selection.organisations().get(index));
            } else {
                look(step, step.selection.repositories().get(index - organisations), byPath);
                step.walk = step.walk.on(index + 1, "");
            }
        } catch (UpstreamException e) {
            if (GitStore.isOfHost(e)) {
                throw e;
            }
            skip(step, e.text());
        }
    }

    private void skip(Step step, String why) {
        log.write("warn", "git.skipped", "upstream", step.source.id(), "index", "" + step.walk.index(), "why", why);
        step.walk = step.walk.broken().on(step.walk.index() + 1, "");
    }

    private void walkThrough(Step step, Organisation organisation) {
        step.pages++;
        GitHost.Page<GitHost.Repository> page = step.to.host().repositories(organisation.name(), step.walk.next());
        if (page == null) {
            skip(step, "there is no organisation " + organisation.name());
            return;
        }
        for (GitHost.Repository repository : page.items()) {
            String path = repository.path();
            if (organisation.includes(path.substring(path.lastIndexOf('/') + 1))) {
                step.add(repository, "");
            }
        }
        boolean last = page.next().isEmpty();
        step.walk = step.walk.on(step.walk.index() + (last ? 1 : 0), page.next());
    }

    private static void look(Step step, String selected, Map<String, RepositoryRow> byPath) {
        RepositoryRow known = byPath.get(selected);
        String path = GitHosts.path(selected);
        boolean fresh = known != null && known.missingSince() == 0;
        GitHost.Repository repository = step.to.host().repository(path, known != null && fresh ? known.etag() : "");
        if (repository != null && known != null && repository.isUnchanged()) {
            step.walk = step.walk.seen(known.id());
        } else if (repository != null) {
            step.add(repository, selected.substring(Math.min(selected.length(), path.length() + 1)));
        }
    }

    private void save(Step step, long now) {
        String upstream = step.source.id();
        Map<String, RepositoryRow> known = store.known(upstream, step.found.keySet(), List.of());
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
        if (!changed.isEmpty()) {
            store.save(upstream, changed, doubted, rebased, now);
        }
    }

    private void end(Step step, Turn turn) {
        long now = turn.now();
        String upstream = step.source.id();
        store.end(upstream, step.walk, now - DAY_MILLIS, now - HOUR_MILLIS, now);
        for (RepositoryRow missing : store.missing(upstream, now - 3 * DAY_MILLIS, MAX_ALERTS)) {
            store.raise(upstream, missing, Hex.of(random.bytes(8)), turn.cause());
        }
    }
}
