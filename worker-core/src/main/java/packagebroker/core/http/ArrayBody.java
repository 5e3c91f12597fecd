package packagebroker.core.http;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Bytes;

/** A piece over a Java array: API bodies, documents, everything on the JVM. */
public final class ArrayBody implements Body {
    private final byte[] bytes;
    private final int length;
    private int position;

    ArrayBody(byte[] bytes, int length) {
        this.bytes = bytes; // Trusted: callers of Body.of promise not to change it.
        this.length = length;
    }

    /** Returns the array itself, whatever was read; of it, the first {@link #length} bytes count. Callers must not change it. */
    public byte[] array() {
        return bytes;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable Body next(int limit) {
        if (position >= length) {
            return null;
        }
        int end = position + Math.min(length - position, limit);
        boolean whole = position == 0 && end == bytes.length;
        Body piece = Body.of(whole ? bytes : Bytes.part(bytes, position, end));
        position = end;
        return piece;
    }

    @Override
    public byte[] bytes(int limit) {
        if (length - position > limit) {
            throw TransferException.tooLarge(limit);
        }
        byte[] rest = position == 0 && length == bytes.length ? bytes : Bytes.part(bytes, position, length);
        position = length;
        return rest;
    }

    @Override
    public byte[] start(int count) {
        return Bytes.part(bytes, 0, Math.min(count, length));
    }

    @Override
    public void cancel() {
        position = length;
    }
}
