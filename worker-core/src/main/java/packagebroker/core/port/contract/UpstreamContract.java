package packagebroker.core.port.contract;

import java.util.List;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.port.Upstream;
import packagebroker.core.port.Upstream.Limits;

/**
 * What {@link Upstream} promises about exchanges that go well, against a server with these paths. {@code pattern} is
 * bytes of which byte i is i modulo 251.
 *
 * <ul>
 *   <li>{@code /echo}: 200, the request as text: {@code METHOD target}, a line {@code name: value} for each header
 *       field with its name in lower case, an empty line, the body
 *   <li>{@code /redirect}: 302 to {@code /echo} with the body {@code moved}
 *   <li>{@code /not-modified}: 304 with the ETag {@code "v1"}; {@code /no-content}: 204; {@code /empty}: 200 of length
 *       0
 *   <li>{@code /error}: 503 with {@code Retry-After: 7} and the body {@code busy}; other paths: 404
 *   <li>{@code /twice}: the fields {@code X-Mixed-Case: Kept As Is}, {@code x-twice: one} and {@code x-twice: two}
 *   <li>{@code /cookie}: sets the cookie {@code kept=no}
 *   <li>{@code /bytes/N}: N bytes of pattern with their length; {@code /chunked/N}: without
 *   <li>{@code /gzip}: 12,000 bytes of pattern, packed; {@code /gzip-bomb}: 4 MiB of zeros, packed
 *   <li>{@code /closed-origin}: an origin at which nobody listens, as text
 *   <li>{@code /silent}: no answer; {@code /stall}: 10 of 100 bytes of pattern, then nothing; {@code /drip}: a byte
 *       every 50 ms without end
 *   <li>{@code /cut}: 500 of 1,000 announced bytes of pattern, then the end of the connection; {@code /cut-chunked}:
 *       500 bytes in chunks, then the end of the connection without the last chunk
 * </ul>
 */
final class UpstreamContract {
    static final Limits WIDE = new Limits(10_000, 10_000, 30_000, 64L << 20);

    private final Upstream upstream;
    private final String origin;

    UpstreamContract(Upstream upstream, String origin) {
        this.upstream = upstream;
        this.origin = origin;
    }

    List<Check> checks() {
        return List.of(
                check("a body and its length arrive", this::getsBytes),
                check("header fields are sent as given", this::sendsFields),
                check("no header field is sent that was not given, but a User-Agent", this::sendsNoOtherFields),
                check("the URL is sent as it is", this::sendsTheUrl),
                check("a body is posted with its length", this::postsBodies),
                check("a redirect is returned, not followed", this::returnsRedirects),
                check("304 and 204 have no body", this::answersWithoutBody),
                check("an empty body ends at once", this::endsEmptyBodies),
                check("an error is an answer like any other", this::returnsErrors),
                check("a field is found by its lower-case name, repeated ones joined", this::findsFields),
                check("cookies are not kept", this::forgetsCookies),
                check("a body of unknown length has length -1", this::readsChunks),
                check("a packed body arrives unpacked and of unknown length", this::unpacks),
                check("the memory of a piece that was taken back may hold the next one", this::reusesMemory),
                check("bodies that are given up do not block the next", this::givesUp));
    }

    private static Check check(String name, Check.Proof proof) {
        return new Check("Upstream", name, proof);
    }

    private Response get(String path, String... headers) {
        return upstream.send(Request.get(origin + path, Headers.of(headers)), WIDE);
    }

    private void getsBytes() {
        for (int count : new int[] {1, 5_000, 3_000_000}) {
            Response response = get("/bytes/" + count);
            Expect.number("status", 200, response.status());
            Expect.number("length", count, response.body().length());
            Expect.bytes("body", Sample.pattern(count), response.body().bytes(count));
        }
        List<Long> lengths = Sample.pieceLengths(get("/bytes/2500000").body(), 1_000_000);
        Expect.equal("pieces", List.of(1_000_000L, 1_000_000L, 500_000L), lengths);
    }

    private void sendsFields() {
        Response response = get(
                "/echo",
                "authorization",
                "Bearer abc",
                "accept",
                "application/json",
                "user-agent",
                "contract/1",
                "x-own",
                "a, b");
        String echo = Sample.read(response.body());
        for (String line : List.of(
                "authorization: Bearer abc", "accept: application/json", "user-agent: contract/1", "x-own: a, b")) {
            Expect.isTrue(line + " in " + echo, echo.contains("\n" + line + "\n"));
            String name = "\n" + line.substring(0, line.indexOf(' '));
            Expect.isTrue("only one field" + name + " in " + echo, echo.indexOf(name) == echo.lastIndexOf(name));
        }
    }

