package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Async;
import org.teavm.interop.AsyncCallback;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/**
 * The one place that waits. TeaVM's own {@code JSPromise.await} loses the error and sends every value through a wrapper;
 * here the outcome lies in fields of JavaScript type, which need none.
 */
public final class Promises {
    private Promises() {}

    /**
     * Suspends the current fiber until a promise is settled and returns its value.
     *
     * @throws JsException if it is rejected
     * @throws IllegalStateException if it resolves to null or undefined
     */
    public static <T extends JSObject> T await(JSPromise<T> promise) {
        T value = find(promise);
        if (value == null) {
            throw new IllegalStateException("expected a value from the runtime but found none");
        }
        return value;
    }

    /** Does the same for a promise without a value. */
    public static void done(JSPromise<?> promise) {
        settle(promise);
    }

    /** Does the same for a promise that may resolve to null or undefined, which are null here. */
    @SuppressWarnings("unchecked") // The type of the promise is a declaration of ours, as that of its value.
    public static <T extends JSObject> @Nullable T find(JSPromise<T> promise) {
        return (T) settle(promise).value;
    }

    private static Outcome settle(JSPromise<?> promise) {
        Outcome outcome = new Outcome();
        suspend(promise, outcome);
        if (outcome.rejected) {
            throw new JsException(nameOf(outcome.value), messageOf(outcome.value));
        }
        return outcome;
    }

    @Async
    private static native void suspend(JSPromise<?> promise, Outcome outcome);

    @SuppressWarnings("unused") // TeaVM calls it in place of the native method of the same name.
    private static void suspend(JSPromise<?> promise, Outcome outcome, AsyncCallback<@Nullable Void> fiber) {
        then(
                promise,
                value -> {
                    outcome.value = orNull(value);
                    fiber.complete(null);
                },
                error -> {
                    outcome.value = error;
                    outcome.rejected = true;
                    fiber.complete(null);
                });
    }

    @JSBody(
            params = {"promise", "resolved", "rejected"},
            script = "promise.then(resolved, rejected);")
    private static native void then(JSPromise<?> promise, Settled resolved, Settled rejected);

    /** Java knows one nothing only: an undefined would be no null. */
    @JSBody(params = "value", script = "return value === undefined ? null : value;")
    private static native @Nullable JSObject orNull(@Nullable JSObject value);

    @JSBody(params = "error", script = "return error && error.name ? String(error.name) : 'Error';")
    private static native String nameOf(@Nullable JSObject error);

    @JSBody(params = "error", script = "return error && error.message ? String(error.message) : String(error);")
    private static native String messageOf(@Nullable JSObject error);

    /** Called by the runtime; it must not wait. */
    @JSFunctor
    interface Settled extends JSObject {
        void with(@Nullable JSObject value);
    }

    private static final class Outcome {
        @Nullable
        JSObject value;

        boolean rejected;
    }
}
