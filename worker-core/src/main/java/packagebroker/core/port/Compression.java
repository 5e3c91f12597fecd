package packagebroker.core.port;

/** Gzip and deflate by the runtime, of what fits into memory many times over: at most a few megabytes. */
public interface Compression {
    /** Returns bytes compressed. */
    byte[] gzip(byte[] plain);

    /**
     * Returns what was compressed.
     *
     * @throws IllegalArgumentException if it is no gzip, is damaged, or is more than {@code limit} bytes
     */
    byte[] gunzip(byte[] packed, int limit);

    /**
     * Returns what was deflated, without a header around it, as in a zip.
     *
     * @throws IllegalArgumentException if it is damaged, goes on behind its end, or is more than {@code limit} bytes
     */
    byte[] inflate(byte[] packed, int limit);
}
