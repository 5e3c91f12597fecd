package packagebroker.entry.adapter;

/** A promise was rejected; every adapter translates it into its port's own exception. */
public final class JsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String name;

    JsException(String name, String message) {
        super(message);
        this.name = name;
    }

    /** Returns the JavaScript error's name, such as {@code AbortError}. */
    public String name() {
        return name;
    }

    /** Returns the JavaScript error's message; never null, unlike the inherited one. */
    public String text() {
        String message = getMessage();
        return message == null ? name : message;
    }
}
