package packagebroker.core.port;

/** The database did not do it. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Classes of failure; D1 tells them only by its message. */
    public enum Kind {
        /** A key or check was violated; nothing changed. */
        CONSTRAINT,
        /** Overloaded, reset or unreachable: the change may or may not have happened. */
        UNAVAILABLE,
        /** The tables are not there: migrations were not applied. */
        NOT_MIGRATED,
        /** Everything else: a statement that is wrong, a value over a limit. */
        REFUSED
    }

    private final Kind kind;

    /** Creates one. */
    public DatabaseException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Returns the class of failure. */
    public Kind kind() {
        return kind;
    }

    /** Returns one for what D1 would never take. */
    public static DatabaseException refused(String message) {
        return new DatabaseException(Kind.REFUSED, message);
    }

    /** Returns one for a message of D1 or SQLite, classified by its words. */
    public static DatabaseException of(String message) {
        return new DatabaseException(classify(message), message);
    }

    private static Kind classify(String message) {
        if (message.contains("constraint failed") || message.contains("SQLITE_CONSTRAINT")) {
            return Kind.CONSTRAINT;
        }
        if (message.contains("no such table")
                || message.contains("no such column")
                || message.contains("has no column")) {
            return Kind.NOT_MIGRATED;
        }
        boolean passing = message.contains("Network connection lost")
                || message.contains("object to be reset")
                || message.contains("was reset")
                || message.contains("internal error")
                || message.contains("reset because its code was updated")
                || message.contains("transient issue")
                || message.contains("overloaded")
                || message.contains("timed out")
                || message.contains("SQLITE_BUSY");
        return passing ? Kind.UNAVAILABLE : Kind.REFUSED;
    }
}
