package packagebroker.core.mirror;

import org.jspecify.annotations.Nullable;
import packagebroker.core.port.Row;

/**
 * A row of {@code view}: a document as those see it to whom only some versions are open.
 *
 * @param document the object of the document that it was made from
 * @param object what clients read
 * @param size in bytes
 * @param digest SHA-256 of the object, hex
 * @param versions how many are open
 * @param lastModified when it last changed for its readers, ms in whole seconds
 */
record ViewRow(String document, String object, long size, String digest, long versions, long lastModified) {
    /** Returns the row of a read, or null if it found none. */
    static @Nullable ViewRow find(Row row) {
        return row.isNull("view_object")
                ? null
                : new ViewRow(
                        row.text("view_document"),
                        row.text("view_object"),
                        row.number("view_size"),
                        row.text("view_digest"),
                        row.number("view_versions"),
                        row.number("view_modified"));
    }

    /** Returns whether it says what is to be said: of this document, and no earlier than whoever asks was limited so. */
    boolean isCurrent(DocumentRow of, long changedAt) {
        return document.equals(of.object()) && lastModified >= changedAt;
    }
}
