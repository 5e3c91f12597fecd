package packagebroker.core.zip;

import java.util.Arrays;
import packagebroker.core.text.Bytes;
import packagebroker.core.text.Crc32;
import packagebroker.core.text.Utf8;

/**
 * An entry as the directory has it.
 *
 * @param name as it is written, with a slash at its end if it is a folder
 * @param nameLength of the name, in bytes
 * @param method 0 if it is stored as it is, 8 if it is deflated
 * @param packed its size in the archive, in bytes
 * @param size of what it unpacks to, in bytes
 * @param offset where it begins in the archive
 */
public record ZipEntry(
        String name, int nameLength, int flags, int method, long crc, long packed, long size, long offset) {
    static final long SIGNATURE = 0x04034B50L;
    static final int HEADER = 30;

    /** Of the flags those that a reader goes by: encrypted, sizes behind the bytes, patched, strongly encrypted, UTF-8, masked. */
    static final int FLAGS = 1 | 8 | 0x20 | 0x40 | 0x800 | 0x2000;

    private static final int DEFERRED = 8;
    private static final int MAX_EXTRA = 2_048;

    /** Unpacks what is deflated. */
    public interface Inflater {
        /**
         * Returns what the bytes unpack to.
         *
         * @throws IllegalArgumentException if that is damaged or more than {@code limit} bytes
         */
        byte[] inflate(byte[] packed, int limit);
    }

    /** Returns whether it is a folder. */
    public boolean isFolder() {
        return name.endsWith("/");
    }

    /** Returns whether its sizes stand behind its bytes, too, and need not stand in front of them. */
    boolean isDeferred() {
        return (flags & DEFERRED) != 0;
    }

    /** Returns how many bytes from its offset on hold all of it, and perhaps some of what comes behind. */
    public long span() {
        return HEADER + nameLength + MAX_EXTRA + packed;
    }

    /**
     * Returns what it holds.
     *
     * @param bytes of the archive from its offset on, {@link #span} of them if there are so many
     * @throws ZipRefused if they are not what the directory says
     */
    public byte[] unpacked(byte[] bytes, Inflater inflater) {
        int from = bytes.length < HEADER ? 0 : HEADER + LittleEndian.two(bytes, 26) + LittleEndian.two(bytes, 28);
        if (from == 0 || LittleEndian.four(bytes, 0) != SIGNATURE || from + packed > bytes.length) {
            throw wrong("to begin where the directory says");
        }
        byte[] held = Bytes.part(bytes, from, from + (int) packed);
        byte[] plain;
        try {
            plain = method == 0 ? held : inflater.inflate(held, (int) size);
        } catch (IllegalArgumentException e) {
            throw wrong("to unpack to " + size + " bytes");
        }
        if (plain.length != size || Crc32.of(plain) != crc) {
            throw wrong("to unpack to " + size + " bytes with the checksum of the directory");
        }
        return plain;
    }

    ZipRefused wrong(String expected) {
        return ZipRefused.wrong("expected the entry " + name + " " + expected);
    }

    /** Returns whether the bytes of a name are those of this one. */
    boolean isNamed(byte[] bytes, int from, int length) {
        return length == nameLength && Arrays.equals(bytes, from, from + length, Utf8.encode(name), 0, length);
    }
}
