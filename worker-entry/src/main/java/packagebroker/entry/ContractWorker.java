package packagebroker.entry;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import packagebroker.core.port.Log;
import packagebroker.entry.adapter.Fiber;
import packagebroker.entry.adapter.HttpBridge;
import packagebroker.entry.adapter.JsonLog;
import packagebroker.entry.js.Env;
import packagebroker.entry.js.ExecutionContext;
import packagebroker.entry.js.Request;

/** A Worker for tests only: it proves the ports, and the bridge itself, inside the real runtime. */
public final class ContractWorker {
    private static final Log LOG = new JsonLog();

    /** The routes of this isolate. */
    private static @Nullable ContractRoutes routes;

    private ContractWorker() {}

    /** Does nothing: TeaVM wants one, and work in the global scope is forbidden. */
    public static void main(String[] arguments) {}

    /** Answers a request. */
    @JSExport
    public static JSPromise<JSObject> fetch(Request request, Env env, ExecutionContext context) {
        return Fiber.run(() -> answer(request, env));
    }

    /** Does nothing. */
    @JSExport
    public static JSPromise<JSObject> scheduled(JSObject controller, Env env, ExecutionContext context) {
        return Fiber.run(() -> null);
    }

    private static JSObject answer(Request request, Env env) {
        try {
            return HttpBridge.response(routes(env).handle(HttpBridge.request(request)), request.getMethod());
        } catch (RuntimeException e) {
            LOG.failure("request_failed", e);
            return HttpBridge.error(500, "internal", e.toString());
        }
    }

    private static ContractRoutes routes(Env env) {
        ContractRoutes built = routes;
        if (built == null) {
            built = new ContractRoutes(Platform.ports(env), env.find("CONTRACT_UPSTREAM"));
            routes = built;
        }
        return built;
    }
}
