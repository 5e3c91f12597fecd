package packagebroker.core;

import packagebroker.core.access.ApiBody;
import packagebroker.core.access.Call;
import packagebroker.core.dist.DistsBusy;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.HttpError;
import packagebroker.core.http.Response;
import packagebroker.core.json.ByteSink;
import packagebroker.core.json.JsonException;
import packagebroker.core.port.DatabaseException;
import packagebroker.core.port.ObjectStoreException;
import packagebroker.core.secrets.Safe;
import packagebroker.core.upstream.UpstreamException;

/** What each failure means to a client: one table from exceptions to answers, and one form of error. */
final class Failures {
    private static final Headers PRIVATE =
            Headers.of("content-type", Response.JSON, "cache-control", "private, no-store");
    private static final Headers CHALLENGE =
            PRIVATE.with("www-authenticate", "Basic realm=\"PACKAGE.broker\", charset=\"UTF-8\"");

    private static final Headers LATER = PRIVATE.with("retry-after", "60");

    private Failures() {}

    /** Returns the answer's words for an exception. An unforeseen one says nothing of itself. */
    static HttpError errorFor(RuntimeException problem) {
        if (problem instanceof HttpError error) {
            return error;
        }
        if (problem instanceof UpstreamException upstream) {
            return errorFor(upstream);
        }
        if (problem instanceof DatabaseException database) {
            return switch (database.kind()) {
                case NOT_MIGRATED -> HttpError.unavailable("not_migrated", "expected the database to be migrated");
                case UNAVAILABLE -> HttpError.unavailable("database_unavailable", "the database is busy: try again");
                case CONSTRAINT -> HttpError.conflict("conflict", "somebody else changed the same thing: try again");
                case REFUSED -> HttpError.internal();
            };
        }
        if (problem instanceof ObjectStoreException) {
            return HttpError.unavailable("store_unavailable", "the object store did not answer: try again");
        }
        if (problem instanceof JsonException json) {
            return ApiBody.refusal(json);
        }
        if (problem instanceof Safe.Locked) {
            return HttpError.unavailable(
                    "bad_key", "a stored credential cannot be opened with the keys of this instance");
        }
        if (problem instanceof DistsBusy) {
            return HttpError.unavailable("busy", "too many archives are being fetched: try again");
        }
        return HttpError.internal();
    }

    /** Returns the word for an exception: its code. */
    static String word(RuntimeException problem) {
        return errorFor(problem).code();
    }

    private static HttpError errorFor(UpstreamException upstream) {
        return switch (upstream.kind()) {
            case UNREACHABLE -> HttpError.badGateway("upstream_unreachable", upstream.text());
            case TIMEOUT -> HttpError.gatewayTimeout("upstream_timeout", upstream.text());
            case FAILING -> HttpError.unavailable("upstream_failing", upstream.text());
            case DENIED -> HttpError.badGateway("upstream_denied", upstream.text());
            case UNTRUSTED -> HttpError.badGateway("upstream_untrusted", upstream.text());
            case OVER_LIMIT -> HttpError.unavailable("over_limit", upstream.text());
            case FROZEN -> HttpError.unavailable("frozen", upstream.text());
            case GONE -> HttpError.gone(upstream.text());
        };
    }

    /** Returns the answer. Composer prints the {@code warning} of a JSON error, and only of one (P55, P79). */
    static Response response(HttpError error, Call call) {
        ByteSink json = new ByteSink(256).ascii("{\"error\":").quoted(error.text());
        json.ascii(",\"code\":").quoted(error.code()).ascii(",\"request_id\":").quoted(call.requestId());
        if (!call.path().startsWith("/api/") && error.status() != 404) {
            json.ascii(",\"warning\":").quoted(error.text());
        }
        json.ascii("}");
        Headers headers = switch (error.status()) {
            case 401 -> CHALLENGE;
            case 429 -> LATER;
            default -> PRIVATE;
        };
        return new Response(error.status(), headers, Body.of(json.toBytes()));
    }
}
