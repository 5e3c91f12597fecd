package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** A statement of a session. */
@JSClass(transparent = true)
public abstract class D1PreparedStatement implements JSObject {
    @JSBody(params = "values", script = "return this.bind.apply(this, values);")
    public native D1PreparedStatement bind(Values values);

    public abstract JSPromise<D1Result> all();
}
