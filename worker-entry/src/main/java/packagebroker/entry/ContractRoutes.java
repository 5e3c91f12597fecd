package packagebroker.entry;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.port.ObjectStore.Stored;
import packagebroker.core.port.ObjectStore.Upload;
import packagebroker.core.port.Ports;
import packagebroker.core.port.Row;
import packagebroker.core.port.Statement;
import packagebroker.core.port.Upstream.Limits;
import packagebroker.core.port.contract.Check;
import packagebroker.core.port.contract.Contracts;
import packagebroker.core.text.Utf8;

/**
 * What {@link ContractWorker} answers:
 *
 * <ul>
 *   <li>{@code /contracts}: the outcome of every check of every port ({@code ?port=Database}: of one)
 *   <li>{@code /fibers?id=a&n=30}: {@code n} rounds of waits of all kinds; ends in {@code a ok} if none was mixed up
 *   <li>{@code /throw}, {@code /bounds}: an exception of ours, an index out of range
 *   <li>{@code /upstream-echo}: what {@code /echo} of the server CONTRACT_UPSTREAM saw of us
 *   <li>{@code PUT /object?key=k}: stores the body in parts; {@code GET}: streams it untouched ({@code &step=n}: in pieces
 *       that the product asks for)
 *   <li>{@code /after?key=k}: stores an object after the answer; {@code /after-failure}: fails after it
 *   <li>{@code /constant}: the cheapest answer there is; {@code /cookies}: a field twice
 * </ul>
 */
final class ContractRoutes {
    private static final int PART_BYTES = 5 << 20;
    private static final Limits LIMITS = new Limits(5_000, 5_000, 20_000, 1 << 20);

    private final Ports ports;
    private final @Nullable String upstream;

    ContractRoutes(Ports ports, @Nullable String upstream) {
        this.ports = ports;
        this.upstream = upstream;
    }

    Response handle(Request request) {
        return switch (request.path()) {
            case "/contracts" -> contracts(query(request, "port", ""));
            case "/fibers" -> fibers(query(request, "id", "a"), Integer.parseInt(query(request, "n", "5")));
            case "/throw" -> throw new IllegalStateException("thrown on purpose");
            case "/bounds" -> bounds(Integer.parseInt(query(request, "at", "3")));
            case "/upstream-echo" -> ports.upstream().send(Request.get(upstream + "/echo", Headers.of()), LIMITS);
            case "/object" -> object(request, query(request, "key", "object"));
            case "/after" -> after(query(request, "key", "after"));
            case "/after-failure" -> afterFailure();
            case "/constant" -> Response.json(200, "{\"hello\":\"world\"}");
            case "/cookies" -> text("two").with("set-cookie", "a=1").with("set-cookie", "b=2");
            default -> Response.json(404, "{\"error\":\"nothing is here\",\"code\":\"not_found\"}");
        };
    }

    private Response contracts(String port) {
        StringBuilder lines = new StringBuilder();
        int passed = 0;
        int failed = 0;
        for (Check check : Contracts.all(ports, upstream)) {
            if (!port.isEmpty() && !port.equals(check.port())) {
                continue;
            }
            String failure = failureOf(check);
            lines.append(failure == null ? "ok " : "FAILED ")
                    .append(check.port())
                    .append(": ")
                    .append(check.name());
            if (failure == null) {
                passed++;
            } else {
                failed++;
                lines.append(": ").append(failure);
            }
            lines.append('\n');
        }
        lines.append(passed).append(" passed, ").append(failed).append(" failed\n");
        return text(lines.toString());
    }

    private @Nullable String failureOf(Check check) {
        try {
            check.proof().run();
            return null;
        } catch (RuntimeException e) {
            ports.log().failure("contract_failed", e, "port", check.port(), "check", check.name());
            return e.toString();
        }
    }

    private Response fibers(String id, int rounds) {
        byte[] key = Utf8.encode(id);
        byte[] expected = ports.digests().sha256(key);
        for (int round = 0; round < rounds; round++) {
            String mark = id + "-" + round;
            List<Row> rows = ports.database().query(Statement.of("SELECT ? AS mark, ? AS round", mark, round));
            ports.clock().pause(ports.random().bytes(1)[0] & 7);
            Stored stored = ports.objects().head("fibers/" + id);
            if (stored == null) {
                ports.objects().put("fibers/" + id, Body.of(key), null);
            }
            Stored again = ports.objects().get("fibers/" + id, null);
            boolean right = rows.get(0).text("mark").equals(mark)
                    && rows.get(0).number("round") == round
                    && again != null
                    && ports.signatures().sameBytes(again.body().bytes(1_000), key)
                    && ports.signatures().sameBytes(ports.digests().sha256(key), expected);
            if (!right) {
                return text(mark + " mixed up\n");
            }
        }
        return text(id + " ok\n");
    }

    private Response bounds(int at) {
        byte[] three = new byte[3];
        return text("found " + three[at] + " where nothing is\n");
    }

    private Response object(Request request, String key) {
        if (request.method().equals("PUT")) {
            return text(store(key, request.body()) + "\n");
        }
        Stored stored = ports.objects().get(key, null);
        if (stored == null) {
            return text("none\n");
        }
        int step = Integer.parseInt(query(request, "step", "0"));
        return new Response(200, Headers.of(), step == 0 ? stored.body() : new Steps(stored.body(), step));
    }

    private int store(String key, Body body) {
        Body piece = body.next(PART_BYTES);
        Upload upload = ports.objects().upload(key, null);
        int parts = 0;
        while (piece != null) {
            parts++;
            upload.part(parts, piece);
            piece = body.next(PART_BYTES);
        }
        upload.complete();
        return parts;
    }

    private Response after(String key) {
        ports.background().run(() -> {
            ports.clock().pause(50);
            ports.objects().put(key, Body.of(Utf8.encode("stored after the answer")), null);
        });
        return text("later\n");
    }

    private Response afterFailure() {
        ports.background().run(() -> {
            ports.clock().pause(10);
            throw new IllegalStateException("failed on purpose");
        });
        return text("later\n");
    }

    private static Response text(String text) {
        return new Response(200, Headers.of("content-type", "text/plain; charset=utf-8"), Body.of(Utf8.encode(text)));
    }

    private static String query(Request request, String name, String otherwise) {
        String value = request.findQuery(name);
        return value == null ? otherwise : value;
    }

    /** A body as the product may make one: it is neither a piece nor a stream of the runtime. */
    private record Steps(Body body, int step) implements Body {
        @Override
        public long length() {
            return body.length();
        }

        @Override
        public @Nullable Body next(int limit) {
            return body.next(Math.min(limit, step));
        }

        @Override
        public byte[] bytes(int limit) {
            return body.bytes(limit);
        }

        @Override
        public byte[] start(int count) {
            return body.start(count);
        }

        @Override
        public void cancel() {
            body.cancel();
        }
    }
}
