package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import packagebroker.core.http.TransferException;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.port.Upstream.Limits;
import packagebroker.entry.js.AbortController;
import packagebroker.entry.js.Timer;

/** One exchange with another server: its deadlines, its cap and the means to end it. */
final class Exchange {
    private final Limits limits;
    private final AbortController controller = AbortController.create();
    private final double start = Timer.now();
    private boolean expired;

    Exchange(Limits limits) {
        this.limits = limits;
    }

    /** Returns what makes the fetch end when this exchange does. */
    JSObject signal() {
        return controller.getSignal();
    }

    /** Waits for the headers. */
    <T extends JSObject> T headers(JSPromise<T> promise) {
        return await(promise, limits.headersMillis(), Reason.UNREACHABLE);
    }

    /** Waits for some bytes of the body. */
    <T extends JSObject> T bytes(JSPromise<T> promise) {
        return await(promise, limits.stallMillis(), Reason.CUT);
    }

    /** Refuses a body that has grown too long. */
    void count(long bytes) {
        if (bytes > limits.maxBytes()) {
            controller.abort();
            throw TransferException.tooLarge(limits.maxBytes());
        }
    }

    /** Returns how many bytes are worth reading at once: one more than may come shows that too many do. */
    int bounded(int wanted, long soFar) {
        long left = limits.maxBytes() - soFar;
        return left < wanted ? (int) left + 1 : wanted;
    }

    private <T extends JSObject> T await(JSPromise<T> promise, int millis, Reason otherwise) {
        double left = limits.totalMillis() - (Timer.now() - start);
        Timer timer = Timer.set(this::expire, (int) Math.max(0, Math.min(millis, left)));
        try {
            return Promises.await(promise);
        } catch (JsException e) {
            throw failure(e, otherwise);
        } finally {
            Timer.clear(timer);
        }
    }

    private void expire() {
        expired = true;
        controller.abort();
    }

    private TransferException failure(JsException e, Reason otherwise) {
        TransferException failure = expired
                ? new TransferException(Reason.TIMEOUT, "expected an answer in time but found none")
                : new TransferException(otherwise, "expected an answer but found: " + safeText(e));
        failure.initCause(e);
        return failure;
    }

    /** Returns what went wrong; what {@code fetch} says of a request that it cannot even send quotes its URL. */
    private static String safeText(JsException e) {
        return e.name().equals("TypeError") ? "a request that cannot be sent" : e.text();
    }

    /** Returns the failure of a stream that is part of no exchange. */
    static TransferException cut(JsException e) {
        TransferException failure = new TransferException(Reason.CUT, "expected more bytes but found: " + e.text());
        failure.initCause(e);
        return failure;
    }

    /** Ends the exchange of somebody who has seen enough. */
    static void end(@Nullable Exchange exchange) {
        if (exchange != null) {
            exchange.controller.abort();
        }
    }
}
