package packagebroker.core.port;

/** The object store did not do it. */
public final class ObjectStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean digestDiffers;

    /** Creates one; {@code digestDiffers} tells a refused body from a store that is away. */
    public ObjectStoreException(boolean digestDiffers, String message) {
        super(message);
        this.digestDiffers = digestDiffers;
    }

    /** Returns whether the bytes did not have the digest they were announced with. */
    public boolean digestDiffers() {
        return digestDiffers;
    }
}
