package packagebroker.core;

import static packagebroker.core.access.Permission.BACKUP;
import static packagebroker.core.access.Permission.BROWSE;
import static packagebroker.core.access.Permission.MANAGE_KEYS;
import static packagebroker.core.access.Permission.MANAGE_PACKAGES;
import static packagebroker.core.access.Permission.MANAGE_PEOPLE;
import static packagebroker.core.access.Permission.MANAGE_SETTINGS;
import static packagebroker.core.access.Permission.MANAGE_TOKENS;
import static packagebroker.core.access.Permission.MANAGE_UPSTREAMS;
import static packagebroker.core.access.Permission.PUBLIC;
import static packagebroker.core.access.Permission.PUBLISH;
import static packagebroker.core.access.Permission.READ;
import static packagebroker.core.access.Permission.READ_AUDIT;
import static packagebroker.core.access.Permission.READ_STATUS;
import static packagebroker.core.access.Permission.SETUP;
import static packagebroker.core.access.Permission.TOKEN;

import java.util.ArrayList;
import java.util.List;
import packagebroker.core.access.Gate;
import packagebroker.core.access.Permission;
import packagebroker.core.advisory.OwnAdvisoryEndpoints;
import packagebroker.core.audit.Action;
import packagebroker.core.backup.BackupEndpoints;
import packagebroker.core.backup.RestoreEndpoints;
import packagebroker.core.http.Router;
import packagebroker.core.proof.AuditEndpoints;
import packagebroker.core.publish.PublishEndpoints;
import packagebroker.core.review.ReviewEndpoints;

/** The table of contents: every URL, who may call it, what the audit log calls it, and what answers. */
final class Routes {
    private static final Gate.Lookup NOTHING = call -> null;

    private final Router<Route> router = new Router<>();
    private final List<String> listing = new ArrayList<>();
    private final AccessMatrix matrix = new AccessMatrix();

    /** Lists all URLs over the endpoints of a graph, by who calls them. */
    Routes(Graph to) {
        forComposer(to);
        forVisitors(to);
        forOperators(to);
        forUpstreams(to);
        forPublishers(to, to.publishing());
        forWardens(to);
        forAccess(to);
        forAuditors(to);
        forReviewers(to.evidence().reviews());
        forCopies(to.copies().backup(), to.copies().restore());
    }

    /** What Composer clients and mirrors of us ask for. */
    private void forComposer(Graph graph) {
        Serving to = graph.serving();
        read("/packages.json", Action.READ_ROOT, to.registry()::rootLookup, to.registry()::root);
        read("/", Action.READ_ROOT, to.registry()::rootLookup, to.registry()::root);
        read("/p2/{vendor}/{file}", Action.READ_METADATA, to.registry()::packageLookup, to.registry()::packageMetadata);
        add("GET", "/list.json", READ, Action.READ_LIST, to.index()::list);
        add("GET", "/search.json", READ, Action.READ_SEARCH, to.index()::search);
        add("GET", "/providers/{vendor}/{file}", READ, Action.READ_PROVIDERS, to.index()::providers);
        add("POST", "/downloads", READ, Action.NOTIFY_INSTALLS, graph.stats()::notifyInstalls);
        read("/dist/{vendor}/{name}/{version}/{file}", Action.READ_DIST, to.dist()::lookup, to.dist()::download);
        add("GET", "/metadata/changes.json", READ, Action.READ_CHANGES, to.changes()::changes);
        Dangers dangers = graph.dangers();
        add("POST", "/security-advisories", READ, Action.READ_ADVISORIES, dangers.advisories()::advisories);
        add("GET", "/filter/summary.json", READ, Action.READ_FILTER, dangers.filter()::summary);
        add("POST", "/filter/entries", READ, Action.READ_FILTER, dangers.filter()::entries);
        add("POST", "/api/lock", READ, Action.CHECK_LOCK, to.locks()::examine);
    }

