package packagebroker.core.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * The server of UpstreamContract on the JVM, over bare sockets so that it can stall and cut; e2e/contract-upstream.mjs
 * is its twin.
 */
public final class ContractServer implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Starts a server on a free port. */
    public ContractServer() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** Returns where it listens. */
    public String origin() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "contract-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            answer(in, out);
            socket.shutdownOutput();
            in.read(); // Until the client has closed: otherwise a reset may overtake our last bytes.
        } catch (IOException | InterruptedException e) {
            return; // The client has gone; the checks see what it saw.
        } finally {
            open.remove(socket);
        }
    }

    private void answer(InputStream in, OutputStream out) throws IOException, InterruptedException {
        String request = line(in);
        String target = request.substring(request.indexOf(' ') + 1, request.lastIndexOf(' '));
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (path.equals("/echo")) {
            echo(request, in, out);
            return;
        }
        readHead(in);
        int slash = path.indexOf('/', 1);
        if (slash > 0) {
            byte[] bytes = pattern(Integer.parseInt(path.substring(slash + 1)));
            sendBytes(out, bytes, path.startsWith("/bytes/"));
        } else {
            page(path, in, out);
        }
    }

    private void page(String path, InputStream in, OutputStream out) throws IOException, InterruptedException {
        switch (path) {
            case "/closed-origin" -> send(out, "200 OK", "", closedOrigin());
            case "/redirect" -> send(out, "302 Found", "location: /echo\r\n", "moved");
            case "/not-modified" -> head(out, "304 Not Modified", "etag: \"v1\"\r\n");
            case "/no-content" -> head(out, "204 No Content", "");
            case "/empty" -> send(out, "200 OK", "", "");
            case "/error" -> send(out, "503 Service Unavailable", "Retry-After: 7\r\n", "busy");
            case "/twice" -> send(out, "200 OK", "X-Mixed-Case: Kept As Is\r\nx-twice: one\r\nX-Twice: two\r\n", "x");
            case "/cookie" -> send(out, "200 OK", "set-cookie: kept=no; Path=/\r\n", "x");
            case "/gzip" -> sendPacked(out, pattern(12_000));
            case "/gzip-bomb" -> sendPacked(out, new byte[4 << 20]);
            case "/silent" -> in.read();
            case "/stall" -> {
                head(out, "200 OK", "content-length: 100\r\n");
                out.write(pattern(10));
                in.read();
            }
            case "/drip" -> drip(out);
            case "/cut" -> {
                head(out, "200 OK", "content-length: 1000\r\n");
                out.write(pattern(500));
            }
            case "/cut-chunked" -> {
                head(out, "200 OK", "transfer-encoding: chunked\r\n");
                chunk(out, pattern(500));
            }
            default -> send(out, "404 Not Found", "", "no such path");
        }
    }

    private static void echo(String request, InputStream in, OutputStream out) throws IOException {
        StringBuilder echo = new StringBuilder(request.substring(0, request.lastIndexOf(' '))).append('\n');
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            length = name.equals("content-length") ? Integer.parseInt(value) : length;
            echo.append(name).append(": ").append(value).append('\n');
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(echo.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1));
        body.writeBytes(in.readNBytes(length));
        sendBytes(out, body.toByteArray(), true);
    }

    private static void readHead(InputStream in) throws IOException {
        String line = line(in);
        while (!line.isEmpty()) {
            line = line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the client has gone");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static void head(OutputStream out, String status, String fields) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nconnection: close\r\n" + fields + "\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void send(OutputStream out, String status, String fields, String body) throws IOException {
        head(out, status, fields + "content-length: " + body.length() + "\r\n");
        out.write(body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void sendBytes(OutputStream out, byte[] bytes, boolean withLength) throws IOException {
        if (withLength) {
            head(out, "200 OK", "content-length: " + bytes.length + "\r\n");
            out.write(bytes);
            return;
        }
        head(out, "200 OK", "transfer-encoding: chunked\r\n");
        chunk(out, bytes);
        chunk(out, new byte[0]);
    }

    private static void sendPacked(OutputStream out, byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        head(out, "200 OK", "content-encoding: gzip\r\ncontent-length: " + packed.size() + "\r\n");
        out.write(packed.toByteArray());
    }

    private static void drip(OutputStream out) throws IOException, InterruptedException {
        head(out, "200 OK", "transfer-encoding: chunked\r\n");
        while (true) {
            chunk(out, new byte[] {'.'});
            Thread.sleep(50);
        }
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.write(new byte[] {'\r', '\n'});
    }

    private static String closedOrigin() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + closed.getLocalPort();
        }
    }

    private static byte[] pattern(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
