package packagebroker.core.upstream;

/** An upstream did not deliver. The message names it and what went wrong, never what it sent. */
public final class UpstreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as the answer to our client depends on it. */
    public enum Kind {
        /** No connection. */
        UNREACHABLE,
        /** A deadline passed. */
        TIMEOUT,
        /** It is busy or failing and may recover: 429 and 5xx. */
        FAILING,
        /** It refuses our credential: 401 and 403. */
        DENIED,
        /** What it sent cannot be trusted: other bytes, another name, no JSON, an address that may not be called. */
        UNTRUSTED,
        /** It sends more than this instance takes in. */
        OVER_LIMIT,
        /** It says that an archive is not there any more. */
        GONE,
        /** Nobody asks it: the instance is frozen. */
        FROZEN;

        /** Returns the word for it that an administrator is told. */
        String word() {
            return switch (this) {
                case UNREACHABLE -> "unreachable";
                case TIMEOUT -> "timeout";
                case FAILING -> "failing";
                case DENIED -> "denied";
                case UNTRUSTED, OVER_LIMIT, GONE -> "untrusted";
                case FROZEN -> "frozen";
            };
        }
    }

    private final Kind kind;
    private final long pauseMillis;

    /** Creates one. */
    public UpstreamException(Kind kind, String message) {
        this(kind, message, 0);
    }

    /** Creates that of an upstream which said how long it wants to be left alone; 0 if it did not. */
    UpstreamException(Kind kind, String message, long pauseMillis) {
        super(message);
        this.kind = kind;
        this.pauseMillis = pauseMillis;
    }

    /** Returns how long the upstream wants to be left alone, or 0 if it did not say. */
    public long pauseMillis() {
        return pauseMillis;
    }

    /** Returns what went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Returns the message; never null. */
    public String text() {
        String message = getMessage();
        return message == null ? "the upstream failed" : message;
    }
}
