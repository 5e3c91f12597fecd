package packagebroker.core.work;

import java.util.List;
import java.util.Set;
import packagebroker.core.port.Statement;

/** The objects that the rows of a table name, all under one prefix of the store. What no row names is nobody's. */
public interface Holdings {
    /** Returns the prefix, such as {@code artifact/}. */
    String prefix();

    /** Returns where the keys and the digests of the objects stand: for a backup, which reads rows and then what they name. */
    Columns columns();

    /** Returns those of up to 1,000 keys that rows name, as the primary has them. */
    Set<String> named(List<String> keys);

    /** Returns up to {@code limit} objects in the order of their rows, after a place; an empty place is the beginning. */
    List<Held> after(String place, int limit);

    /** Returns a SELECT that has a row if what was held is still held. */
    Statement stillHeld(Held held);

    /** The columns of a table that hold an object's key (empty for none) and the SHA-256 of its bytes. */
    record Columns(String table, String object, String sha256) {}

    /**
     * An object that a row names.
     *
     * @param place the row's key, as {@link #after} takes it
     * @param object the object's key
     * @param size its whole size, in bytes
     * @param sha256 of its bytes, hex
     */
    record Held(String place, String object, long size, String sha256) {}
}
