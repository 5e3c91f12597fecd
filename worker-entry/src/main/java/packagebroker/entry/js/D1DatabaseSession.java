package packagebroker.entry.js;

import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** A sequence of queries that sees its own writes. */
public interface D1DatabaseSession extends JSObject {
    D1PreparedStatement prepare(String sql);

    /** Runs {@link D1PreparedStatement}s as one transaction; resolves to their {@link D1Result}s. */
    JSPromise<Values> batch(Values statements);
}
