package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** The bindings of {@code wrangler.toml}, its variables and the deployment's secrets. */
@JSClass(transparent = true)
public abstract class Env implements JSObject {
    @JSProperty("DB")
    public abstract D1Database getDatabase();

    @JSProperty("ARTIFACTS")
    public abstract R2Bucket getArtifacts();

    /** Returns a variable or secret, or null. */
    @JSBody(params = "name", script = "var v = this[name]; return typeof v === 'string' ? v : null;")
    public native @Nullable String find(String name);
}
