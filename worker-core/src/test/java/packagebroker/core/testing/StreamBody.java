package packagebroker.core.testing;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.ArrayBody;
import packagebroker.core.http.Body;
import packagebroker.core.http.TransferException;
import packagebroker.core.http.TransferException.Reason;

/**
 * A body that is no piece: read once, of known or unknown length, under a cap, and cut off where its stream ends early.
 */
public final class StreamBody implements Body {
    private final InputStream in;
    private final long length;
    private final long cap;
    private byte[] spare = {};
    private long count;
    private boolean ended;

    /** Creates one; {@code length} is -1 if it is not to be known. */
    public StreamBody(InputStream in, long length, long cap) {
        this.in = in;
        this.length = length;
        this.cap = cap;
    }

    /** Returns one over an array. */
    public static StreamBody of(byte[] bytes) {
        return new StreamBody(new ByteArrayInputStream(bytes), bytes.length, Long.MAX_VALUE);
    }

    /** Returns one of unknown length that breaks after {@code bytes}, as a transfer that is cut off does. */
    public static StreamBody cutAfter(byte[] bytes) {
        return new StreamBody(new BrokenStream(bytes, new EOFException("cut")), -1, Long.MAX_VALUE);
    }

    /** Returns one of unknown length of which nothing comes after {@code bytes}, until its deadline has passed. */
    public static StreamBody stallAfter(byte[] bytes) {
        return new StreamBody(new BrokenStream(bytes, new SocketTimeoutException("stalled")), -1, Long.MAX_VALUE);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable Body next(int limit) {
        byte[] bytes = read(limit);
        return bytes.length == 0 ? null : Body.of(bytes);
    }

    @Override
    public void reuse(Body piece) {
        spare = ((ArrayBody) piece).array();
    }

    @Override
    public byte[] bytes(int limit) {
        byte[] bytes = read(limit);
        if (bytes.length == limit && read(1).length > 0) {
            throw TransferException.tooLarge(limit);
        }
        return bytes;
    }

    private byte[] read(int limit) {
        if (ended) {
            return new byte[0];
        }
        byte[] bytes;
        try {
            bytes = read(limit, spare);
            spare = new byte[0];
        } catch (SocketTimeoutException e) {
            throw failure(Reason.TIMEOUT, "expected the next bytes in time");
        } catch (IOException e) {
            throw failure(Reason.CUT, "expected more bytes but found the end of the connection");
        }
        count += bytes.length;
        if (count > cap) {
            cancel();
            throw TransferException.tooLarge(cap);
        }
        if (bytes.length < limit) {
            cancel();
        }
        return bytes;
    }

    /** Fills the memory that came back, if it is as large as wanted; who still looks at it sees it change. */
    private byte[] read(int limit, byte[] into) throws IOException {
        if (into.length != limit) {
            return in.readNBytes(limit);
        }
        int read = in.readNBytes(into, 0, limit);
        return read == limit ? into : Arrays.copyOf(into, read);
    }

    private TransferException failure(Reason reason, String message) {
        cancel();
        return new TransferException(reason, message);
    }

    @Override
    public byte[] start(int limit) {
        return new byte[0];
    }

    @Override
    public void cancel() {
        if (!ended) {
            ended = true;
            try {
                in.close();
            } catch (IOException e) {
                throw new IllegalStateException("a body does not close", e);
            }
        }
    }

    /** Bytes and then an error. */
    private static final class BrokenStream extends FilterInputStream {
        private final IOException end;

        BrokenStream(byte[] bytes, IOException end) {
            super(new ByteArrayInputStream(bytes));
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            return unbroken(in.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : unbroken(in.read(bytes, offset, length));
        }

        private int unbroken(int read) throws IOException {
            if (read < 0) {
                throw end;
            }
            return read;
        }
    }
}
