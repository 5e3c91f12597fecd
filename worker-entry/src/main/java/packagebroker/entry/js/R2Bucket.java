package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** The binding of an R2 bucket. */
@JSClass(transparent = true)
public abstract class R2Bucket implements JSObject {
    public abstract JSPromise<R2Object> get(String key);

    public abstract JSPromise<R2Object> head(String key);

    public abstract JSPromise<JSObject> delete(String key);

    public abstract R2MultipartUpload resumeMultipartUpload(String key, String uploadId);

    public abstract JSPromise<R2MultipartUpload> createMultipartUpload(String key);

    @JSBody(
            params = {"key", "offset", "length"},
            script = "return this.get(key, { range: { offset: offset, length: length } });")
    public native JSPromise<R2Object> getRange(String key, double offset, double length);

    /** Stores an object unless the key is taken; then it resolves to null. */
    @JSBody(
            params = {"key", "value"},
            script = "return this.put(key, value, { onlyIf: { etagDoesNotMatch: '*' } });")
    public native JSPromise<R2Object> create(String key, JSObject value);

    /** Does the same and lets the store check the SHA-256, given in hex. */
    @JSBody(
            params = {"key", "value", "sha256"},
            script = "return this.put(key, value, { onlyIf: { etagDoesNotMatch: '*' }, sha256: sha256 });")
    public native JSPromise<R2Object> create(String key, JSObject value, String sha256);

    @JSBody(
            params = {"prefix", "startAfter", "limit"},
            script = "return this.list({ prefix: prefix, startAfter: startAfter || undefined, limit: limit });")
    public native JSPromise<R2Objects> list(String prefix, String startAfter, int limit);
}
