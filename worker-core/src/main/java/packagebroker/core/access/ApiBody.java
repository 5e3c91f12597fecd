package packagebroker.core.access;

import packagebroker.core.http.HttpError;
import packagebroker.core.http.Request;
import packagebroker.core.http.TransferException;
import packagebroker.core.json.Json;
import packagebroker.core.json.JsonException;
import packagebroker.core.json.JsonObject;

/** The JSON body of an API request. */
public final class ApiBody {
    private static final int MAX_BYTES = 256 * 1024;

    private ApiBody() {}

    /**
     * Returns the body.
     *
     * @throws HttpError 413, 415, 400 (no JSON) or 422 (no object)
     */
    public static JsonObject read(Call call) {
        try {
            return Json.read(bytes(call, MAX_BYTES));
        } catch (JsonException e) {
            throw refusal(e);
        }
    }

    /**
     * Returns the body as it was sent: for the one that is a whole file of somebody's.
     *
     * @throws HttpError 413 or 415
     */
    public static byte[] bytes(Call call, int limit) {
        Request request = call.request();
        String type = request.findHeader("content-type");
        if (type == null || !isJson(type)) {
            throw HttpError.unsupportedMediaType("application/json");
        }
        try {
            return request.body().bytes(limit);
        } catch (TransferException e) {
            if (e.reason() == TransferException.Reason.TOO_LARGE) {
                throw HttpError.tooLarge(limit);
            }
            throw HttpError.badRequest("expected the whole body but it broke off");
        }
    }

    /** Returns the answer to a body that is not what it should be. */
    public static HttpError refusal(JsonException problem) {
        return problem.isMalformed() ? HttpError.badRequest(problem.text()) : HttpError.unprocessable(problem.text());
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.startsWith("application/json;");
    }
}
