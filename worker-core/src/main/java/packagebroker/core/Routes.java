package packagebroker.core;

import static packagebroker.core.access.Permission.ADMIN;
import static packagebroker.core.access.Permission.PUBLIC;
import static packagebroker.core.access.Permission.READ;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.Gate;
import packagebroker.core.access.Permission;
import packagebroker.core.audit.Action;
import packagebroker.core.http.Router;
import packagebroker.core.proof.AuditEndpoints;

/** The table of contents: every URL, who may call it, what the audit log calls it, and what answers. */
final class Routes {
    private static final Gate.Lookup NOTHING = call -> null;

    private final Router<Route> router = new Router<>();
    private final List<String> listing = new ArrayList<>();

    /** Lists all URLs over the endpoints of a graph. */
    Routes(Graph to) {
        addForClients(to);
        addForDeployment(to);
        addForAdmins(to);
        addForAuditors(to.evidence().endpoints());
    }

    /** Composer clients. */
    private void addForClients(Graph to) {
        Dangers dangers = to.dangers();
        read("/packages.json", Action.READ_ROOT, to.registry()::rootLookup, to.registry()::root);
        read("/", Action.READ_ROOT, to.registry()::rootLookup, to.registry()::root);
        read("/p2/{vendor}/{file}", Action.READ_METADATA, to.registry()::packageLookup, to.registry()::packageMetadata);
        add("GET", "/list.json", READ, Action.READ_LIST, to.index()::list);
        add("GET", "/search.json", READ, Action.READ_SEARCH, to.index()::search);
        add("GET", "/providers/{vendor}/{file}", READ, Action.READ_PROVIDERS, to.index()::providers);
        add("POST", "/downloads", READ, Action.NOTIFY_INSTALLS, to.stats()::notifyInstalls);
        read("/dist/{vendor}/{name}/{version}/{file}", Action.READ_DIST, to.dist()::lookup, to.dist()::download);
        add("GET", "/metadata/changes.json", READ, Action.READ_CHANGES, to.changes()::changes);
        add("POST", "/security-advisories", READ, Action.READ_ADVISORIES, dangers.advisories()::advisories);
        add("GET", "/filter/summary.json", READ, Action.READ_FILTER, dangers.filter()::summary);
        add("POST", "/filter/entries", READ, Action.READ_FILTER, dangers.filter()::entries);
        add("POST", "/api/lock", READ, Action.CHECK_LOCK, to.locks()::examine);
    }

    /** Whoever deploys. */
    private void addForDeployment(Graph to) {
        add("GET", "/api/health", PUBLIC, Action.NONE, to.health()::health);
        add("GET", "/api/health/details", ADMIN, Action.NONE, to.health()::details);
        change("POST", "/api/setup", PUBLIC, Action.SETUP, to.setup()::setUp);
    }

    /** Admins. */
    private void addForAdmins(Graph to) {
        Dangers dangers = to.dangers();
        add("GET", "/api/settings", ADMIN, Action.READ_SETTINGS, to.settings()::show);
        change("PATCH", "/api/settings", ADMIN, Action.CHANGE_SETTINGS, to.settings()::change);
        add("GET", "/api/upstreams", ADMIN, Action.READ_UPSTREAMS, to.upstreams()::list);
        change("POST", "/api/upstreams", ADMIN, Action.CREATE_UPSTREAM, to.upstreams()::create);
        add("GET", "/api/upstreams/{id}", ADMIN, Action.READ_UPSTREAMS, to.upstreams()::show);
        change("PATCH", "/api/upstreams/{id}", ADMIN, Action.CHANGE_UPSTREAM, to.upstreams()::change);
        change("DELETE", "/api/upstreams/{id}", ADMIN, Action.DELETE_UPSTREAM, to.upstreams()::delete);
        add("POST", "/api/upstreams/{id}/test", ADMIN, Action.TEST_UPSTREAM, to.upstreams()::test);
        add("GET", "/api/tokens", ADMIN, Action.READ_TOKENS, to.tokens()::list);
        change("POST", "/api/tokens", ADMIN, Action.CREATE_TOKEN, to.tokens()::create);
        change("DELETE", "/api/tokens/{id}", ADMIN, Action.REVOKE_TOKEN, to.tokens()::revoke);
        add("GET", "/api/jobs", ADMIN, Action.READ_JOBS, to.jobList()::list);
        add("GET", "/api/advisories", ADMIN, Action.READ_ADVISORIES, dangers.ownAdvisories()::list);
        change("POST", "/api/advisories", ADMIN, Action.PUBLISH_ADVISORY, dangers.ownAdvisories()::publish);
        add("GET", "/api/advisories/{id}", ADMIN, Action.READ_ADVISORIES, dangers.ownAdvisories()::show);
        change("PATCH", "/api/advisories/{id}", ADMIN, Action.CHANGE_ADVISORY, dangers.ownAdvisories()::change);
        change("DELETE", "/api/advisories/{id}", ADMIN, Action.WITHDRAW_ADVISORY, dangers.ownAdvisories()::withdraw);
        add("GET", "/api/alerts", ADMIN, Action.READ_ALERTS, to.alerts()::list);
        change("POST", "/api/alerts/{id}/accept", ADMIN, Action.ACCEPT_ALERT, to.alerts()::accept);
        change("POST", "/api/alerts/{id}/dismiss", ADMIN, Action.DISMISS_ALERT, to.alerts()::dismiss);
        add("GET", "/api/packages", ADMIN, Action.READ_PACKAGES, to.packages()::list);
        add("GET", "/api/packages/{vendor}/{name}", ADMIN, Action.READ_PACKAGES, to.packages()::show);
        add("GET", "/api/packages/{vendor}/{name}/stats", ADMIN, Action.READ_STATS, to.stats()::show);
        change("DELETE", "/api/packages/{vendor}/{name}", ADMIN, Action.RELEASE_PACKAGE, to.purges()::release);
    }

    /** Auditors. */
    private void addForAuditors(AuditEndpoints to) {
        add("GET", "/api/audit", ADMIN, Action.READ_AUDIT, to::search);
        add("GET", "/api/audit/export", ADMIN, Action.EXPORT_AUDIT, to::export);
        add("GET", "/api/audit/checkpoints", ADMIN, Action.READ_AUDIT, to::checkpoints);
        add("GET", "/api/audit/verify", ADMIN, Action.READ_AUDIT, to::verify);
        add("GET", "/api/audit/key", READ, Action.READ_AUDIT, to::key);
    }

    private void read(String pattern, String action, Gate.Lookup lookup, Route.Handler handler) {
        add("GET", pattern, new Route(READ, action, false, lookup, handler));
    }

    private void change(String method, String pattern, Permission permission, String action, Route.Handler handler) {
        add(method, pattern, new Route(permission, action, true, NOTHING, handler));
    }

    private void add(String method, String pattern, Permission permission, String action, Route.Handler handler) {
        add(method, pattern, new Route(permission, action, false, NOTHING, handler));
    }

    private void add(String method, String pattern, Route route) {
        router.add(method, pattern, route);
        listing.add(method + " " + pattern + " " + route.permission());
    }

    /** Returns what answers all paths. */
    Router<Route> router() {
        return router;
    }

    /** Returns each row as {@code METHOD pattern PERMISSION}, for tests and documentation. */
    List<String> listing() {
        return List.copyOf(listing);
    }
}
