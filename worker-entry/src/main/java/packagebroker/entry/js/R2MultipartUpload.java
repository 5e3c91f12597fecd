package packagebroker.entry.js;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;

/** A multipart upload under way. */
public interface R2MultipartUpload extends JSObject {
    @JSProperty
    String getUploadId();

    /** Stores a part; it resolves to what {@link #complete} wants to be given. */
    JSPromise<JSObject> uploadPart(int number, JSObject value);

    JSPromise<R2Object> complete(Values parts);

    JSPromise<JSObject> abort();
}
