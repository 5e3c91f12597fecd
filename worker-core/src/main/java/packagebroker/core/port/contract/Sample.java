package packagebroker.core.port.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.port.Random;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Utf8;

/** Bytes and names to try a port with. */
final class Sample {
    static final int MIB = 1 << 20;

    private Sample() {}

    /** Returns bytes whose value tells their position: byte i is i modulo 251. */
    static byte[] pattern(int count) {
        return pattern(count, 0);
    }

    static byte[] pattern(int count, int from) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) ((from + i) % 251);
        }
        return bytes;
    }

    static byte[] repeated(int value, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    static byte[] hex(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    static byte[] text(String text) {
        return Utf8.encode(text);
    }

    static Body piece(String text) {
        return Body.of(Utf8.encode(text));
    }

    static String read(Body body) {
        return Utf8.decode(body.bytes(MIB));
    }

    /** Returns the lengths of the pieces into which a body falls. */
    static List<Long> pieceLengths(Body body, int limit) {
        List<Long> lengths = new ArrayList<>();
        Body piece = body.next(limit);
        while (piece != null) {
            lengths.add(piece.length());
            piece = body.next(limit);
        }
        return lengths;
    }

    static byte[] bytesOf(String what, @Nullable Body piece) {
        return Expect.notNull(what, piece).bytes(16 * MIB);
    }

    /** Returns a prefix of keys that nothing else uses. */
    static String prefix(Random random) {
        return "contract/" + Hex.of(random.bytes(8)) + "/";
    }
}
