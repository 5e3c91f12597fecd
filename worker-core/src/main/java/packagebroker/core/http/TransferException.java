package packagebroker.core.http;

/** Bytes did not arrive as they should have: the peer is away, too slow, cut off or sends too much. */
public final class TransferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a transfer failed. */
    public enum Reason {
        /** No connection, or the name does not resolve. */
        UNREACHABLE,
        /** A deadline passed: headers, stall or total. */
        TIMEOUT,
        /** More bytes than the cap allows. */
        TOO_LARGE,
        /** The connection broke before the end. */
        CUT
    }

    private final Reason reason;

    /** Creates one with a message that names no secret and no URL with a query. */
    public TransferException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /** Returns one for a body over its cap, in bytes. */
    public static TransferException tooLarge(long limit) {
        return new TransferException(Reason.TOO_LARGE, "expected at most " + limit + " bytes but found more");
    }
}
