package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSProperty;

/** A request that came in, as the Fetch standard has it. */
public interface Request extends Message {
    @JSProperty
    String getMethod();

    @JSProperty
    String getUrl();

    @JSProperty
    @Nullable
    ReadableStream getBody();
}
