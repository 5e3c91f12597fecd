package packagebroker.core.testing;

import java.util.Arrays;
import packagebroker.core.http.ArrayBody;
import packagebroker.core.http.Body;

/** The bytes of pieces; a body on its way is none. */
final class Pieces {
    private Pieces() {}

    static byte[] of(Body piece) {
        if (piece instanceof ArrayBody array) {
            byte[] bytes = array.array();
            return bytes.length == array.length() ? bytes : Arrays.copyOf(bytes, (int) array.length());
        }
        throw new IllegalArgumentException("expected a piece but found a body of which the bytes are still to come");
    }
}
