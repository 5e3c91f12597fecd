package packagebroker.core.access;

/** What a route demands. There is no default: every route says it. */
public enum Permission {
    /** Nothing: anybody may call it. */
    PUBLIC,
    /** A token of any kind; what it may see is decided by its patterns. */
    READ,
    /** An admin token. */
    ADMIN
}
