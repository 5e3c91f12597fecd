package packagebroker.entry.adapter;

import org.teavm.jso.typedarrays.Uint8Array;
import packagebroker.entry.js.Bytes;
import packagebroker.entry.js.Values;

/** Pieces that become one; a single one is not copied. */
final class Gathered {
    private final Values pieces = Values.create();
    private int size;

    void add(Uint8Array piece) {
        pieces.add(piece);
        size += piece.getLength();
    }

    int size() {
        return size;
    }

    Uint8Array view() {
        if (pieces.size() == 1) {
            return (Uint8Array) pieces.at(0);
        }
        Uint8Array all = new Uint8Array(size);
        int at = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Uint8Array piece = (Uint8Array) pieces.at(i);
            all.set(piece, at);
            at += piece.getLength();
        }
        return all;
    }

    byte[] bytes() {
        return Bytes.signed(view()).toJavaArray();
    }
}
