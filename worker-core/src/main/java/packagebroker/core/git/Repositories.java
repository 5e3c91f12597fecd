package packagebroker.core.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import packagebroker.core.port.Log;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;
import packagebroker.core.work.Turn;

/**
 * Walks through the organisations and repositories that are selected, and notices which are new, renamed, gone, or have changed. Only
 * what differs is written.
 */
final class Repositories {
    private static final int MAX_REPOSITORIES = 20;
    private static final int MAX_PAGES = 3;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    private final RepositoryStore store;
    private final Random random;
    private final Log log;

    Repositories(RepositoryStore store, Random random, Log log) {
        this.store = store;
        this.random = random;
        this.log = log;
    }

    /** Goes on with a walk: up to three pages of organisations, or 20 repositories. */
    void walk(Walk walk, GitHost host, String upstream, Turn turn) {
        List<String> paths = walk.paths(MAX_REPOSITORIES);
        walk.know(store.known(upstream, List.of(), paths));
        int steps = paths.isEmpty() ? MAX_PAGES : MAX_REPOSITORIES;
        for (int i = 0; i < steps && !walk.isAtEnd() && host.calls().affords(1); i++) {
            String passed = walk.goOn(host);
            if (!passed.isEmpty()) {
                log.write("warn", "git.skipped", "upstream", upstream, "why", passed);
            }
        }
        save(walk, upstream, turn.now());
        if (walk.isAtEnd()) {
            end(walk, upstream, turn);
        }
    }

    private void save(Walk walk, String upstream, long now) {
        Map<String, RepositoryRow> known =
                store.known(upstream, List.copyOf(walk.found().keySet()), List.of());
        List<GitHost.Repository> changed = walk.changed(known);
        List<String> doubted = new ArrayList<>();
        List<String> rebased = new ArrayList<>();
        for (GitHost.Repository repository : changed) {
            RepositoryRow row = known.get(repository.id());
            if (row != null
                    && (row.missingSince() > 0 || !row.repository().path().equals(repository.path()))) {
                doubted.add(repository.id());
            } else if (row != null && !row.repository().defaultBranch().equals(repository.defaultBranch())) {
                rebased.add(repository.id());
            }
        }
        if (!changed.isEmpty()) {
            store.save(upstream, new RepositoryStore.Changes(changed, doubted, rebased), now);
        }
    }

    private void end(Walk walk, String upstream, Turn turn) {
        long now = turn.now();
        store.end(upstream, walk, now - DAY_MILLIS, now);
        RepositoryRow missing = store.findMissing(upstream, now - 3 * DAY_MILLIS);
        if (missing != null) {
            store.raise(upstream, missing, Hex.of(random.bytes(8)), turn.cause());
        }
    }
}
