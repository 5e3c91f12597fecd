package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;

/** workerd's hashing of what is written to it. */
@JSClass(transparent = true)
public abstract class DigestStream implements JSObject {
    @JSBody(params = "algorithm", script = "return new crypto.DigestStream(algorithm);")
    public static native DigestStream create(String algorithm);

    public abstract StreamWriter getWriter();

    @JSProperty
    public abstract JSPromise<ArrayBuffer> getDigest();
}
