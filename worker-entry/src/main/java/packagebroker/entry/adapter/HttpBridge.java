package packagebroker.entry.adapter;

import org.teavm.jso.JSObject;
import packagebroker.core.http.Body;
import packagebroker.core.http.Protection;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.entry.js.Plain;
import packagebroker.entry.js.ReadableStream;

/** From the runtime's request to ours, and from our answer to the runtime's. It runs on every request. */
public final class HttpBridge {
    private static final String CONTENT_LENGTH = "content-length";
    private static final int PULL_BYTES = 64 << 10;

    private HttpBridge() {}

    /** Returns a request as the product knows it; headers and body are looked at only when asked for. */
    public static Request request(packagebroker.entry.js.Request request) {
        String method = request.getMethod();
        boolean empty = method.equals("GET") || method.equals("HEAD");
        ReadableStream stream = empty ? null : request.getBody();
        RuntimeHeaders headers = new RuntimeHeaders(request);
        Body body = stream == null ? Body.empty() : new StreamBody(stream, headers.length());
        return new Request(method, request.getUrl(), headers, body);
    }

    /** Returns an answer as the runtime wants it; to HEAD, the same headers without the body. */
    public static packagebroker.entry.js.Response response(Response response, String method) {
        JSObject headers = Fields.of(response.headers().pairs());
        Body body = response.body();
        int status = response.status();
        if (method.equals("HEAD")) {
            body.cancel();
            return packagebroker.entry.js.Response.create(null, status, withLength(headers, response));
        }
        if (status == 204 || status == 304) {
            body.cancel();
            return packagebroker.entry.js.Response.create(null, status, headers);
        }
        return packagebroker.entry.js.Response.create(bytes(body), status, headers);
    }

    /** Returns an answer of the edge's own, for when the product could not give one. */
    public static packagebroker.entry.js.Response error(int status, String code, String message) {
        Plain body = Plain.create();
        body.set("error", message);
        body.set("code", code);
        return response(Protection.on(Response.json(status, body.json()), null), "GET");
    }

    /** The runtime states the length of a body by itself, but has none here to measure. */
    private static JSObject withLength(JSObject headers, Response response) {
        long length = response.body().length();
        if (length < 0 || response.findHeader(CONTENT_LENGTH) != null) {
            return headers;
        }
        return Fields.of(
                response.with(CONTENT_LENGTH, Long.toString(length)).headers().pairs());
    }

    private static JSObject bytes(Body body) {
        if (body instanceof StreamBody stream) {
            ReadableStream untouched = stream.findUntouched();
            return untouched == null ? pulled(body) : untouched;
        }
        return Pieces.isPiece(body) ? Pieces.view(body) : pulled(body);
    }

    /** Returns a stream that asks any other body for its pieces, one by one, as the client takes them. */
    private static ReadableStream pulled(Body body) {
        ReadableStream stream = ReadableStream.create(
                controller -> Fiber.run(() -> {
                    Body piece = body.next(PULL_BYTES);
                    if (piece == null) {
                        controller.close();
                    } else {
                        controller.enqueue(Pieces.view(piece));
                    }
                    return null;
                }),
                body::cancel);
        return body.length() < 0 ? stream : stream.ofLength((double) body.length());
    }
}
