package packagebroker.entry.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;

/** What D1 answers to one statement. */
@JSClass(transparent = true)
public abstract class D1Result implements JSObject {
    @JSBody(script = "return this.results ? this.results.length : 0;")
    public native int size();

    @JSBody(params = "index", script = "return this.results[index];")
    public native D1Row row(int index);

    @JSBody(script = "return this.meta.changes || 0;")
    public native int changes();

    @JSBody(script = "return this.meta.rows_read || 0;")
    public native double rowsRead();

    @JSBody(script = "return this.meta.rows_written || 0;")
    public native double rowsWritten();
}
