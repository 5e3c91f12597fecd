package packagebroker.entry.js;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** A listing of a bucket. */
public interface R2Objects extends JSObject {
    /** Returns {@link R2Object}s. */
    @JSProperty
    Values getObjects();

    @JSProperty
    boolean isTruncated();
}