    /** Host, length, connection and the platform's own marks ({@code cf-…}) may be there; nothing else. */
    private void sendsNoOtherFields() {
        String echo = Sample.read(get("/echo").body());
        for (String name : List.of(
                "accept",
                "accept-language",
                "authorization",
                "cache-control",
                "content-type",
                "cookie",
                "origin",
                "referer",
                "sec-fetch-mode")) {
            Expect.isTrue("no field " + name + " in " + echo, !echo.contains("\n" + name + ": "));
        }
    }

    private void sendsTheUrl() {
        String echo = Sample.read(get("/echo?a=%2F+b&c=d%20e&a=").body());
        String expected = "GET /echo?a=%2F+b&c=d%20e&a=\n";
        Expect.equal("target", expected, echo.substring(0, Math.min(expected.length(), echo.length())));
    }

    private void postsBodies() {
        Headers headers = Headers.of("content-type", "text/plain");
        Request request = new Request("POST", origin + "/echo", headers, Sample.piece("grüße 😀"));
        String echo = Sample.read(upstream.send(request, WIDE).body());
        Expect.isTrue("method in " + echo, echo.startsWith("POST /echo\n"));
        Expect.isTrue("length in " + echo, echo.contains("\ncontent-length: 12\n"));
        Expect.isTrue("type in " + echo, echo.contains("\ncontent-type: text/plain\n"));
        Expect.isTrue("body in " + echo, echo.endsWith("\n\ngrüße 😀"));
    }

    private void returnsRedirects() {
        Response response = get("/redirect");
        Expect.number("status", 302, response.status());
        Expect.equal("location", "/echo", response.findHeader("location"));
        Expect.equal("body", "moved", Sample.read(response.body()));
    }

    private void answersWithoutBody() {
        Response same = get("/not-modified", "if-none-match", "\"v1\"");
        Expect.number("status", 304, same.status());
        Expect.equal("ETag", "\"v1\"", same.findHeader("etag"));
        Expect.isNull("body", same.body().next(10));
        Response nothing = get("/no-content");
        Expect.number("status", 204, nothing.status());
        Expect.number("bytes", 0, nothing.body().bytes(10).length);
    }

    private void endsEmptyBodies() {
        Response response = get("/empty");
        Expect.number("status", 200, response.status());
        Expect.isNull("first piece", response.body().next(10));
        response.body().cancel();
    }

    private void returnsErrors() {
        Response response = get("/error");
        Expect.number("status", 503, response.status());
        Expect.equal("retry-after", "7", response.findHeader("retry-after"));
        Expect.equal("body", "busy", Sample.read(response.body()));
        Response missing = get("/nowhere");
        Expect.number("status", 404, missing.status());
        missing.body().cancel();
    }

    private void findsFields() {
        Response response = get("/twice");
        Expect.equal("one field", "Kept As Is", response.findHeader("x-mixed-case"));
        Expect.equal("repeated field", "one, two", response.findHeader("x-twice"));
        Expect.isNull("absent field", response.findHeader("x-absent"));
        response.body().cancel();
    }

    private void forgetsCookies() {
        get("/cookie").body().cancel();
        String echo = Sample.read(get("/echo").body());
        Expect.isTrue("no cookie in " + echo, !echo.contains("kept=no"));
    }

    private void reusesMemory() {
        for (String path : List.of("/bytes/200000", "/chunked/200000", "/gzip")) {
            Body body = get(path).body();
            int at = 0;
            for (Body piece = body.next(5_000); piece != null; piece = body.next(5_000)) {
                int length = (int) piece.length();
                Expect.bytes(path + " at " + at, Sample.pattern(length, at), piece.start(length));
                at += length;
                body.reuse(piece);
            }
            Expect.number(path, path.equals("/gzip") ? 12_000 : 200_000, at);
        }
    }

    private void readsChunks() {
        Response response = get("/chunked/200000");
        Expect.number("length", -1, response.body().length());
        Expect.bytes("body", Sample.pattern(200_000), response.body().bytes(200_000));
        List<Long> lengths = Sample.pieceLengths(get("/chunked/200000").body(), 150_000);
        Expect.equal("pieces", List.of(150_000L, 50_000L), lengths);
    }

    private void unpacks() {
        Body body = get("/gzip", "accept-encoding", "gzip").body();
        Expect.number("length", -1, body.length());
        Expect.bytes("body", Sample.pattern(12_000), body.bytes(12_000));
    }

    private void givesUp() {
        for (int i = 0; i < 10; i++) {
            Body body = get("/bytes/3000000").body();
            if (i % 2 == 0) {
                Expect.notNull("first piece", body.next(10));
            }
            body.cancel();
            Expect.isNull("piece after the end", body.next(10));
        }
        Expect.number("status", 200, get("/bytes/1").status());
    }
}
