package packagebroker.core.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import packagebroker.core.http.Headers;
import packagebroker.core.http.Request;
import packagebroker.core.http.Response;
import packagebroker.core.http.TransferException;
import packagebroker.core.http.TransferException.Reason;
import packagebroker.core.port.Upstream;
import packagebroker.core.port.Urls.Url;

/**
 * Plain HTTP/1.1 over a socket of its own per request: the JDK's clients add fields, follow redirects or hide
 * deadlines.
 */
public final class HttpUpstream implements Upstream {
    private static final int MAX_BODY = 64 << 20;

    @Override
    public Response send(Request request, Limits limits) {
        Url url = new WhatwgUrls().parse(request.url(), null);
        if (url == null || !url.scheme().equals("http")) {
            throw new IllegalArgumentException("expected an http URL");
        }
        long start = System.nanoTime();
        Deadlines deadlines = new Deadlines(start, limits.totalMillis());
        Socket socket = connect(url, deadlines, limits.headersMillis());
        try {
            socket.getOutputStream().write(head(request, url));
            socket.getOutputStream().write(request.body().bytes(MAX_BODY));
            SocketStream in = new SocketStream(socket, deadlines);
            in.until(start, limits.headersMillis());
            return answer(request, in, limits);
        } catch (SocketTimeoutException e) {
            throw failed(socket, Reason.TIMEOUT, "expected the headers in time");
        } catch (IOException e) {
            throw failed(socket, Reason.CUT, "expected an answer but found the end of the connection");
        }
    }

    private static Socket connect(Url url, Deadlines deadlines, int millis) {
        Socket socket = new Socket();
        try {
            int port = url.port().isEmpty() ? 80 : Integer.parseInt(url.port());
            socket.connect(new InetSocketAddress(url.host(), port), deadlines.within(millis));
            return socket;
        } catch (SocketTimeoutException e) {
            throw failed(socket, Reason.TIMEOUT, "expected a connection in time");
        } catch (IOException e) {
            throw failed(socket, Reason.UNREACHABLE, "expected a connection");
        }
    }

    private static TransferException failed(Socket socket, Reason reason, String message) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket does not close", e);
        }
        return new TransferException(reason, message);
    }

    private static byte[] head(Request request, Url url) {
        StringBuilder head = new StringBuilder(request.method());
        head.append(' ')
                .append(url.path())
                .append(url.query())
                .append(" HTTP/1.1\r\nhost: ")
                .append(url.host());
        head.append(url.port().isEmpty() ? "" : ":" + url.port()).append("\r\nconnection: close\r\n");
        if (request.body().length() > 0) {
            head.append("content-length: ").append(request.body().length()).append("\r\n");
        }
        List<String> pairs = request.headers().pairs();
        for (int i = 0; i < pairs.size(); i += 2) {
            head.append(pairs.get(i)).append(": ").append(pairs.get(i + 1)).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Response answer(Request request, SocketStream socket, Limits limits) throws IOException {
        InputStream in = new BufferedInputStream(socket);
        int status = Integer.parseInt(line(in).substring(9, 12));
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            fields.merge(name, line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
        }
        socket.perRead(limits.stallMillis());
        List<String> pairs = new ArrayList<>();
        fields.forEach((name, value) -> pairs.addAll(List.of(name, value)));
        Headers headers = Headers.of(pairs.toArray(String[]::new));
        boolean bodiless = status == 204 || status == 304 || request.method().equals("HEAD");
        return new Response(status, headers, bodiless ? nothing(socket) : body(in, fields, limits.maxBytes()));
    }

    private static StreamBody nothing(SocketStream socket) throws IOException {
        socket.close();
        return StreamBody.of(new byte[0]);
    }

    private static StreamBody body(InputStream in, Map<String, String> fields, long cap) throws IOException {
        String announced = fields.get("content-length");
        long length = announced == null ? -1 : Long.parseLong(announced);
        InputStream body = in;
        if ("chunked".equals(fields.get("transfer-encoding"))) {
            body = new ChunkedStream(in);
        } else if (length >= 0) {
            body = new WholeStream(in, length);
        }
        if ("gzip".equals(fields.get("content-encoding"))) {
            return new StreamBody(new GZIPInputStream(body), -1, cap);
        }
        return new StreamBody(body, length, cap);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("cut in the headers");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** The time that is left. */
    private record Deadlines(long start, int totalMillis) {
        /** Returns how long to wait at most, or fails if there is no time left. */
        int within(int millis) throws SocketTimeoutException {
            long left = totalMillis - (System.nanoTime() - start) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            return (int) Math.min(left, millis);
        }
    }

    /** A socket's bytes, each read under a deadline. */
    private static final class SocketStream extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final Deadlines deadlines;
        private long from;
        private int millis;

        SocketStream(Socket socket, Deadlines deadlines) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadlines = deadlines;
        }

        /** Sets one deadline for all reads to come. */
        void until(long start, int limit) {
            from = start;
            millis = limit;
        }

        /** Sets a deadline for each read to come. */
        void perRead(int limit) {
            from = 0;
            millis = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int limit = from == 0 ? millis : new Deadlines(from, millis).within(millis);
            socket.setSoTimeout(deadlines.within(limit));
            return in.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Bytes of an announced length: fewer are an error. */
    private static final class WholeStream extends InputStream {
        private final InputStream in;
        private long left;

        WholeStream(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new EOFException("cut");
            }
            left -= count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Bytes in chunks; without the last one they are an error. */
    private static final class ChunkedStream extends InputStream {
        private final InputStream in;
        private InputStream chunk = new ByteArrayInputStream(new byte[0]);
        private boolean begun;
        private boolean ended;

        ChunkedStream(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (!ended) {
                int count = chunk.read(bytes, offset, length);
                if (count >= 0) {
                    return count;
                }
                openChunk();
            }
            return -1;
        }

        private void openChunk() throws IOException {
            if (begun) {
                line(in);
            }
            begun = true;
            int size = Integer.parseInt(line(in), 16);
            ended = size == 0;
            chunk = new WholeStream(in, size);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
