package packagebroker.entry.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** A parsed URL, as the URL standard has it. */
@JSClass(transparent = true)
public abstract class URL implements JSObject {
    @JSProperty
    public abstract String getHref();

    @JSProperty
    public abstract String getProtocol();

    @JSProperty
    public abstract String getUsername();

    @JSProperty
    public abstract String getPassword();

    @JSProperty
    public abstract String getHostname();

    @JSProperty
    public abstract String getPort();

    @JSProperty
    public abstract String getPathname();

    @JSProperty
    public abstract String getSearch();

    @JSProperty
    public abstract String getHash();

    @JSBody(params = "url", script = "return URL.canParse(url) ? new URL(url) : null;")
    public static native @Nullable URL parse(String url);

    @JSBody(
            params = {"url", "base"},
            script = "return URL.canParse(url, base) ? new URL(url, base) : null;")
    public static native @Nullable URL parse(String url, String base);
}