    /** CI jobs that have no token yet, and the sessions of people. */
    private void forVisitors(Graph to) {
        Identities by = to.identities();
        change("POST", "/oidc/token", PUBLIC, Action.MINT_TOKEN, by.oidc()::exchange);
        add("GET", "/api/session", TOKEN, Action.READ_SESSION, by.sessions()::show);
        change("POST", "/api/session", TOKEN, Action.OPEN_SESSION, by.sessions()::open);
        change("POST", "/api/session/access", PUBLIC, Action.OPEN_SESSION, by.people()::signIn);
        change("DELETE", "/api/session", TOKEN, Action.CLOSE_SESSION, by.sessions()::close);
    }

    /** Whoever deploys and watches. */
    private void forOperators(Graph to) {
        add("GET", "/api/health", PUBLIC, Action.NONE, to.health()::health);
        add("GET", "/api/health/details", READ_STATUS, Action.NONE, to.health()::details);
        change("POST", "/api/setup", PUBLIC, Action.SETUP, to.setup()::setUp);
        add("GET", "/api/settings", READ_STATUS, Action.READ_SETTINGS, to.settings()::show);
        change("PATCH", "/api/settings", MANAGE_SETTINGS, Action.CHANGE_SETTINGS, to.settings()::change);
        add(
                "GET",
                "/api/freeze",
                READ_STATUS,
                Action.READ_FREEZE,
                to.inspection().freezes()::show);
        change(
                "POST",
                "/api/freeze",
                MANAGE_SETTINGS,
                Action.FREEZE,
                to.inspection().freezes()::begin);
        change(
                "DELETE",
                "/api/freeze",
                MANAGE_SETTINGS,
                Action.THAW,
                to.inspection().freezes()::end);
        add("GET", "/api/jobs", READ_STATUS, Action.READ_JOBS, to.jobList()::list);
        add("GET", "/api/keys", READ_AUDIT, Action.READ_KEYS, to.sealing().endpoints()::list);
        change("POST", "/api/keys", MANAGE_KEYS, Action.ADD_KEY, to.sealing().endpoints()::add);
        change(
                "POST",
                "/api/keys/{id}/activate",
                MANAGE_KEYS,
                Action.ACTIVATE_KEY,
                to.sealing().endpoints()::activate);
        change(
                "POST",
                "/api/keys/{id}/retire",
                MANAGE_KEYS,
                Action.RETIRE_KEY,
                to.sealing().endpoints()::retire);
    }

    /** Where packages come from, and what came. */
    private void forUpstreams(Graph to) {
        add("GET", "/api/upstreams", READ_STATUS, Action.READ_UPSTREAMS, to.upstreams()::list);
        change("POST", "/api/upstreams", MANAGE_UPSTREAMS, Action.CREATE_UPSTREAM, thawed(to, to.upstreams()::create));
        add("GET", "/api/upstreams/{id}", READ_STATUS, Action.READ_UPSTREAMS, to.upstreams()::show);
        change(
                "PATCH",
                "/api/upstreams/{id}",
                MANAGE_UPSTREAMS,
                Action.CHANGE_UPSTREAM,
                thawed(to, to.upstreams()::change));
        change(
                "DELETE",
                "/api/upstreams/{id}",
                MANAGE_UPSTREAMS,
                Action.DELETE_UPSTREAM,
                thawed(to, to.upstreams()::delete));
        add("POST", "/api/upstreams/{id}/test", MANAGE_UPSTREAMS, Action.TEST_UPSTREAM, to.upstreams()::test);
        add(
                "GET",
                "/api/upstreams/{id}/repositories",
                READ_STATUS,
                Action.READ_REPOSITORIES,
                to.git().endpoints()::list);
        change(
                "POST",
                "/api/upstreams/{id}/sync",
                MANAGE_UPSTREAMS,
                Action.SYNC_UPSTREAM,
                to.git().endpoints()::sync);
        add("GET", "/api/packages", BROWSE, Action.READ_PACKAGES, to.packages()::list);
        add("GET", "/api/packages/{vendor}/{name}", BROWSE, Action.READ_PACKAGES, to.packages()::show);
        add("GET", "/api/packages/{vendor}/{name}/stats", BROWSE, Action.READ_STATS, to.stats()::show);
        change(
                "DELETE",
                "/api/packages/{vendor}/{name}",
                MANAGE_PACKAGES,
                Action.RELEASE_PACKAGE,
                thawed(to, to.purges()::release));
    }

