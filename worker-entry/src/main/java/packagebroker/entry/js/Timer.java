package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** A timeout, and the time. */
@JSClass(transparent = true)
public abstract class Timer implements JSObject {
    @JSBody(
            params = {"task", "millis"},
            script = "return setTimeout(task, millis);")
    public static native Timer set(Task task, int millis);

    @JSBody(params = "timer", script = "clearTimeout(timer);")
    public static native void clear(Timer timer);

    @JSBody(params = "millis", script = "return new Promise(function(done) { setTimeout(done, millis); });")
    public static native JSPromise<JSObject> after(int millis);

    @JSBody(script = "return Date.now();")
    public static native double now();

    /** What happens then; it must not wait. */
    @JSFunctor
    public interface Task extends JSObject {
        void run();
    }
}
