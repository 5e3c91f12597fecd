package packagebroker.core.access;

import org.jspecify.annotations.Nullable;

/** What a token is for. */
public enum TokenKind {
    /** Reads packages. */
    READ("read", 'r'),
    /** Reads packages and administers the instance. */
    ADMIN("admin", 'a');

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
    public static @Nullable TokenKind find(String wireName) {
        return switch (wireName) {
            case "read" -> READ;
            case "admin" -> ADMIN;
            default -> null;
        };
    }
}