    /** Who publishes here. */
    private void forPublishers(Graph graph, PublishEndpoints to) {
        String version = "/api/packages/{vendor}/{name}/{version}";
        change("PUT", version, PUBLISH, Action.PUBLISH_VERSION, thawed(graph, to::publish));
        change("DELETE", version, MANAGE_PACKAGES, Action.DELETE_VERSION, thawed(graph, to::delete));
        change("POST", version + "/yank", PUBLISH, Action.YANK_VERSION, thawed(graph, to::yank));
        change("DELETE", version + "/yank", PUBLISH, Action.UNYANK_VERSION, thawed(graph, to::unyank));
    }

    /** What is known to be dangerous, and what was refused. */
    private void forWardens(Graph to) {
        add("GET", "/api/alerts", READ_STATUS, Action.READ_ALERTS, to.alerts()::list);
        change(
                "POST",
                "/api/alerts/{id}/accept",
                MANAGE_PACKAGES,
                Action.ACCEPT_ALERT,
                thawed(to, to.alerts()::accept));
        change("POST", "/api/alerts/{id}/dismiss", MANAGE_PACKAGES, Action.DISMISS_ALERT, to.alerts()::dismiss);
        OwnAdvisoryEndpoints own = to.dangers().ownAdvisories();
        add("GET", "/api/advisories", BROWSE, Action.READ_ADVISORIES, own::list);
        change("POST", "/api/advisories", MANAGE_PACKAGES, Action.PUBLISH_ADVISORY, own::publish);
        add("GET", "/api/advisories/{id}", BROWSE, Action.READ_ADVISORIES, own::show);
        change("PATCH", "/api/advisories/{id}", MANAGE_PACKAGES, Action.CHANGE_ADVISORY, own::change);
        change("DELETE", "/api/advisories/{id}", MANAGE_PACKAGES, Action.WITHDRAW_ADVISORY, own::withdraw);
    }

    /** Who may do what. */
    private void forAccess(Graph to) {
        Identities by = to.identities();
        add("GET", "/api/tokens", READ_AUDIT, Action.READ_TOKENS, by.tokens()::list);
        change("POST", "/api/tokens", MANAGE_TOKENS, Action.CREATE_TOKEN, by.tokens()::create);
        change("PATCH", "/api/tokens/{id}", MANAGE_TOKENS, Action.CHANGE_TOKEN, by.customers()::change);
        change("POST", "/api/tokens/revoke", MANAGE_TOKENS, Action.REVOKE_TOKENS, by.revocations()::revoke);
        change("POST", "/api/tokens/{id}/rotate", MANAGE_TOKENS, Action.ROTATE_TOKEN, by.tokens()::rotate);
        change("DELETE", "/api/tokens/{id}", MANAGE_TOKENS, Action.REVOKE_TOKEN, by.tokens()::revoke);
        add("GET", "/api/customers", MANAGE_TOKENS, Action.READ_TOKENS, by.customers()::list);
        add("GET", "/api/customers/{id}", MANAGE_TOKENS, Action.READ_TOKENS, by.customers()::show);
        change("DELETE", "/api/customers/{id}", MANAGE_TOKENS, Action.REVOKE_CUSTOMER, by.customers()::revoke);
        add("GET", "/api/oidc-rules", READ_AUDIT, Action.READ_RULES, by.rules()::list);
        change("POST", "/api/oidc-rules", MANAGE_TOKENS, Action.CREATE_RULE, by.rules()::create);
        change("DELETE", "/api/oidc-rules/{id}", MANAGE_TOKENS, Action.DELETE_RULE, by.rules()::delete);
        add("GET", "/api/people", READ_AUDIT, Action.READ_PEOPLE, by.people()::list);
        change("PATCH", "/api/people/{id}", MANAGE_PEOPLE, Action.CHANGE_PERSON, by.people()::change);
        change("DELETE", "/api/people/{id}", MANAGE_PEOPLE, Action.DELETE_PERSON, by.people()::delete);
    }

