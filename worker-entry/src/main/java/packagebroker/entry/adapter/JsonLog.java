package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExceptions;
import org.teavm.jso.JSObject;
import packagebroker.core.port.Log;
import packagebroker.entry.js.Console;
import packagebroker.entry.js.Plain;

/** The console, one JSON object a line; a failure is followed by its stack. */
public final class JsonLog implements Log {
    /** Creates one. */
    public JsonLog() {}

    @Override
    public void write(String level, String event, String... fields) {
        print(level, line(level, event, fields));
    }

    @Override
    public void failure(String event, Throwable failure, String... fields) {
        Plain line = line("error", event, fields);
        line.set("failure", failure.getClass().getName());
        line.set("message", failure.getMessage());
        print("error", line);
        // A line of its own: inside JSON, where line breaks are escaped, no source map finds its frames.
        Console.error(stackOf(JSExceptions.getJSException(failure)));
    }

    private static Plain line(String level, String event, String... fields) {
        Plain line = Plain.create();
        line.set("level", level);
        line.set("event", event);
        for (int i = 0; i + 1 < fields.length; i += 2) {
            line.set(fields[i], fields[i + 1]);
        }
        return line;
    }

    private static void print(String level, Plain line) {
        switch (level) {
            case "error" -> Console.error(line.json());
            case "warn" -> Console.warn(line.json());
            default -> Console.log(line.json());
        }
    }

    /** Returns the stack of the JavaScript error behind an exception, which source maps turn into lines of Java. */
    @JSBody(params = "error", script = "return error && error.stack ? String(error.stack) : 'no stack';")
    private static native String stackOf(@Nullable JSObject error);
}
