package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExceptions;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/**
 * Code that may wait. A fiber starts at once on the caller's stack, so that everything it does belongs to the request in
 * which it was started; TeaVM's {@code Thread} would start it from a timer.
 */
public final class Fiber {
    private Fiber() {}

    /** Runs work and returns a promise of its outcome. */
    public static JSPromise<JSObject> run(Work work) {
        return promise((resolve, reject) -> start(() -> finish(work, resolve, reject)));
    }

    private static void finish(Work work, Settle resolve, Settle reject) {
        JSObject value;
        try {
            value = work.run();
        } catch (Throwable e) {
            reject.with(JSExceptions.getJSException(e));
            return;
        }
        resolve.with(value);
    }

    @JSBody(params = "executor", script = "return new Promise(executor);")
    private static native JSPromise<JSObject> promise(Executor executor);

    // A fiber cannot start while another one runs, so one that is started by a fiber starts after it has suspended.
    @JSBody(
            params = "body",
            script = "if ($rt_nativeThread() === null) { $rt_startThread(function() { body(); }); }"
                    + " else { queueMicrotask(function() { $rt_startThread(function() { body(); }); }); }")
    private static native void start(Body body);

    /** Work that may wait. */
    public interface Work {
        /** Does the work and returns what the runtime is to be given. */
        @Nullable
        JSObject run();
    }

    @JSFunctor
    interface Body extends JSObject {
        void run();
    }

    @JSFunctor
    interface Executor extends JSObject {
        void run(Settle resolve, Settle reject);
    }

    @JSFunctor
    interface Settle extends JSObject {
        void with(@Nullable JSObject value);
    }
}
