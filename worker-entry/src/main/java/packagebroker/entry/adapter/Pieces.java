package packagebroker.entry.adapter;

import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Int8Array;
import packagebroker.core.http.ArrayBody;
import packagebroker.core.http.Body;

/** What the runtime is given for a piece: the memory in which it lies, not a copy. */
final class Pieces {
    private Pieces() {}

    /** Returns whether a body lies in memory as a whole. */
    static boolean isPiece(Body body) {
        return body instanceof ArrayBody || body instanceof PieceBody;
    }

    /**
     * Returns all the bytes of a piece.
     *
     * @throws IllegalArgumentException if the body is none, but a stream
     */
    static JSObject view(Body piece) {
        if (piece instanceof PieceBody ours) {
            return ours.view();
        }
        if (piece instanceof ArrayBody array) {
            Int8Array bytes = Int8Array.fromJavaArray(array.array());
            int length = (int) array.length();
            return bytes.getLength() == length
                    ? bytes
                    : new Int8Array(bytes.getBuffer(), bytes.getByteOffset(), length);
        }
        throw new IllegalArgumentException("expected a piece but found a stream");
    }
}
