package packagebroker.core.text;

/** CRC-32 (IEEE 802.3): a checksum against errors, not against people. */
public final class Crc32 {
    private static final int POLYNOMIAL = 0xEDB88320;

    private Crc32() {}

    /** Returns the four bytes, big-endian, for the first {@code length} characters. */
    public static byte[] of(String ascii, int length) {
        int crc = -1;
        for (int i = 0; i < length; i++) {
            crc = next(crc, ascii.charAt(i));
        }
        int value = ~crc;
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /** Returns the number for bytes, as zip archives have it. */
    public static long of(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc = next(crc, b);
        }
        return ~crc & 0xFFFFFFFFL;
    }

    private static int next(int crc, int b) {
        int mixed = crc ^ (b & 0xFF);
        for (int bit = 0; bit < 8; bit++) {
            mixed = (mixed & 1) == 0 ? mixed >>> 1 : mixed >>> 1 ^ POLYNOMIAL;
        }
        return mixed;
    }
}
