package packagebroker.core.http;

import org.jspecify.annotations.Nullable;
import packagebroker.core.text.Bytes;

/** A piece over a Java array: API bodies, documents, everything on the JVM. */
public final class ArrayBody implements Body {
    private final byte[] bytes;
    private int position;

    ArrayBody(byte[] bytes) {
        this.bytes = bytes; // Trusted: callers of Body.of promise not to change it.
    }

    /** Returns the array itself, whatever was read; callers must not change it. */
    public byte[] array() {
        return bytes;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public @Nullable Body next(int limit) {
        if (position >= bytes.length) {
            return null;
        }
        int end = position + Math.min(bytes.length - position, limit);
        boolean whole = position == 0 && end == bytes.length;
        Body piece = Body.of(whole ? bytes : Bytes.part(bytes, position, end));
        position = end;
        return piece;
    }

    @Override
    public byte[] bytes(int limit) {
        if (bytes.length - position > limit) {
            throw TransferException.tooLarge(limit);
        }
        byte[] rest = position == 0 ? bytes : Bytes.part(bytes, position, bytes.length);
        position = bytes.length;
        return rest;
    }

    @Override
    public byte[] start(int count) {
        return Bytes.part(bytes, 0, Math.min(count, bytes.length));
    }

    @Override
    public void cancel() {
        position = bytes.length;
    }
}
