package packagebroker.core.zip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import packagebroker.core.http.Body;
import packagebroker.core.text.Bytes;

/**
 * One walk through an archive from its begin, as a reader does it that knows no directory: there has to be one entry after the other, each as
 * the directory has it, and nothing between them.
 */
public final class LocalHeaders {
    private static final int WINDOW = 64 << 10;
    private static final int SKIP = 1 << 20;
    private static final long DESCRIPTOR = 0x08074B50L;

    private final Body archive;
    private byte[] window = new byte[0];
    private int at;

    private LocalHeaders(Body archive) {
        this.archive = archive;
    }

    /**
     * Compares the entries of an archive with its directory.
     *
     * @param archive all its bytes
     * @throws ZipRefused if they differ
     */
    public static void compare(Body archive, ZipDirectory directory, ZipTail tail) {
        List<ZipEntry> entries = new ArrayList<>(directory.entries());
        entries.sort(Comparator.comparingLong(ZipEntry::offset));
        LocalHeaders walk = new LocalHeaders(archive);
        long place = 0;
        for (int i = 0; i < entries.size(); i++) {
            ZipEntry entry = entries.get(i);
            if (entry.offset() != place) {
                throw overlap(entry, entry.offset() < place);
            }
            long end = i + 1 < entries.size() ? entries.get(i + 1).offset() : tail.offset();
            walk.compare(entry, end);
            place = end;
        }
        if (place != tail.offset()) {
            throw ZipRefused.wrong("expected nothing but entries in front of the directory");
        }
    }

    private static ZipRefused overlap(ZipEntry entry, boolean overlaps) {
        return overlaps
                ? ZipRefused.tooMuch("expected the entry " + entry.name() + " to have its bytes for itself")
                : entry.wrong("right behind the one before it");
    }

    private void compare(ZipEntry entry, long end) {
        byte[] header = take(ZipEntry.HEADER);
        int name = LittleEndian.two(header, 26);
        int extra = LittleEndian.two(header, 28);
        long left = end - entry.offset() - ZipEntry.HEADER - name - extra - entry.packed();
        if (LittleEndian.four(header, 0) != ZipEntry.SIGNATURE) {
            throw entry.wrong("where the directory says");
        }
        if (left < 0) {
            throw overlap(entry, true);
        }
        byte[] words = take(name + extra);
        boolean same = ((LittleEndian.two(header, 6) ^ entry.flags()) & ZipEntry.FLAGS) == 0
                && LittleEndian.two(header, 8) == entry.method()
                && entry.isNamed(words, 0, name)
                && ZipDirectory.isPlainExtra(words, name, words.length)
                && hasSizes(entry, header, 14, entry.isDeferred());
        if (!same) {
            throw entry.wrong("to say of itself what the directory says of it");
        }
        skip(entry.packed());
        compareDescriptor(entry, left);
    }

    /** What stands behind an entry may only be its checksum and sizes once more, with a signature or without. */
    private void compareDescriptor(ZipEntry entry, long length) {
        boolean sound = !entry.isDeferred() && length == 0;
        if (entry.isDeferred() && (length == 12 || length == 16)) {
            byte[] descriptor = take((int) length);
            sound = hasSizes(entry, descriptor, (int) length - 12, false)
                    && (length == 12 || LittleEndian.four(descriptor, 0) == DESCRIPTOR);
        }
        if (!sound) {
            throw entry.wrong("to have nothing behind it but the next one");
        }
    }

    private static boolean hasSizes(ZipEntry entry, byte[] bytes, int from, boolean mayBeBlank) {
        return says(bytes, from, entry.crc(), mayBeBlank)
                && says(bytes, from + 4, entry.packed(), mayBeBlank)
                && says(bytes, from + 8, entry.size(), mayBeBlank);
    }

    private static boolean says(byte[] bytes, int at, long number, boolean mayBeBlank) {
        long said = LittleEndian.four(bytes, at);
        return said == number || (mayBeBlank && said == 0);
    }

    private byte[] take(int count) {
        while (window.length - at < count) {
            Body piece = archive.next(Math.max(WINDOW, count));
            if (piece == null) {
                throw ZipRefused.wrong("expected more bytes but the archive ends");
            }
            byte[] more = piece.bytes((int) piece.length());
            byte[] both = Bytes.grown(window, at, window.length, window.length - at + more.length);
            System.arraycopy(more, 0, both, window.length - at, more.length);
            window = both;
            at = 0;
        }
        at += count;
        return Bytes.part(window, at - count, at);
    }

    /** Passes over bytes that nobody looks at: what is not in the window yet never becomes a Java array. */
    private void skip(long count) {
        long held = Math.min(count, window.length - at);
        at += (int) held;
        long left = count - held;
        while (left > 0) {
            @Nullable Body piece = archive.next((int) Math.min(left, SKIP));
            if (piece == null) {
                throw ZipRefused.wrong("expected more bytes but the archive ends");
            }
            left -= piece.length();
            archive.reuse(piece);
        }
    }
}
