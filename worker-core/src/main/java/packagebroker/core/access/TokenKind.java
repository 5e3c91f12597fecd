package packagebroker.core.access;

import org.jspecify.annotations.Nullable;

/** What a token is for: what its text shows at a glance. What it may do, its rights say. */
public enum TokenKind {
    /** Reads packages. */
    READ("read", 'r'),
    /** Publishes packages. */
    PUBLISH("publish", 'p'),
    /** Administers or audits the instance. */
    ADMIN("admin", 'a'),
    /** Was given to a customer: reads some versions of some packages. */
    CUSTOMER("customer", 'u'),
    /** Was given to a CI job, for some minutes. */
    CI("ci", 'c'),
    /** Lies in a safe for the day when nothing else opens. */
    BREAK_GLASS("break_glass", 'i'),
    /** Lies in a cookie: a session of the dashboard. */
    SESSION("session", 's');

    private final String wireName;
    private final char letter;

    TokenKind(String wireName, char letter) {
        this.wireName = wireName;
        this.letter = letter;
    }

    /** Returns the name in the API and in the database. */
    public String wireName() {
        return wireName;
    }

    /** Returns the letter in a token's text. */
    char letter() {
        return letter;
    }

    /** Returns the kind of a wire name, or null. */
    static @Nullable TokenKind find(String wireName) {
        for (TokenKind kind : values()) {
            if (kind.wireName.equals(wireName)) {
                return kind;
            }
        }
        return null;
    }

    /** Returns the kind of a token with some rights. */
    static TokenKind of(Rights rights) {
        if (rights.canManage() || rights.allow(Permission.READ_AUDIT)) {
            return ADMIN;
        }
        return rights.allow(Permission.PUBLISH) ? PUBLISH : READ;
    }
}
