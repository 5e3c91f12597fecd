package packagebroker.entry;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import packagebroker.core.App;
import packagebroker.core.Settings;
import packagebroker.core.port.Log;
import packagebroker.entry.adapter.Fiber;
import packagebroker.entry.adapter.HttpBridge;
import packagebroker.entry.adapter.JsonLog;
import packagebroker.entry.js.Env;
import packagebroker.entry.js.ExecutionContext;
import packagebroker.entry.js.Request;

/** What the runtime calls: each call is a fiber, and the product is built once per isolate. */
public final class Worker {
    private static final Log LOG = new JsonLog();

    /** The product of this isolate; it holds nothing of any request. */
    private static @Nullable App app;

    private Worker() {}

    /** Does nothing: TeaVM wants one, and work in the global scope is forbidden. */
    public static void main(String[] arguments) {}

    /** Answers a request. */
    @JSExport
    public static JSPromise<JSObject> fetch(Request request, Env env, ExecutionContext context) {
        return Fiber.run(() -> answer(request, env));
    }

    /** Does a step of background work. */
    @JSExport
    public static JSPromise<JSObject> scheduled(JSObject controller, Env env, ExecutionContext context) {
        return Fiber.run(() -> {
            step(env);
            return null;
        });
    }

    private static JSObject answer(Request request, Env env) {
        try {
            return HttpBridge.response(app(env).handle(HttpBridge.request(request)), request.getMethod());
        } catch (BadSettings e) {
            LOG.failure("bad_settings", e);
            return HttpBridge.error(503, "bad_settings", e.text());
        } catch (RuntimeException e) {
            LOG.failure("request_failed", e);
            return HttpBridge.error(500, "internal", "something went wrong on our side");
        }
    }

    private static void step(Env env) {
        try {
            app(env).scheduled();
        } catch (RuntimeException e) {
            LOG.failure("scheduled_failed", e);
        }
    }

    private static App app(Env env) {
        App built = app;
        if (built == null) {
            built = new App(Platform.ports(env), settings(env));
            app = built;
        }
        return built;
    }

    private static Settings settings(Env env) {
        try {
            return Settings.from(env::find);
        } catch (IllegalArgumentException e) {
            throw new BadSettings(e);
        }
    }

    /** A variable of the deployment is wrong. */
    private static final class BadSettings extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadSettings(IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
        }

        String text() {
            String message = getMessage();
            return message == null ? "a variable is wrong" : message;
        }
    }
}
