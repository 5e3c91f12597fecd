package packagebroker.entry.adapter;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.typedarrays.Uint8Array;
import packagebroker.core.http.Body;
import packagebroker.core.http.TransferException;
import packagebroker.entry.js.Bytes;

/** A piece in the runtime's memory, which becomes a Java array only if somebody asks for one. */
final class PieceBody implements Body {
    private final Uint8Array bytes;
    private int position;

    PieceBody(Uint8Array bytes) {
        this.bytes = bytes;
    }

    /** Returns all the bytes, whatever was read. */
    Uint8Array view() {
        return bytes;
    }

    @Override
    public long length() {
        return bytes.getLength();
    }

    @Override
    public @Nullable Body next(int limit) {
        int length = bytes.getLength();
        if (position >= length) {
            return null;
        }
        int end = position + Math.min(limit, length - position);
        Body piece = new PieceBody(Bytes.part(bytes, position, end));
        position = end;
        return piece;
    }

    @Override
    public byte[] bytes(int limit) {
        int length = bytes.getLength();
        if (length - position > limit) {
            throw TransferException.tooLarge(limit);
        }
        Uint8Array rest = Bytes.part(bytes, position, length);
        position = length;
        return Bytes.signed(rest).toJavaArray();
    }

    @Override
    public byte[] start(int count) {
        return Bytes.signed(Bytes.copy(bytes, 0, Math.min(count, bytes.getLength())))
                .toJavaArray();
    }

    @Override
    public void cancel() {
        position = bytes.getLength();
    }
}
