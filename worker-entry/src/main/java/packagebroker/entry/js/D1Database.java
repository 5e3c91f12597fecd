package packagebroker.entry.js;

import org.teavm.jso.JSObject;

/** The binding of a D1 database. */
public interface D1Database extends JSObject {
    /** Starts a session: {@code first-unconstrained}, {@code first-primary} or a bookmark. */
    D1DatabaseSession withSession(String constraint);
}
