package packagebroker.core.text;

/** CRC-32 (IEEE 802.3) of ASCII text: a checksum against typing errors, not against people. */
public final class Crc32 {
    private static final int POLYNOMIAL = 0xEDB88320;

    private Crc32() {}

    /** Returns the four bytes, big-endian, for the first {@code length} characters. */
    public static byte[] of(String ascii, int length) {
        int crc = -1;
        for (int i = 0; i < length; i++) {
            crc ^= ascii.charAt(i) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
        }
        int value = ~crc;
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }
}
