package packagebroker.core.http;

/**
 * An answer that is not the one asked for. The vocabulary below is all there is; only endpoints, {@code Gate} and
 * {@code App} use it.
 *
 * <p>The message is shown to the client: it says what was expected, what was found and where, and never a secret.
 */
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // Making an exception costs as much as the rest of a 404.
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace that could be a wrong one
    private static final HttpError NOT_FOUND = new HttpError(404, "not_found", "nothing is here");

    private final int status;
    private final String code;

    private HttpError(int status, String code, String message) {
        // Answers, not faults: a 404 is daily business, and a stack trace costs more than the answer.
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** Returns the status. */
    public int status() {
        return status;
    }

    /** Returns the machine-readable code: {@code not_found}, {@code bad_key}, … */
    public String code() {
        return code;
    }

    /** Returns the message; never null, unlike the inherited one. */
    public String text() {
        String message = getMessage();
        return message == null ? code : message;
    }

    /** Returns a 400: the request itself is malformed. */
    public static HttpError badRequest(String message) {
        return new HttpError(400, "bad_request", message);
    }

    /** Returns a 401; {@code App} adds the challenge. */
    public static HttpError unauthorized(String code, String message) {
        return new HttpError(401, code, message);
    }

    /** Returns a 403, only where existence is no secret. */
    public static HttpError forbidden(String message) {
        return new HttpError(403, "forbidden", message);
    }

    /** Returns the one 404, the same for what is absent and for what may not be seen. */
    public static HttpError notFound() {
        return NOT_FOUND;
    }

    /** Returns a 405. */
    public static HttpError methodNotAllowed(String allowed) {
        return new HttpError(405, "method_not_allowed", "expected one of the methods " + allowed);
    }

    /** Returns a 409: the request contradicts what is stored. */
    public static HttpError conflict(String code, String message) {
        return new HttpError(409, code, message);
    }

    /** Returns a 410: was here and is refused now. */
    public static HttpError gone(String message) {
        return new HttpError(410, "refused", message);
    }

    /** Returns a 413; {@code limit} in bytes. */
    public static HttpError tooLarge(long limit) {
        return new HttpError(413, "too_large", "expected at most " + limit + " bytes but found more");
    }

    /** Returns a 413 for what is too much, but not of bytes. */
    public static HttpError tooMuch(String message) {
        return new HttpError(413, "too_large", message);
    }

    /** Returns a 415. */
    public static HttpError unsupportedMediaType(String expected) {
        return new HttpError(415, "unsupported_media_type", "expected content type " + expected);
    }

    /** Returns a 422: well-formed, but a field holds what it may not. */
    public static HttpError unprocessable(String message) {
        return new HttpError(422, "invalid", message);
    }

    /** Returns a 429, only for whom failed too often; an authorised read is never told so. */
    public static HttpError tooManyFailures() {
        return new HttpError(429, "too_many_failures", "expected a good credential: wait a minute before the next try");
    }

    /** Returns a 500 that says nothing: the log knows. */
    public static HttpError internal() {
        return new HttpError(500, "internal", "something went wrong here; the log has it under the request id");
    }

    /** Returns a 502: an upstream answered with something that cannot be trusted. */
    public static HttpError badGateway(String code, String message) {
        return new HttpError(502, code, message);
    }

    /** Returns a 503: try again. */
    public static HttpError unavailable(String code, String message) {
        return new HttpError(503, code, message);
    }

    /** Returns a 504: an upstream was too slow. */
    public static HttpError gatewayTimeout(String code, String message) {
        return new HttpError(504, code, message);
    }
}
