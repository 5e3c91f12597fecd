package packagebroker.core.audit;

import packagebroker.core.json.ByteSink;
import packagebroker.core.text.Hex;
import packagebroker.core.text.Sha256;
import packagebroker.core.text.Utf8;

/**
 * The hash of a record: SHA-256 over its kind and then each field with its length before it, so that no two records have the
 * same bytes. Numbers are hashed as decimal text. {@code scripts/verify-audit} computes it again.
 */
public final class RecordHash {
    /** The kind of a row of {@code audit}. */
    public static final String EVENT = "audit-v1";

    /** The kind of a row of {@code audit_segment}. */
    public static final String SEGMENT = "segment-v1";

    private final ByteSink bytes;

    /** Starts the hash of a record. */
    public RecordHash(String kind) {
        bytes = new ByteSink(512).ascii(kind);
    }

    /** Adds a field. */
    public RecordHash add(String field) {
        byte[] utf8 = Utf8.encode(field);
        int length = utf8.length;
        bytes.append(
                new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length},
                0,
                4);
        bytes.append(utf8, 0, length);
        return this;
    }

    /** Adds a number. */
    public RecordHash add(long field) {
        return add(Long.toString(field));
    }

    /** Returns the hash in hex. */
    public String hex() {
        return Hex.of(Sha256.of(bytes.toBytes()));
    }
}
