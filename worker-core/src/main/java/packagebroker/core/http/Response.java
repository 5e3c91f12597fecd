package packagebroker.core.http;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Utf8;

/** A response: status, header fields, body. */
public record Response(int status, Headers headers, Body body) {
    /** Content type of everything that Composer shows to a person; with a charset it would be silent (P55, P79). */
    public static final String JSON = "application/json";

    private static final String PRIVATE = "private, no-store";

    /** Returns a JSON answer that nobody may keep. */
    public static Response json(int status, String json) {
        return new Response(
                status, Headers.of("content-type", JSON, "cache-control", PRIVATE), Body.of(Utf8.encode(json)));
    }

    /** Returns a 204. */
    public static Response noContent() {
        return new Response(204, Headers.of("cache-control", PRIVATE), Body.empty());
    }

    /** Returns this answer with one more header field. */
    public Response with(String name, String value) {
        return new Response(status, headers.with(name, value), body);
    }

    /** Returns a header's value by its lower-case name, or null. */
    public @Nullable String findHeader(String name) {
        return headers.find(name);
    }
}