    /** Auditors. */
    private void forAuditors(Graph graph) {
        AuditEndpoints to = graph.evidence().endpoints();
        add("GET", "/api/audit", READ_AUDIT, Action.READ_AUDIT, to::search);
        add("GET", "/api/audit/export", READ_AUDIT, Action.EXPORT_AUDIT, to::export);
        add("GET", "/api/audit/checkpoints", READ_AUDIT, Action.READ_AUDIT, to::checkpoints);
        add("GET", "/api/audit/verify", READ_AUDIT, Action.READ_AUDIT, to::verify);
        add("GET", "/api/audit/key", TOKEN, Action.READ_AUDIT, to::key);
        add("GET", "/api/evidence/access", READ_AUDIT, Action.READ_EVIDENCE, matrix::show);
        add(
                "GET",
                "/api/evidence/config",
                READ_AUDIT,
                Action.READ_EVIDENCE,
                graph.inspection().configuration()::config);
        add(
                "GET",
                "/api/evidence/ledger",
                READ_AUDIT,
                Action.READ_EVIDENCE,
                graph.inspection().ledger()::list);
    }

    /** Whoever looks through who may do what. */
    private void forReviewers(ReviewEndpoints to) {
        add("GET", "/api/reviews", READ_AUDIT, Action.READ_REVIEWS, to::list);
        change("POST", "/api/reviews", MANAGE_PEOPLE, Action.START_REVIEW, to::begin);
        add("GET", "/api/reviews/{id}", READ_AUDIT, Action.READ_REVIEWS, to::show);
        add("GET", "/api/reviews/{id}/snapshot", READ_AUDIT, Action.READ_REVIEWS, to::snapshot);
        change("POST", "/api/reviews/{id}/decisions", MANAGE_PEOPLE, Action.DECIDE_REVIEW, to::decide);
        change("POST", "/api/reviews/{id}/close", MANAGE_PEOPLE, Action.CLOSE_REVIEW, to::close);
    }

    /** Returns a handler that refuses while the instance is frozen: it changes what is served, or where that comes from. */
    private static Route.Handler thawed(Graph to, Route.Handler handler) {
        return call -> {
            to.inspection().freezes().refuse();
            return handler.handle(call);
        };
    }

    /** Backups, and instances that are made of them. */
    private void forCopies(BackupEndpoints from, RestoreEndpoints to) {
        add("GET", "/api/backup", BACKUP, Action.READ_BACKUP, from::describe);
        add("GET", "/api/backup/rows", BACKUP, Action.READ_BACKUP, from::page);
        add("GET", "/api/backup/objects/{room}/{object}", BACKUP, Action.READ_BACKUP, from::object);
        change("POST", "/api/backup", BACKUP, Action.CREATE_BACKUP, from::record);
        change("POST", "/api/backup/drills", BACKUP, Action.TEST_RESTORE, from::recordDrill);
        add("POST", "/api/restore", SETUP, Action.RESTORE_BACKUP, to::begin);
        add("DELETE", "/api/restore", SETUP, Action.RESTORE_BACKUP, to::abandon);
        add("GET", "/api/restore/rows", SETUP, Action.RESTORE_BACKUP, to::page);
        add("POST", "/api/restore/rows", SETUP, Action.RESTORE_BACKUP, to::takeRows);
        add("GET", "/api/restore/objects/{room}/{object}", SETUP, Action.RESTORE_BACKUP, to::object);
        add("PUT", "/api/restore/objects/{room}/{object}", SETUP, Action.RESTORE_BACKUP, to::takeObject);
        change("POST", "/api/restore/finish", SETUP, Action.RESTORE_BACKUP, to::finish);
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
        matrix.add(method, pattern, route);
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
