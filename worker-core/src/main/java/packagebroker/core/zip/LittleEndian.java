package packagebroker.core.zip;

/** Numbers as zip writes them, the smallest byte first. */
final class LittleEndian {
    private LittleEndian() {}

    static int two(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    static long four(byte[] bytes, int at) {
        return two(bytes, at) | (long) two(bytes, at + 2) << 16;
    }
}
