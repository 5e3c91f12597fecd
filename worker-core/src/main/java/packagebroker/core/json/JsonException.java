package packagebroker.core.json;

/** A JSON text is malformed, or well-formed and not what was expected; the message says which, and where. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean malformed;

    private JsonException(boolean malformed, String message) {
        super(message);
        this.malformed = malformed;
    }

    /** Returns one for a text that is no JSON, or beyond a limit. */
    public static JsonException malformed(String message) {
        return new JsonException(true, message);
    }

    /** Returns one for a value that is not the one expected. */
    public static JsonException unexpected(String message) {
        return new JsonException(false, message);
    }

    /** Returns whether the text is no JSON at all; otherwise a value in it is wrong. */
    public boolean isMalformed() {
        return malformed;
    }

    /** Returns the message; never null. */
    public String text() {
        String message = getMessage();
        return message == null ? "unexpected JSON" : message;
    }
}
