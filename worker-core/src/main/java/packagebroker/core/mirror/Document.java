package packagebroker.core.mirror;

import packagebroker.core.http.Body;

/**
 * A package's file, ready to be served.
 *
 * @param lastModified when it last changed for its readers, ms in whole seconds
 * @param row what is known of it
 * @param content its bytes, fetched only when asked for
 */
public record Document(long lastModified, DocumentRow row, Content content) {
    /** Returns it as changed at a time at the earliest. */
    Document notBefore(long time) {
        return time <= lastModified ? this : new Document(time, row, content);
    }

    /** The bytes of a document. */
    public interface Content {
        /** Returns the bytes, from memory or from the store. */
        Body open();
    }
}
