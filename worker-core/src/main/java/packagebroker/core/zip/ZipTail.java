package packagebroker.core.zip;

/**
 * The end of an archive, which says where its directory is.
 *
 * @param entries how many entries the directory has
 * @param offset where the directory begins
 * @param length of the directory, in bytes
 */
public record ZipTail(int entries, long offset, int length) {
    private static final int RECORD = 22;
    private static final int MAX_COMMENT = 1_024;

    /** How much of the end of an archive {@link #of} wants to see, if there is so much. */
    public static final int BYTES = RECORD + MAX_COMMENT;

    private static final long SIGNATURE = 0x06054B50L;
    private static final int MAX_ENTRIES = 50_000;
    private static final int MAX_DIRECTORY = 8_000_000;

    /**
     * Reads the end of an archive of {@code size} bytes.
     *
     * @throws ZipRefused if the archive does not end with its directory and a short comment
     */
    public static ZipTail of(byte[] end, long size) {
        int at = end.length - RECORD;
        while (at >= 0 && LittleEndian.four(end, at) != SIGNATURE) {
            at--;
        }
        if (at < 0 || at + RECORD + LittleEndian.two(end, at + 20) != end.length) {
            throw ZipRefused.wrong("expected a zip that ends with its directory and at most " + MAX_COMMENT
                    + " bytes of comment, and nothing behind it");
        }
        int entries = LittleEndian.two(end, at + 10);
        long length = LittleEndian.four(end, at + 12);
        long offset = LittleEndian.four(end, at + 16);
        if (entries > MAX_ENTRIES || length > MAX_DIRECTORY) { // More has the marks of zip64 here.
            throw ZipRefused.tooMuch("expected at most " + MAX_ENTRIES + " entries and no zip64");
        }
        boolean whole = LittleEndian.four(end, at + 4) == 0 && LittleEndian.two(end, at + 8) == entries;
        if (!whole || offset + length != size - end.length + at) {
            throw ZipRefused.wrong(
                    "expected a zip of one file, with its directory where its end says, and nothing in front");
        }
        return new ZipTail(entries, offset, (int) length);
    }
}
