package packagebroker.core.http;

import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way: read once, front to back. An archive travels as a body from the network to the store and from the
 * store to the client, and never becomes a Java array.
 *
 * <p>A body that was taken in whole (a <em>piece</em>, see {@link #next}) has a known length and may be handed to a store
 * or a digest as often as needed.
 */
public interface Body {
    /** Returns the number of bytes (≥ 0), or -1 while it is unknown. */
    long length();

    /**
     * Waits until {@code limit} bytes or the end have arrived and returns them as a piece held in memory; null at the end.
     *
     * @throws TransferException if the bytes stop coming, are cut short or exceed the cap set for this transfer
     */
    @Nullable
    Body next(int limit);

    /**
     * Takes back a piece that {@link #next} gave and that nobody will look at again: its memory may hold the next one. What a
     * store or a digest was given is theirs no longer once their call has returned.
     */
    default void reuse(Body piece) {}

    /**
     * Reads what is left into an array.
     *
     * @throws TransferException with {@link TransferException.Reason#TOO_LARGE} if it exceeds {@code limit} bytes
     */
    byte[] bytes(int limit);

    /** Returns a copy of the first bytes of a piece, at most {@code count} of them; for a body that is no piece, none. */
    byte[] start(int count);

    /** Gives up the rest, so that the connection behind it is free again. Does nothing at the end. */
    void cancel();

    /** Returns a piece over an array, which must not change afterwards. */
    static Body of(byte[] bytes) {
        return new ArrayBody(bytes, bytes.length);
    }

    /** Returns a piece over the first bytes of an array, which must not change afterwards. */
    static Body of(byte[] bytes, int length) {
        return new ArrayBody(bytes, length);
    }

    /** Returns the body without bytes. */
    static Body empty() {
        return new ArrayBody(new byte[0], 0);
    }
}
