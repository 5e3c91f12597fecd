package packagebroker.core.mirror;

import packagebroker.core.http.Body;

/**
 * A package's file, ready to be served.
 *
 * @param lastModified when it last changed for its readers, ms in whole seconds
 * @param content its bytes, fetched only when asked for
 */
public record Document(long lastModified, Content content) {
    /** The bytes of a document. */
    public interface Content {
        /** Returns the bytes, from memory or from the store. */
        Body open();
    }
}
