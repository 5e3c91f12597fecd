package packagebroker.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.access.Call;
import packagebroker.core.access.Permission;
import packagebroker.core.audit.Action;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Protection;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.Router;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.Log;
import packagebroker.core.port.Ports;

/**
 * The product: wires the graph by hand and answers every request. Here, and only here, an exception becomes an answer and a
 * read becomes an audit event.
 */
public final class App {
    private final Ports ports;
    private final Keys keys;
    private final Graph graph;
    private final Routes routes;
    private final Router<Route> router;
    private final Log log;
    private long requests;

    /** Creates the product over a platform. */
    public App(Ports ports, Settings settings) {
        this.ports = ports;
        this.log = ports.log();
        this.keys = Keys.of(ports, settings);
        this.graph = Graph.of(ports, settings, keys);
        this.routes = new Routes(graph);
        this.router = routes.router();
    }

    /** Answers a request; never throws. */
    public Response handle(Request request) {
        return Protection.on(recorded(request), request.url());
    }

    /** Answers a request and sees to it that the log has it. */
    private Response recorded(Request request) {
        Router.Match<Route> match = router.find(request.method(), request.path());
        Route route = match == null ? null : match.target();
        Call call = new Call(
                request,
                match == null ? "" : match.prefix(),
                match == null ? List.of() : match.parameters(),
                graph.reads().isolate() + "-" + ++requests,
                ports.clock().millis());
        Response response = answer(call, match, route);
        String action = route == null || !call.isPlaced() ? Action.READ_UNKNOWN : route.action();
        boolean recorded = route != null && route.recorded() && call.isChanging() && response.status() < 400;
        if (recorded) {
            graph.copies().restoring().opened();
            graph.evidence().sealer().soon(call.startedAt());
        } else if (!action.isEmpty() && !graph.copies().restoring().wasUnderWay()) {
            try {
                graph.reads().add(call.event(action, response.status()));
            } catch (RuntimeException e) {
                response.body().cancel();
                return failure(call, e);
            }
        }
        return response;
    }

    private Response answer(Call call, Router.@Nullable Match<Route> match, @Nullable Route route) {
        try {
            if (!keys.problem().isEmpty() && !call.path().equals("/api/health")) {
                throw HttpError.unavailable("bad_key", keys.problem());
            }
            if (match == null || route == null) {
                graph.identities().gate().guard(call, Permission.TOKEN, anyone -> null);
                throw match == null ? HttpError.notFound() : HttpError.methodNotAllowed(match.allowed());
            }
            if (route.permission() == Permission.PUBLIC && !route.isForNewInstances()) {
                refuseWhileRestoring();
            }
            graph.identities().gate().guard(call, route.permission(), route.lookup());
            return route.handler().handle(call);
        } catch (RuntimeException e) {
            return failure(call, refusal(e, route));
        }
    }

    /** Nobody sees an instance that is half there; only who restores it goes on. Where tokens are asked for, the gate knows. */
    private void refuseWhileRestoring() {
        if (graph.copies().restoring().isUnderWay()) {
            throw HttpError.unavailable("restoring", "a backup is being restored here: try again when that is done");
        }
    }

    /** Returns what to answer for a failure: whom nobody knows here may be known again when a restore is done. */
    private RuntimeException refusal(RuntimeException problem, @Nullable Route route) {
        boolean known = problem instanceof HttpError error && error.status() != 401 && error.status() != 409;
        if (known || (route != null && route.permission() == Permission.SETUP)) {
            return problem;
        }
        try {
            refuseWhileRestoring();
            return problem;
        } catch (HttpError restoring) {
            return restoring;
        } catch (DatabaseException e) {
            return problem;
        }
    }

    private Response failure(Call call, RuntimeException problem) {
        HttpError error = Failures.errorFor(problem);
        // Who shows nothing is only asked for something; who shows what is not good may be guessing.
        if (error.status() == 401
                && !error.code().equals("token_missing")
                && graph.identities().strangers().isTooMany(call)) {
            error = HttpError.tooManyFailures();
        }
        if (error.status() >= 500) {
            log.failure("request.failed", problem, "request", call.requestId(), "code", error.code());
        }
        return Failures.response(error, call);
    }

    /** Returns each route as {@code METHOD pattern PERMISSION}. */
    public List<String> routes() {
        return routes.listing();
    }

    private void noteDeployment() {
        try {
            graph.inspection().deployment().note(ports.clock().millis());
        } catch (RuntimeException e) {
            log.failure("deployment.failed", e); // The next minute tries again.
        }
    }

    private void seal() {
        try {
            graph.evidence().sealer().seal();
        } catch (RuntimeException e) {
            log.failure("seal.failed", e); // No reason to leave all other work undone.
        }
    }

    /** Does a few steps of background work; called every minute. */
    public void scheduled() {
        if (keys.problem().isEmpty() && !graph.copies().restoring().isUnderWay()) {
            noteDeployment();
            seal();
            graph.jobs().run();
        }
    }
}
