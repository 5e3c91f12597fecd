package packagebroker.core.routes;

import java.util.List;
import java.util.Set;
import packagebroker.core.testing.SeededRandom;
import packagebroker.core.testing.TestApp;

/**
 * Something that writes, and what has to come of it.
 *
 * @param route the route that does it, as in the table of contents, or else what does
 * @param changes what the audit log says of it, each once
 * @param stages how many changes it is, of which each is done or not; what comes later is made up for in the background
 * @param answer the status if nothing breaks; 0 for what nobody waits for
 * @param watched tables that are bookkeeping to others and the very matter here; {@code objects} are the keys in the store
 */
record Flow(
        String route,
        String what,
        List<String> changes,
        int stages,
        int answer,
        Set<String> watched,
        List<String> variables,
        boolean setUp,
        Scene scene) {

    /** Makes ready what is needed, and returns what is then to be done. */
    interface Scene {
        Act prepare(TestApp app);
    }

    /** Does it, and returns the status. */
    interface Act {
        int run();
    }

    /** A route, answered with a status, and what the log has of it. */
    static Flow of(String route, int answer, String change, Scene scene) {
        List<String> changes = change.isEmpty() ? List.of() : List.of(change);
        return new Flow(route, "", changes, 1, answer, Set.of(), List.of(), true, scene);
    }

    /** Something in the background. */
    static Flow background(String what, String change, Scene scene) {
        return of("background", 0, change, scene).when(what);
    }

    /** In which case. */
    Flow when(String described) {
        return new Flow(route, described, changes, stages, answer, watched, variables, setUp, scene);
    }

    /** With these changes in the log in place of one. */
    Flow logging(String... actions) {
        return new Flow(route, what, List.of(actions), stages, answer, watched, variables, setUp, scene);
    }

    /** In so many changes, each by itself. */
    Flow inStages(int count) {
        return new Flow(route, what, changes, count, answer, watched, variables, setUp, scene);
    }

    Flow watching(String... tables) {
        return new Flow(route, what, changes, stages, answer, Set.of(tables), variables, setUp, scene);
    }

    /** With variables, names and values in turn. */
    Flow with(String... pairs) {
        return new Flow(route, what, changes, stages, answer, watched, List.of(pairs), setUp, scene);
    }

    /** In an instance that was not set up. */
    Flow inNewInstance() {
        return new Flow(route, what, changes, stages, answer, watched, variables, false, scene);
    }

    /** Starts an instance, the same each time. */
    TestApp start() {
        String[] pairs = variables.toArray(new String[0]);
        SeededRandom random = new SeededRandom(1);
        return setUp ? TestApp.start(random, pairs) : TestApp.fresh(random, pairs);
    }

    /** Returns whether nobody asked for a change: what it writes, it has come upon while it read. */
    boolean isRead() {
        return route.startsWith("GET ") || route.equals("POST /api/lock") || route.equals("POST /filter/entries");
    }

    boolean isAwaited() {
        return answer > 0;
    }

    @Override
    public String toString() {
        return what.isEmpty() ? route : route + ", " + what;
    }
}
