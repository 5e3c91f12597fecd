package packagebroker.entry.js;

import org.teavm.jso.JSBody;

/** The operator's log. */
public final class Console {
    private Console() {}

    @JSBody(params = "line", script = "console.log(line);")
    public static native void log(String line);

    @JSBody(params = "line", script = "console.warn(line);")
    public static native void warn(String line);

    @JSBody(params = "line", script = "console.error(line);")
    public static native void error(String line);
}
