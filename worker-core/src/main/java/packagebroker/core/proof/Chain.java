package packagebroker.core.proof;

import packagebroker.core.text.Bytes;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;

/**
 * The chain over all rows of the log. Its head after a row is SHA-256 over the head before it (32 bytes), the stream (1 byte),
 * the row's number (8 bytes, big-endian) and the row's hash (32 bytes): whoever knows a head knows all rows before it.
 */
final class Chain {
    private static final int HASH_BYTES = 32;

    /** The stream of the table {@code audit}. */
    static final int EVENTS = 1;

    /** The stream of the table {@code audit_segment}. */
    static final int READS = 2;

    /** The head before the first row. */
    static final String START = Hex.of(new byte[HASH_BYTES]);

    private byte[] head;
    private long entries;

    /** Continues at a head. */
    Chain(String head, long entries) {
        this.head = Hex.bytes(head);
        this.entries = entries;
    }

    /** Links a row. */
    void link(int stream, long seq, String hash) {
        byte[] link = Bytes.grown(head, 0, HASH_BYTES, 2 * HASH_BYTES + 9);
        link[HASH_BYTES] = (byte) stream;
        for (int i = 0; i < 8; i++) {
            link[HASH_BYTES + 8 - i] = (byte) (seq >>> (8 * i));
        }
        byte[] row = Hex.bytes(hash);
        System.arraycopy(row, 0, link, HASH_BYTES + 9, Math.min(HASH_BYTES, row.length));
        head = Sha256.of(link);
        entries++;
    }

    /** Returns the head in hex. */
    String head() {
        return Hex.of(head);
    }

    /** Returns how many rows are linked since the beginning. */
    long entries() {
        return entries;
    }
}
