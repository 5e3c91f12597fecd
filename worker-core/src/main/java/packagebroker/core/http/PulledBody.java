package packagebroker.core.http;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Bytes;

/** A body that is made while it is read: large answers that need not be in memory at once. */
public final class PulledBody implements Body {
    private final Source source;
    private Body current = Body.empty();
    private boolean ended;

    /** Where it comes from. */
    public interface Source {
        /** Returns the next bytes, at least one, or null at the end; it may wait. */
        byte @Nullable [] next();
    }

    /** Creates one of unknown length. */
    public PulledBody(Source source) {
        this.source = source;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public @Nullable Body next(int limit) {
        Body piece = current.next(limit);
        while (piece == null && !ended) {
            byte[] bytes = source.next();
            ended = bytes == null;
            current = bytes == null ? Body.empty() : Body.of(bytes);
            piece = current.next(limit);
        }
        return piece;
    }

    @Override
    public byte[] bytes(int limit) {
        byte[] all = new byte[0];
        for (Body piece = next(limit); piece != null; piece = next(limit)) {
            byte[] more = piece.bytes(limit);
            if (all.length + more.length > limit) {
                throw TransferException.tooLarge(limit);
            }
            byte[] both = Bytes.grown(all, 0, all.length, all.length + more.length);
            System.arraycopy(more, 0, both, all.length, more.length);
            all = both;
        }
        return all;
    }

    @Override
    public byte[] start(int count) {
        return new byte[0];
    }

    @Override
    public void cancel() {
        ended = true;
        current = Body.empty();
    }
}
