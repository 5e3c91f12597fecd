package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.Uint8Array;
import packagebroker.core.http.Body;
import packagebroker.core.http.TransferException;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.ReadableStream;
import packagebroker.entry.js.StreamRead;
import packagebroker.entry.js.StreamReader;

/** A stream of the runtime. Unread, it can be handed on as it is, and its bytes never pass through Java. */
public final class StreamBody implements Body {
    private static final int FIRST_READ = 16 << 10;
    private static final int LARGEST_READ = 1 << 20;
    private static final int LARGEST_BUFFER = 8 << 20;

    private final ReadableStream stream;
    private final long length;
    private final @Nullable Exchange exchange;
    private @Nullable StreamReader reader;
    private boolean intoOurs;
    private @Nullable Uint8Array rest;
    private @Nullable Uint8Array spare;
    private long taken;
    private boolean ended;

    /** Creates one for a stream of {@code length} bytes, or -1. */
    public StreamBody(ReadableStream stream, long length) {
        this(stream, length, null);
    }

    StreamBody(ReadableStream stream, long length, @Nullable Exchange exchange) {
        this.stream = stream;
        this.length = length;
        this.exchange = exchange;
    }

    /** Returns the stream if it may be handed on: nothing was read of it, and nobody counts its bytes. */
    public @Nullable ReadableStream findUntouched() {
        return reader == null && !ended && exchange == null ? stream : null;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable Body next(int limit) {
        if (ended || limit <= 0) {
            return null;
        }
        try {
            Uint8Array bytes = takeCounted(limit);
            if (bytes != null) {
                return new PieceBody(bytes);
            }
        } catch (TransferException e) {
            cancel();
            throw e;
        }
        ended = true;
        return null;
    }

    @Override
    public void reuse(Body piece) {
        spare = ((PieceBody) piece).view();
    }

    @Override
    public byte[] bytes(int limit) {
        if (length - taken > limit) {
            cancel();
            throw TransferException.tooLarge(limit);
        }
        Gathered all = new Gathered();
        int size = length >= 0 ? (int) (length - taken) : FIRST_READ;
        while (true) {
            PieceBody piece = (PieceBody) next(Math.max(1, size));
            if (piece == null) {
                return all.bytes();
            }
            all.add(piece.view());
            if (all.size() > limit) {
                cancel();
                throw TransferException.tooLarge(limit);
            }
            size = Math.min(LARGEST_READ, all.size());
        }
    }

    @Override
    public byte[] start(int count) {
        return new byte[0];
    }

    @Override
    public void cancel() {
        if (ended) {
            return;
        }
        ended = true;
        StreamReader open = reader;
        if (open == null) {
            stream.discard();
        } else {
            open.discard();
        }
        Exchange.end(exchange);
    }

    private @Nullable Uint8Array takeCounted(int limit) {
        int size = length < 0 ? limit : (int) Math.min(limit, length - taken);
        if (exchange != null) {
            size = exchange.bounded(size, taken);
        }
        Uint8Array bytes = size == 0 ? null : take(size);
        if (bytes == null) {
            return null;
        }
        taken += bytes.getLength();
        if (exchange != null) {
            exchange.count(taken);
        }
        return bytes;
    }

    /** Takes no more memory for a stream of unknown length than its bytes turn out to need. */
    private @Nullable Uint8Array take(int size) {
        if (length >= 0 || size <= LARGEST_BUFFER) {
            return fill(size);
        }
        Gathered all = new Gathered();
        while (all.size() < size && !ended) {
            Uint8Array bytes = fill(Math.min(LARGEST_BUFFER, size - all.size()));
            if (bytes != null) {
                all.add(bytes);
            }
        }
        return all.size() == 0 ? null : all.view();
    }

    private @Nullable Uint8Array fill(int size) {
        StreamReader open = reader;
        if (open == null) {
            open = stream.findByobReader();
            intoOurs = open != null;
            open = open == null ? stream.reader() : open;
            reader = open;
        }
        return intoOurs ? fillOurs(open, size) : gather(open, size);
    }

    /** Reads into one buffer until it is full. Where somebody watches for stalls, it goes step by step. */
    private @Nullable Uint8Array fillOurs(StreamReader open, int size) {
        Uint8Array buffer = bufferOf(size);
        int count = 0;
        while (count < size && !ended) {
            Uint8Array free = Bytes.part(buffer, count, size);
            StreamRead read = wait(exchange == null ? open.readAtLeast(size - count, free) : open.read(free));
            Uint8Array got = read.value();
            if (got == null) {
                // The stream was given up meanwhile, and the buffer with it.
                ended = true;
                return null;
            }
            buffer = Bytes.whole(got);
            count += got.getLength();
            ended = read.isDone() || (exchange == null && count < size);
        }
        return count == 0 ? null : cut(buffer, count);
    }

    /** Returns the memory of a piece that came back, if it is as large as wanted, or new memory. */
    private Uint8Array bufferOf(int size) {
        Uint8Array back = spare;
        spare = null;
        return back != null && back.getLength() == size && Bytes.isWhole(back) ? back : new Uint8Array(size);
    }

    /** Returns the filled part; what would keep a far larger buffer alive is copied. */
    private static Uint8Array cut(Uint8Array buffer, int count) {
        int size = buffer.getLength();
        if (count == size) {
            return buffer;
        }
        return count < size / 2 ? Bytes.copy(buffer, 0, count) : Bytes.part(buffer, 0, count);
    }

    /** Collects what the stream gives in buffers of its own, and keeps what is more than wanted. */
    private @Nullable Uint8Array gather(StreamReader open, int size) {
        Gathered all = new Gathered();
        while (all.size() < size) {
            Uint8Array chunk = rest;
            rest = null;
            if (chunk == null) {
                StreamRead read = wait(open.read());
                chunk = read.value();
                if (read.isDone() || chunk == null) {
                    ended = true;
                    break;
                }
            }
            int room = size - all.size();
            if (chunk.getLength() > room) {
                rest = Bytes.part(chunk, room, chunk.getLength());
                chunk = Bytes.part(chunk, 0, room);
            }
            all.add(chunk);
        }
        return all.size() == 0 ? null : all.view();
    }

    private StreamRead wait(JSPromise<StreamRead> promise) {
        if (exchange != null) {
            return exchange.bytes(promise);
        }
        try {
            return Promises.await(promise);
        } catch (JsException e) {
            throw Exchange.cut(e);
        }
    }
}
