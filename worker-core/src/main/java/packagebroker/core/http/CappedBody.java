package packagebroker.core.http;

import org.jspecify.annotations.Nullable;

/** A body of which no more than a number of bytes are taken. */
public final class CappedBody implements Body {
    private final Body body;
    private final long limit;
    private long taken;

    /** Creates one over a body that nobody has read yet. */
    public CappedBody(Body body, long limit) {
        this.body = body;
        this.limit = limit;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public @Nullable Body next(int wanted) {
        if (body.length() > limit) {
            throw tooLarge();
        }
        Body piece = body.next(wanted);
        taken += piece == null ? 0 : piece.length();
        if (taken > limit) {
            throw tooLarge();
        }
        return piece;
    }

    private TransferException tooLarge() {
        body.cancel();
        return TransferException.tooLarge(limit);
    }

    @Override
    public void reuse(Body piece) {
        body.reuse(piece);
    }

    @Override
    public byte[] bytes(int most) {
        return body.bytes((int) Math.min(most, limit - taken));
    }

    @Override
    public byte[] start(int count) {
        return new byte[0];
    }

    @Override
    public void cancel() {
        body.cancel();
    }
}
