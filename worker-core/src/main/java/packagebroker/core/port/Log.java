package packagebroker.core.port;

/** The operator's log: one JSON object a line. Never a token, a credential or a URL with a query. */
public interface Log {
    /** Writes a line; {@code fields} are names and values in turn. */
    void write(String level, String event, String... fields);

    /** Writes a line about a failure, with its stack as far as the platform has one. */
    void failure(String event, Throwable failure, String... fields);
}
