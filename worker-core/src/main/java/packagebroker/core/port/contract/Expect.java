package packagebroker.core.port.contract;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.TransferException;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.text.Hex;

/** What a check says about what it found. */
final class Expect {
    private static final int SHOWN = 120;

    private Expect() {}

    static void equal(String what, @Nullable Object expected, @Nullable Object found) {
        if (!Objects.equals(expected, found)) {
            throw broken(what, shown(expected), shown(found));
        }
    }

    static void number(String what, long expected, long found) {
        if (expected != found) {
            throw broken(what, String.valueOf(expected), String.valueOf(found));
        }
    }

    static void isTrue(String what, boolean found) {
        if (!found) {
            throw broken(what, "true", "false");
        }
    }

    static void atLeast(String what, long least, long found) {
        if (found < least) {
            throw broken(what, "at least " + least, String.valueOf(found));
        }
    }

    static void atMost(String what, long most, long found) {
        if (found > most) {
            throw broken(what, "at most " + most, String.valueOf(found));
        }
    }

    static void isNull(String what, @Nullable Object found) {
        equal(what, null, found);
    }

    static <T> T notNull(String what, @Nullable T found) {
        if (found == null) {
            throw broken(what, "something", "null");
        }
        return found;
    }

    static void bytes(String what, byte[] expected, byte[] found) {
        number(what + ": number of bytes", expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] != found[i]) {
                throw broken(what + ": byte " + i, String.valueOf(expected[i]), String.valueOf(found[i]));
            }
        }
    }

    static void hex(String what, String expected, byte @Nullable [] found) {
        equal(what, expected, found == null ? null : Hex.of(found));
    }

    /** Returns what a proof throws. */
    static RuntimeException fails(String what, Check.Proof proof) {
        RuntimeException failure = caught(proof);
        if (failure == null) {
            throw broken(what, "a failure", "none");
        }
        return failure;
    }

    /** Expects that a call is answered with an {@link IllegalArgumentException}: only a bug of ours could make it. */
    static void forbidden(String what, Check.Proof proof) {
        RuntimeException failure = fails(what, proof);
        if (!(failure instanceof IllegalArgumentException)) {
            throw broken(what, "an IllegalArgumentException", failure.toString());
        }
    }

    static void refused(String what, DatabaseException.Kind kind, Check.Proof proof) {
        RuntimeException failure = fails(what, proof);
        if (!(failure instanceof DatabaseException refusal) || refusal.kind() != kind) {
            throw broken(what, "a DatabaseException of kind " + kind, described(failure));
        }
    }

    static void transferFails(String what, TransferException.Reason reason, Check.Proof proof) {
        RuntimeException failure = fails(what, proof);
        if (!(failure instanceof TransferException transfer) || transfer.reason() != reason) {
            throw broken(what, "a TransferException because of " + reason, described(failure));
        }
    }

    static void storeFails(String what, boolean digestDiffers, Check.Proof proof) {
        RuntimeException failure = fails(what, proof);
        if (!(failure instanceof ObjectStoreException store) || store.digestDiffers() != digestDiffers) {
            String expected = "an ObjectStoreException" + (digestDiffers ? " about the digest" : "");
            throw broken(what, expected, described(failure));
        }
    }

    private static @Nullable RuntimeException caught(Check.Proof proof) {
        try {
            proof.run();
            return null;
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    private static String described(RuntimeException failure) {
        if (failure instanceof DatabaseException database) {
            return database.kind() + ": " + failure.getMessage();
        }
        if (failure instanceof TransferException transfer) {
            return transfer.reason() + ": " + failure.getMessage();
        }
        return failure.toString();
    }

    private static Check.BrokenPromise broken(String what, String expected, String found) {
        return new Check.BrokenPromise(what + ": expected " + expected + " but found " + found);
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + text.length() + " characters)";
    }
}
