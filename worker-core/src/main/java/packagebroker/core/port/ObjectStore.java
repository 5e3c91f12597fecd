package packagebroker.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;

/**
 * The store of immutable objects: R2 on Workers, files on the JVM. Keys are ≤ 1,024 bytes of ASCII. There is no rename;
 * R2 takes only bodies of known length, so {@link #put} and {@link Upload#part} take pieces.
 */
public interface ObjectStore {
    /**
     * Returns an object whose body is still to be read, or null if there is none. With a range the body holds only that
     * part, while {@link Stored#size} stays the whole.
     */
    @Nullable
    Stored get(String key, @Nullable Range range);

    /** Returns an object without its body, or null. */
    @Nullable
    Stored head(String key);

    /**
     * Stores a piece under a key that was never used: objects are immutable.
     *
     * @param sha256 the digest that the bytes must have, in lower-case hex, checked by the store itself; or null
     * @throws ObjectStoreException if the digest differs or the key is taken (nothing is stored), or the store is away
     */
    void put(String key, Body piece, @Nullable String sha256);

    /**
     * Starts a multipart upload, of which nothing is visible until it completes; or continues the one with this id, so that
     * it can be aborted.
     */
    Upload upload(String key, @Nullable String uploadId);

    /** Deletes an object; does nothing if there is none. */
    void delete(String key);

    /**
     * Returns up to {@code limit} (≤ 1,000) objects whose keys start with {@code prefix}, in order, after {@code after}; fewer
     * only at the end.
     */
    List<Listed> list(String prefix, @Nullable String after, int limit);

    /**
     * A part of an object: {@code length} bytes from {@code offset}.
     */
    record Range(long offset, long length) {}

    /** An object: its whole size in bytes, and its bytes where they were asked for. */
    record Stored(String key, long size, Body body) {}

    /** An object in a list: its key, and when it became visible, in ms since 1970. */
    record Listed(String key, long storedAt) {}

    /** An upload under way. R2 wants every part but the last to be of one size, at least 5 MiB. */
    interface Upload {
        /** Returns the id under which the store knows it. */
        String id();

        /** Stores part {@code number}, counted from 1. */
        void part(int number, Body piece);

        /** Makes the object visible. */
        void complete();

        /** Throws away all parts. */
        void abort();
    }
}
